package org.quotient.autodiff.data;

import org.quotient.autodiff.CounterRandom;

/** Random orders. */
public final class Shuffle {
    private Shuffle() {}

    /**
     * A random order of 0, ..., n − 1, all equally likely (Fisher and Yates 1938, in Durstenfeld's form, inside out).
     *
     * @param n at least 0
     * @param random the stream that decides
     */
    public static int[] permutation(int n, CounterRandom random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.below(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * The order of the samples in an epoch: a pure function, so that training can resume in the middle of one.
     *
     * @param seed of the run
     * @param epoch from 0
     * @param n the number of samples
     */
    public static int[] order(long seed, long epoch, int n) {
        return permutation(n, CounterRandom.seeded(seed).split("epoch").split(epoch));
    }
}
