package org.quotient.autodiff.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;

/**
 * Arms of a spiral, one a class, with normal noise (after the two spirals of Lang and Witbrock 1988): point i of arm k lies at
 * radius r, evenly spaced on [0.1, 1], and at the angle 2π (k/arms + turns·r). Samples of shape [2].
 *
 * @param n the number of points, a multiple of the number of arms, at least two an arm
 * @param arms the number of arms, at least 2
 * @param turns how often an arm would wind around from the centre to radius 1
 * @param noise the standard deviation of both coordinates
 * @param train the fraction of points to train on, rounded to a whole number of points
 */
public record Spirals(int n, int arms, double turns, double noise, double train) implements MadeData {
    private static final String NAME = "spirals";
    private static final double INNERMOST = 0.1;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Spirals {
        if (arms < 2) {
            throw Drawn.wrong(NAME, "two arms or more", arms);
        }
        if (n < 2L * arms || n % arms != 0) {
            throw Drawn.wrong(
                    NAME, "a number of points that is a multiple of the " + arms + " arms, two or more each", n);
        }
        if (!Double.isFinite(turns)) {
            throw Drawn.wrong(NAME, "a finite number of turns", turns);
        }
        Drawn.checkNoise(NAME, noise);
        Drawn.cut(NAME, n, train);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DataSplit draw(long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("spirals");
        CounterRandom normal = random.split("noise");
        float[] x = new float[2 * n];
        int[] label = new int[n];
        int each = n / arms;
        for (int i = 0; i < n; i++) {
            label[i] = i / each;
            double r = INNERMOST + (1 - INNERMOST) * (i % each) / (each - 1);
            double angle = 2 * Math.PI * ((double) label[i] / arms + turns * r);
            x[2 * i] = (float) (r * StrictMath.cos(angle) + noise * normal.normal(2L * i));
            x[2 * i + 1] = (float) (r * StrictMath.sin(angle) + noise * normal.normal(2L * i + 1));
        }
        List<String> names = IntStream.range(0, arms).mapToObj(k -> "arm " + k).toList();
        Dataset all = Dataset.of(NAME, Shape.of(2), new Storage.Floats(x), Labels.of(label, names));
        String description =
                String.format(Locale.ROOT, "%d spiral arms of %s turns, %d points, noise %s", arms, turns, n, noise);
        return Drawn.split(description, all, Drawn.cut(NAME, n, train), random);
    }
}
