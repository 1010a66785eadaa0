package org.quotient.autodiff.data;

import java.util.Arrays;
import org.quotient.autodiff.CounterRandom;

/** What the generators of data have in common: checks of their settings, and the random split. */
final class Drawn {
    private Drawn() {}

    static IllegalArgumentException wrong(String name, String expected, Object given) {
        return new IllegalArgumentException("'" + name + "' needs " + expected + "; given " + given);
    }

    static void checkNoise(String name, double noise) {
        if (!(noise >= 0 && Double.isFinite(noise))) {
            throw wrong(name, "noise of 0 or more", noise);
        }
    }

    /** How many of {@code n} points are for training: the fraction, rounded to a whole number. */
    static int cut(String name, int n, double train) {
        long cut = Math.round(train * n);
        if (!(cut >= 1 && cut < n)) {
            throw wrong(
                    name, "a fraction of training points that leaves one or more to both parts", train + " of " + n);
        }
        return (int) cut;
    }

    /** Splits at random: the first {@code cut} of a random order are for training, the others for the test. */
    static DataSplit split(String description, Dataset all, int cut, CounterRandom random) {
        int[] order = Shuffle.permutation(all.size(), random.split("order"));
        return DataSplit.of(
                all.name(),
                description,
                all.select(Arrays.copyOf(order, cut)),
                all.select(Arrays.copyOfRange(order, cut, order.length)));
    }
}
