package org.quotient.experiments.moons;

import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Two half circles that reach into each other, with normal noise, as scikit-learn's {@code make_moons} draws them: class 0 at
 * (cos t, sin t), class 1 at (1 − cos t, 1/2 − sin t), t evenly spaced on [0, π], half of the points each (Pedregosa et al.
 * 2011). Single precision.
 *
 * @param trainX [train, 2]
 * @param trainY [train], 0 or 1
 * @param testX [test, 2]
 * @param testY [test], 0 or 1
 */
public record TwoMoons(Tensor trainX, Tensor trainY, Tensor testX, Tensor testY) {

    /**
     * Draws points and splits them at random.
     *
     * @param points an even number, at least 4
     * @param noise the standard deviation of both coordinates
     * @param train the fraction of points to train on, rounded to a whole number of points
     * @param seed decides noise and split
     */
    public static TwoMoons of(int points, double noise, double train, long seed) {
        if (points < 4 || points % 2 != 0) {
            throw new IllegalArgumentException("Two moons need an even number of points, at least 4; given " + points);
        }
        CounterRandom random = CounterRandom.seeded(seed).split("two moons");
        CounterRandom normal = random.split("noise");
        double[] x = new double[2 * points];
        int half = points / 2;
        for (int i = 0; i < points; i++) {
            double t = Math.PI * (i % half) / (half - 1);
            boolean outer = i < half;
            double a = outer ? StrictMath.cos(t) : 1 - StrictMath.cos(t);
            double b = outer ? StrictMath.sin(t) : 0.5 - StrictMath.sin(t);
            x[2 * i] = a + noise * normal.normal(2L * i);
            x[2 * i + 1] = b + noise * normal.normal(2L * i + 1);
        }
        int[] order = permutation(points, random.split("order"));
        int cut = (int) Math.round(train * points);
        return new TwoMoons(
                Tensor.fill(Shape.of(cut, 2), DType.F32, i -> x[2 * order[i / 2] + i % 2]),
                Tensor.fill(Shape.of(cut), DType.F32, i -> order[i] < half ? 0 : 1),
                Tensor.fill(Shape.of(points - cut, 2), DType.F32, i -> x[2 * order[cut + i / 2] + i % 2]),
                Tensor.fill(Shape.of(points - cut), DType.F32, i -> order[cut + i] < half ? 0 : 1));
    }

    /** A random order of 0, ..., n − 1 (Fisher and Yates 1938). */
    private static int[] permutation(int n, CounterRandom random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.below(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
