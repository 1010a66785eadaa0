package org.quotient.benchmarks.compare;

import java.util.Arrays;
import org.quotient.autodiff.CounterRandom;

/** Medians with intervals that assume nothing about how times are distributed. */
public final class Statistics {
    private static final double COVERAGE = 0.95;
    private static final int RESAMPLES = 4000;

    private Statistics() {}

    /**
     * A number with an interval.
     *
     * @param value the estimate
     * @param low lower end
     * @param high upper end
     */
    public record Estimate(double value, double low, double high) {}

    /** The median; NaN of nothing. */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /**
     * The median between two order statistics that hold the true one with at least 95 % (David and Nagaraja 2003, section
     * 7.1): below 6 values there are none, and the interval is from the least to the greatest.
     */
    public static Estimate medianInterval(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        int rank = intervalRank(n);
        return n == 0
                ? new Estimate(Double.NaN, Double.NaN, Double.NaN)
                : new Estimate(median(values), sorted[rank], sorted[n - 1 - rank]);
    }

    /** The greatest k for which at most k of n fair coins show heads with a chance of at most 2.5 %; 0 if there is none. */
    public static int intervalRank(int n) {
        double tail = (1 - COVERAGE) / 2;
        double chance = Math.pow(0.5, n);
        double total = chance;
        int rank = 0;
        for (int k = 0; total <= tail && k < n; k++) {
            rank = k;
            chance = chance * (n - k) / (k + 1);
            total += chance;
        }
        return Math.max(0, Math.min(rank, (n - 1) / 2));
    }

    /**
     * The median of one series over the median of another, with a 95 % interval from resampling the pairs (Efron and
     * Tibshirani 1993, percentile bootstrap): what slows both down at the same time cancels.
     *
     * @param numerators as many as denominators, from the same repetitions
     * @param denominators positive
     */
    public static Estimate ratioOfMedians(double[] numerators, double[] denominators) {
        int n = numerators.length;
        CounterRandom random = CounterRandom.seeded(0);
        double[] ratios = new double[RESAMPLES];
        double[] above = new double[n];
        double[] below = new double[n];
        for (int r = 0; r < RESAMPLES; r++) {
            for (int i = 0; i < n; i++) {
                int pick = random.below((long) r * n + i, n);
                above[i] = numerators[pick];
                below[i] = denominators[pick];
            }
            ratios[r] = median(above) / median(below);
        }
        Arrays.sort(ratios);
        int cut = (int) Math.floor(RESAMPLES * (1 - COVERAGE) / 2);
        return new Estimate(median(numerators) / median(denominators), ratios[cut], ratios[RESAMPLES - 1 - cut]);
    }

    /** Half the distance between the quartiles over the median: how much repetitions differ. */
    public static double spread(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(3 * (n - 1) + 2) / 4] - sorted[(n - 1) / 4]) / 2 / median(values);
    }
}
