package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Sums along runs of numbers in the Vector API, by lanes; see {@link VectorLoops}. The order of additions depends on lengths only. */
final class VectorSums {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    /** Numbers in a vector. */
    static final int LANES = V;

    /** Turn the lanes by so many. */
    private static final VectorShuffle<Double> BY_8 = VectorShuffle.iota(S, 8 % V, 1, true);

    private static final VectorShuffle<Double> BY_4 = VectorShuffle.iota(S, 4 % V, 1, true);
    private static final VectorShuffle<Double> BY_2 = VectorShuffle.iota(S, 2 % V, 1, true);
    private static final VectorShuffle<Double> BY_1 = VectorShuffle.iota(S, 1 % V, 1, true);

    private VectorSums() {}

    /** The sum of the lanes, halves first: the order is always the same. */
    private static double lanes(DoubleVector v) {
        DoubleVector sum = v;
        if (V >= 16) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (V >= 8) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (V >= 4) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        if (V >= 2) {
            sum = sum.add(sum.rearrange(BY_1));
        }
        return sum.lane(0);
    }

    /** See {@link Loops#addSquares}. */
    static void addSquares(int n, double[] x, int xo, double[] sums, int so) {
        DoubleVector sum = DoubleVector.fromArray(S, sums, so);
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            sum = v.fma(v, sum);
        }
        sum.intoArray(sums, so);
        for (int lane = so; i < n; i++, lane++) {
            sums[lane] = Math.fma(x[xo + i], x[xo + i], sums[lane]);
        }
    }

    /** See {@link Loops#totals}. */
    static void totals(int n, double[] x, int xo, double[] to, int o) {
        for (int r = 0; r < n; r++) {
            to[o + r] = lanes(DoubleVector.fromArray(S, x, xo + r * V));
        }
    }

    /** The sum of a run, by lanes. */
    static double sum(int n, double[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 2 * V; i += 2 * V) {
            s0 = s0.add(DoubleVector.fromArray(S, x, xo + i));
            s1 = s1.add(DoubleVector.fromArray(S, x, xo + i + V));
        }
        double sum = lanes(s0.add(s1));
        for (; i < n; i++) {
            sum += x[xo + i];
        }
        return sum;
    }

    /** The end of a sum of products, shorter than four vectors. */
    private static double rest(int n, double[] x, int xo, double[] y, int yo) {
        if (n == 0) {
            return 0;
        }
        DoubleVector s0 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - V; i += V) {
            s0 = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), s0);
        }
        double sum = i == 0 ? 0 : lanes(s0);
        for (; i < n; i++) {
            sum += x[xo + i] * y[yo + i];
        }
        return sum;
    }

    /** The same bits as {@link #dot(int, double[], int, double[], int)} of a run with itself, read once. */
    static double squares(int n, double[] x, int xo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * V; i += 4 * V) {
            DoubleVector v0 = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector v1 = DoubleVector.fromArray(S, x, xo + i + V);
            DoubleVector v2 = DoubleVector.fromArray(S, x, xo + i + 2 * V);
            DoubleVector v3 = DoubleVector.fromArray(S, x, xo + i + 3 * V);
            s0 = v0.fma(v0, s0);
            s1 = v1.fma(v1, s1);
            s2 = v2.fma(v2, s2);
            s3 = v3.fma(v3, s3);
        }
        return lanes(s0.add(s1).add(s2.add(s3))) + rest(n - i, x, xo + i, x, xo + i);
    }

    /**
     * See {@link Loops#rowSquares}: the same bits as those of {@link #squares(int, double[], int)} of each row. Lanes are added up
     * for all rows together in the end, since one such sum alone is a chain of many short waits.
     */
    static void rowSquares(int rows, int n, double[] x, int xo, int xs, double[] to, int o, double[] lanes) {
        int whole = n / (4 * V) * (4 * V);
        int vectors = n / V * V;
        for (int r = 0; r < rows; r++) {
            int at = xo + r * xs;
            DoubleVector s0 = DoubleVector.zero(S);
            DoubleVector s1 = DoubleVector.zero(S);
            DoubleVector s2 = DoubleVector.zero(S);
            DoubleVector s3 = DoubleVector.zero(S);
            int i = 0;
            for (; i < whole; i += 4 * V) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, at + i);
                DoubleVector v1 = DoubleVector.fromArray(S, x, at + i + V);
                DoubleVector v2 = DoubleVector.fromArray(S, x, at + i + 2 * V);
                DoubleVector v3 = DoubleVector.fromArray(S, x, at + i + 3 * V);
                s0 = v0.fma(v0, s0);
                s1 = v1.fma(v1, s1);
                s2 = v2.fma(v2, s2);
                s3 = v3.fma(v3, s3);
            }
            s0.add(s1).add(s2.add(s3)).intoArray(lanes, 2 * r * V);
            s0 = DoubleVector.zero(S);
            for (; i < vectors; i += V) {
                DoubleVector v = DoubleVector.fromArray(S, x, at + i);
                s0 = v.fma(v, s0);
            }
            s0.intoArray(lanes, (2 * r + 1) * V);
        }
        for (int r = 0; r < rows; r++) {
            double rest = lanes(DoubleVector.fromArray(S, lanes, (2 * r + 1) * V));
            for (int i = vectors; i < n; i++) {
                rest += x[xo + r * xs + i] * x[xo + r * xs + i];
            }
            to[o + r] = lanes(DoubleVector.fromArray(S, lanes, 2 * r * V)) + rest;
        }
    }

    /** See {@link Loops#dot}; by lanes, four sums at a time. */
    static double dot(int n, double[] x, int xo, double[] y, int yo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * V; i += 4 * V) {
            s0 = DoubleVector.fromArray(S, x, xo + i).fma(DoubleVector.fromArray(S, y, yo + i), s0);
            s1 = DoubleVector.fromArray(S, x, xo + i + V).fma(DoubleVector.fromArray(S, y, yo + i + V), s1);
            s2 = DoubleVector.fromArray(S, x, xo + i + 2 * V).fma(DoubleVector.fromArray(S, y, yo + i + 2 * V), s2);
            s3 = DoubleVector.fromArray(S, x, xo + i + 3 * V).fma(DoubleVector.fromArray(S, y, yo + i + 3 * V), s3);
        }
        return lanes(s0.add(s1).add(s2.add(s3))) + rest(n - i, x, xo + i, y, yo + i);
    }

    /** Of three runs; by lanes, four sums at a time. */
    static double dot(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 4 * V; i += 4 * V) {
            DoubleVector p0 = DoubleVector.fromArray(S, x, xo + i).mul(DoubleVector.fromArray(S, y, yo + i));
            DoubleVector p1 = DoubleVector.fromArray(S, x, xo + i + V).mul(DoubleVector.fromArray(S, y, yo + i + V));
            DoubleVector p2 =
                    DoubleVector.fromArray(S, x, xo + i + 2 * V).mul(DoubleVector.fromArray(S, y, yo + i + 2 * V));
            DoubleVector p3 =
                    DoubleVector.fromArray(S, x, xo + i + 3 * V).mul(DoubleVector.fromArray(S, y, yo + i + 3 * V));
            s0 = p0.fma(DoubleVector.fromArray(S, z, zo + i), s0);
            s1 = p1.fma(DoubleVector.fromArray(S, z, zo + i + V), s1);
            s2 = p2.fma(DoubleVector.fromArray(S, z, zo + i + 2 * V), s2);
            s3 = p3.fma(DoubleVector.fromArray(S, z, zo + i + 3 * V), s3);
        }
        double sum = lanes(s0.add(s1).add(s2.add(s3)));
        for (; i < n; i++) {
            double product = x[xo + i] * y[yo + i];
            sum += product * z[zo + i];
        }
        return sum;
    }

    /** See {@link Loops#weighted}: one sum by lanes. */
    static double weighted(int n, double[] x, int xo, double[] z, int zo) {
        DoubleVector s0 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            s0 = v.mul(v).fma(DoubleVector.fromArray(S, z, zo + i), s0);
        }
        return weightedRest(lanes(s0), n - i, x, xo + i, z, zo + i);
    }

    private static double weightedRest(double sum, int n, double[] x, int xo, double[] z, int zo) {
        double all = sum;
        for (int i = 0; i < n; i++) {
            double square = x[xo + i] * x[xo + i];
            all += square * z[zo + i];
        }
        return all;
    }

    /** See {@link Loops#weightedFour}: the same bits as those of each row alone. */
    static void weightedFour(int n, double[] x, int xo, int xs, double[] z, int zo, double[] to, int o) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        DoubleVector s2 = DoubleVector.zero(S);
        DoubleVector s3 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector w = DoubleVector.fromArray(S, z, zo + i);
            DoubleVector v0 = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector v1 = DoubleVector.fromArray(S, x, xo + xs + i);
            DoubleVector v2 = DoubleVector.fromArray(S, x, xo + 2 * xs + i);
            DoubleVector v3 = DoubleVector.fromArray(S, x, xo + 3 * xs + i);
            s0 = v0.mul(v0).fma(w, s0);
            s1 = v1.mul(v1).fma(w, s1);
            s2 = v2.mul(v2).fma(w, s2);
            s3 = v3.mul(v3).fma(w, s3);
        }
        double r0 = lanes(s0);
        double r1 = lanes(s1);
        double r2 = lanes(s2);
        double r3 = lanes(s3);
        to[o] = weightedRest(r0, n - i, x, xo + i, z, zo + i);
        to[o + 1] = weightedRest(r1, n - i, x, xo + xs + i, z, zo + i);
        to[o + 2] = weightedRest(r2, n - i, x, xo + 2 * xs + i, z, zo + i);
        to[o + 3] = weightedRest(r3, n - i, x, xo + 3 * xs + i, z, zo + i);
    }

    /** See {@link Loops#squares}. */
    static double squares(int n, double[] x, int xo, double centre) {
        DoubleVector s0 = DoubleVector.zero(S);
        DoubleVector s1 = DoubleVector.zero(S);
        int i = 0;
        for (; i <= n - 2 * V; i += 2 * V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).sub(centre);
            DoubleVector w = DoubleVector.fromArray(S, x, xo + i + V).sub(centre);
            s0 = v.fma(v, s0);
            s1 = w.fma(w, s1);
        }
        double sum = lanes(s0.add(s1));
        for (; i < n; i++) {
            double centred = x[xo + i] - centre;
            sum += centred * centred;
        }
        return sum;
    }
}
