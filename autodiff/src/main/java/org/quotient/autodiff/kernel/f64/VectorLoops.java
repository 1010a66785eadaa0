package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.quotient.autodiff.Op;

/**
 * Elementwise operations on runs of numbers in the Vector API. The compiler does not vectorise plain loops over runs with
 * offsets of their own; these are six to forty times as fast, once they have been compiled. What remains at the end of a run
 * is left to {@link PlainLoops}.
 *
 * <p>Only operations whose bits are defined are used, here and in {@link VectorSums} and {@link VectorRows}: EXP, LOG and TANH of the
 * Vector API have other last bits interpreted than compiled, and {@code reduceLanes(ADD)} adds in an order of its own in either. Both
 * would make results depend on when the machine compiles what.
 */
final class VectorLoops {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private VectorLoops() {}

    /** Whether there is a vector loop; the others go through the plain one. */
    static boolean has(Op.UnaryKind kind) {
        return switch (kind) {
            case DETACH, EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> false;
            default -> true;
        };
    }

    /** See {@link PlainLoops#unary}. */
    static void unary(Op.UnaryKind kind, int n, double[] x, int xo, double[] z, int zo) {
        switch (kind) {
            case NEG -> neg(n, x, xo, z, zo);
            case ABS -> abs(n, x, xo, z, zo);
            case STEP -> step(n, x, xo, z, zo);
            case RELU -> relu(n, x, xo, z, zo);
            case SQRT -> sqrt(n, x, xo, z, zo);
            case DETACH -> System.arraycopy(x, xo, z, zo, n);
            case EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> PlainLoops.unary(kind, n, x, xo, z, zo);
        }
    }

    /** See {@link PlainLoops#binary}. */
    static void binary(Op.BinaryKind kind, int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        switch (kind) {
            case ADD -> add(n, x, xo, y, yo, z, zo);
            case SUB -> sub(n, x, xo, y, yo, z, zo);
            case MUL -> mul(n, x, xo, y, yo, z, zo);
            case DIV -> div(n, x, xo, y, yo, z, zo);
            case MAX -> max(n, x, xo, y, yo, z, zo);
            case PRELU -> prelu(n, x, xo, y, yo, z, zo);
            case POW -> PlainLoops.binary(kind, n, x, xo, y, yo, z, zo);
        }
    }

    private static void neg(int n, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.neg().intoArray(z, zo + i);
        }
        PlainLoops.unary(Op.UnaryKind.NEG, n - i, x, xo + i, z, zo + i);
    }

    private static void abs(int n, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.abs().intoArray(z, zo + i);
        }
        PlainLoops.unary(Op.UnaryKind.ABS, n - i, x, xo + i, z, zo + i);
    }

    private static void step(int n, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector.zero(S)
                    .blend((double) 1, v.compare(VectorOperators.GT, (double) 0))
                    .intoArray(z, zo + i);
        }
        PlainLoops.unary(Op.UnaryKind.STEP, n - i, x, xo + i, z, zo + i);
    }

    private static void relu(int n, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.blend((double) 0, v.compare(VectorOperators.LE, (double) 0)).intoArray(z, zo + i);
        }
        PlainLoops.unary(Op.UnaryKind.RELU, n - i, x, xo + i, z, zo + i);
    }

    private static void sqrt(int n, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            v.sqrt().intoArray(z, zo + i);
        }
        PlainLoops.unary(Op.UnaryKind.SQRT, n - i, x, xo + i, z, zo + i);
    }

    private static void add(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            v.add(w).intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.ADD, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    private static void sub(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            v.sub(w).intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.SUB, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    private static void mul(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            v.mul(w).intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.MUL, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    private static void div(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            v.div(w).intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.DIV, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    private static void max(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            w.blend(v, v.compare(VectorOperators.GE, w).or(v.compare(VectorOperators.NE, v)))
                    .intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.MAX, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    private static void prelu(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
            DoubleVector w = DoubleVector.fromArray(S, y, yo + i);
            v.mul(w).blend(v, v.compare(VectorOperators.GT, (double) 0)).intoArray(z, zo + i);
        }
        PlainLoops.binary(Op.BinaryKind.PRELU, n - i, x, xo + i, y, yo + i, z, zo + i);
    }

    /** See {@link Loops#scale}. */
    static void scale(int n, double factor, double[] x, int xo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector.fromArray(S, x, xo + i).mul(factor).intoArray(z, zo + i);
        }
        for (; i < n; i++) {
            z[zo + i] = factor * x[xo + i];
        }
    }

    /** z = x·factor·y. */
    static void scaleBoth(int n, double factor, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector.fromArray(S, x, xo + i)
                    .mul(factor)
                    .mul(DoubleVector.fromArray(S, y, yo + i))
                    .intoArray(z, zo + i);
        }
        for (; i < n; i++) {
            z[zo + i] = x[xo + i] * factor * y[yo + i];
        }
    }

    /** See {@link Loops#standardise}. */
    static void standardise(int n, double[] x, int xo, double mean, double scale, double[] z, int zo) {
        int i = 0;
        for (; i <= n - V; i += V) {
            DoubleVector.fromArray(S, x, xo + i).sub(mean).mul(scale).intoArray(z, zo + i);
        }
        for (; i < n; i++) {
            z[zo + i] = (x[xo + i] - mean) * scale;
        }
    }
}
