package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Four rows at a time in the Vector API, where one would be too short to keep the machine busy; see {@link VectorLoops}. */
final class VectorRows {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private VectorRows() {}

    /** See {@link Loops#timesFour}. */
    static void timesFour(int n, double[] x, int xo, int xs, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            DoubleVector.fromArray(S, x, xo + i).mul(w).intoArray(z, zo + i);
            DoubleVector.fromArray(S, x, xo + xs + i).mul(w).intoArray(z, zo + n + i);
            DoubleVector.fromArray(S, x, xo + 2 * xs + i).mul(w).intoArray(z, zo + 2 * n + i);
            DoubleVector.fromArray(S, x, xo + 3 * xs + i).mul(w).intoArray(z, zo + 3 * n + i);
        }
        for (; i < n; i++) {
            double w = y[yo + i];
            z[zo + i] = x[xo + i] * w;
            z[zo + n + i] = x[xo + xs + i] * w;
            z[zo + 2 * n + i] = x[xo + 2 * xs + i] * w;
            z[zo + 3 * n + i] = x[xo + 3 * xs + i] * w;
        }
    }

    /** See {@link Loops#timesBothFour}. */
    static void timesBothFour(int n, double[] factors, int fo, double[] y, int yo, double[] z, int zo, int zs) {
        double f0 = factors[fo];
        double f1 = factors[fo + 1];
        double f2 = factors[fo + 2];
        double f3 = factors[fo + 3];
        int z1 = zo + zs;
        int z2 = zo + 2 * zs;
        int z3 = zo + 3 * zs;
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            DoubleVector.fromArray(S, z, zo + i).mul(f0).mul(w).intoArray(z, zo + i);
            DoubleVector.fromArray(S, z, z1 + i).mul(f1).mul(w).intoArray(z, z1 + i);
            DoubleVector.fromArray(S, z, z2 + i).mul(f2).mul(w).intoArray(z, z2 + i);
            DoubleVector.fromArray(S, z, z3 + i).mul(f3).mul(w).intoArray(z, z3 + i);
        }
        for (; i < n; i++) {
            double w = y[yo + i];
            z[zo + i] = z[zo + i] * f0 * w;
            z[z1 + i] = z[z1 + i] * f1 * w;
            z[z2 + i] = z[z2 + i] * f2 * w;
            z[z3 + i] = z[z3 + i] * f3 * w;
        }
    }

    /** See {@link Loops#addFour}. */
    static void addFour(int n, double[] x, int xo, int xs, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector p = DoubleVector.fromArray(S, x, xo + i).add(DoubleVector.fromArray(S, x, xo + xs + i));
            DoubleVector q =
                    DoubleVector.fromArray(S, x, xo + 2 * xs + i).add(DoubleVector.fromArray(S, x, xo + 3 * xs + i));
            DoubleVector.fromArray(S, z, zo + i).add(p.add(q)).intoArray(z, zo + i);
        }
        PlainLoops.addFour(n - i, x, xo + i, xs, z, zo + i);
    }

    /** See {@link Loops#addFourProducts}. */
    static void addFourProducts(int n, double[] x, int xo, int xs, double[] y, int yo, int ys, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector a = DoubleVector.fromArray(S, x, xo + i).mul(DoubleVector.fromArray(S, y, yo + i));
            DoubleVector b = DoubleVector.fromArray(S, x, xo + xs + i).mul(DoubleVector.fromArray(S, y, yo + ys + i));
            DoubleVector c =
                    DoubleVector.fromArray(S, x, xo + 2 * xs + i).mul(DoubleVector.fromArray(S, y, yo + 2 * ys + i));
            DoubleVector d =
                    DoubleVector.fromArray(S, x, xo + 3 * xs + i).mul(DoubleVector.fromArray(S, y, yo + 3 * ys + i));
            DoubleVector.fromArray(S, z, zo + i).add(a.add(b).add(c.add(d))).intoArray(z, zo + i);
        }
        PlainLoops.addFourProducts(n - i, x, xo + i, xs, y, yo + i, ys, z, zo + i);
    }

    /** The same bits as those of {@link #addFourProducts} of rows with themselves, read once. */
    static void addFourSquares(int n, double[] x, int xo, int xs, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector a = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector b = DoubleVector.fromArray(S, x, xo + xs + i);
            DoubleVector c = DoubleVector.fromArray(S, x, xo + 2 * xs + i);
            DoubleVector d = DoubleVector.fromArray(S, x, xo + 3 * xs + i);
            DoubleVector.fromArray(S, z, zo + i)
                    .add(a.mul(a).add(b.mul(b)).add(c.mul(c).add(d.mul(d))))
                    .intoArray(z, zo + i);
        }
        PlainLoops.addFourProducts(n - i, x, xo + i, xs, x, xo + i, xs, z, zo + i);
    }
}
