package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.Op;

/** Elementwise operations on runs of numbers, by vector or plain loops: which one depends on the length of the run only. */
final class Loops {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /** Shorter runs gain nothing, and small programs should not wait until vector code is compiled. */
    private static final int SHORT = 128;

    /** Scaling is done on rows of packed panels, which are short but many. */
    private static final int SCALED = 16;

    private Loops() {}

    /** See {@link PlainLoops#unary}. */
    static void unary(Op.UnaryKind kind, int n, double[] x, int xo, double[] z, int zo) {
        if (PRESENT && n >= SHORT) {
            VectorLoops.unary(kind, n, x, xo, z, zo);
        } else {
            PlainLoops.unary(kind, n, x, xo, z, zo);
        }
    }

    /** See {@link PlainLoops#binary}. */
    static void binary(Op.BinaryKind kind, int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        if (PRESENT && n >= SHORT) {
            VectorLoops.binary(kind, n, x, xo, y, yo, z, zo);
        } else {
            PlainLoops.binary(kind, n, x, xo, y, yo, z, zo);
        }
    }

    /** z[zo + i] = factor · x[xo + i] for i below n. */
    static void scale(int n, double factor, double[] x, int xo, double[] z, int zo) {
        if (PRESENT && n >= SCALED) {
            VectorLoops.scale(n, factor, x, xo, z, zo);
        } else {
            for (int i = 0; i < n; i++) {
                z[zo + i] = factor * x[xo + i];
            }
        }
    }

    /** The sum of a run. */
    static double sum(int n, double[] x, int xo) {
        if (PRESENT && n >= SHORT) {
            return VectorLoops.sum(n, x, xo);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xo + i];
        }
        return sum;
    }

    /** Σ (x − centre)² over a run. */
    static double squares(int n, double[] x, int xo, double centre) {
        if (PRESENT && n >= SHORT) {
            return VectorLoops.squares(n, x, xo, centre);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double centred = x[xo + i] - centre;
            sum += centred * centred;
        }
        return sum;
    }

    /** z[zo + i] = (x[xo + i] − mean)·scale for i below n. */
    static void standardise(
            int n, double[] x, int xo, double /*wide*/ mean, double /*wide*/ scale, double[] z, int zo) {
        double centre = (double) mean;
        double factor = (double) scale;
        if (PRESENT && n >= SHORT) {
            VectorLoops.standardise(n, x, xo, centre, factor, z, zo);
        } else {
            for (int i = 0; i < n; i++) {
                z[zo + i] = (x[xo + i] - centre) * factor;
            }
        }
    }
}
