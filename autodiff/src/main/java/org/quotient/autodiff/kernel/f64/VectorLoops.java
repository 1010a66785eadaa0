package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.quotient.autodiff.Op;

/**
 * Elementwise operations on runs of numbers in the Vector API. The compiler does not vectorise plain loops over runs with
 * offsets of their own; these are six to forty times as fast, once they have been compiled. What remains at the end of a run
 * is left to {@link PlainLoops}.
 *
 * <p>Only operations whose bits are defined are used: EXP, LOG and TANH of the Vector API have other last bits interpreted than
 * compiled, and {@code reduceLanes(ADD)} adds in an order of its own in either. Both would make results depend on when the
 * machine compiles what.
 */
final class VectorLoops {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    /** Turn the lanes by so many. */
    private static final VectorShuffle<Double> BY_8 = VectorShuffle.iota(S, 8 % V, 1, true);

    private static final VectorShuffle<Double> BY_4 = VectorShuffle.iota(S, 4 % V, 1, true);
    private static final VectorShuffle<Double> BY_2 = VectorShuffle.iota(S, 2 % V, 1, true);
    private static final VectorShuffle<Double> BY_1 = VectorShuffle.iota(S, 1 % V, 1, true);

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
            w.blend(v, v.compare(VectorOperators.GE, w).or(v.test(VectorOperators.IS_NAN)))
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
