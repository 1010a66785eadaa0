package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Scratch;

/**
 * Elementwise operations on runs of numbers, by vector or plain loops. Where both give the same bits, plain loops run until the
 * vector code has been compiled in the background, and whether it has been is remembered here across programs; where the last
 * bit may differ (sums by lanes) the length of the run alone decides.
 */
final class Loops {
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /** Shorter runs gain nothing, and small programs should not wait until vector code is compiled. */
    private static final int SHORT = 128;

    /** The same where one operation is done number by number, as in passes over a few rows. */
    private static final int BRIEF = 48;

    /** Scaling is done on rows of packed panels, which are short but many. */
    private static final int SCALED = 16;

    /** Numbers worked on in plain loops after which compiling the vector loops is worth its price. */
    private static final long WORTHWHILE = 4_000_000;

    /** Calls after which the machine begins to compile a loop with its highest optimisation. */
    private static final int WARMING = 1_000;

    /** Nanoseconds after which one no longer waits for it. */
    private static final long PATIENCE = 300_000_000;

    private static final int QUICK = 50;

    /** Rows that are summed at a time. */
    static final int ROWS = 16;

    // A count that loses an update under a race starts the compilation a little later; nothing else depends on it.
    private static long plain;
    private static volatile boolean ready;

    private Loops() {}

    /** See {@link PlainLoops#unary}. */
    static void unary(Op.UnaryKind kind, int n, double[] x, int xo, double[] z, int zo) {
        if (PRESENT && n >= BRIEF && VectorLoops.has(kind) && ready(n)) {
            VectorLoops.unary(kind, n, x, xo, z, zo);
        } else {
            PlainLoops.unary(kind, n, x, xo, z, zo);
        }
    }

    /** See {@link PlainLoops#binary}. */
    static void binary(Op.BinaryKind kind, int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        if (PRESENT && n >= BRIEF && ready(n)) {
            VectorLoops.binary(kind, n, x, xo, y, yo, z, zo);
        } else {
            PlainLoops.binary(kind, n, x, xo, y, yo, z, zo);
        }
    }

    /** Whether the vector loops are compiled; asked before n numbers are worked on in plain ones otherwise. */
    private static boolean ready(int n) {
        if (ready) {
            return true;
        }
        long before = plain;
        plain = before + n;
        if (before < WORTHWHILE && before + n >= WORTHWHILE) {
            Thread warming = new Thread(Loops::warm, "quotient-warm-up");
            warming.setDaemon(true);
            warming.start();
        }
        return false;
    }

    /** Compiles the vector loops, if there is a vector module. */
    static void warmUp() {
        if (PRESENT && !ready) {
            warm();
        }
    }

    /**
     * Until it is quick: compiled, a block takes a tenth of a microsecond, interpreted more than a hundred. Lengths with and
     * without a rest are taken in turn: code compiled for one of them would be thrown away when it met the other, and a loop
     * that runs once in a long step would wait long to be compiled again.
     */
    private static void repeat(IntConsumer loop) {
        int quick = 0;
        long begin = System.nanoTime();
        long start = begin;
        for (int i = 0; quick < QUICK && start - begin < PATIENCE; i++) {
            loop.accept(i % 2 == 0 ? Frame.BLOCK : Frame.BLOCK - 3);
            long now = System.nanoTime();
            quick += i >= WARMING && now - start < 2_000 ? 1 : 0;
            start = now;
        }
    }

    private static void warm() {
        double[] x = new double[3 * Frame.BLOCK];
        int y = Frame.BLOCK;
        int z = 2 * Frame.BLOCK;
        for (Op.UnaryKind kind : Op.UnaryKind.values()) {
            if (VectorLoops.has(kind)) {
                repeat(n -> VectorLoops.unary(kind, n, x, 0, x, z));
            }
        }
        for (Op.BinaryKind kind : Op.BinaryKind.values()) {
            if (kind != Op.BinaryKind.POW) {
                repeat(n -> VectorLoops.binary(kind, n, x, 0, x, y, x, z));
            }
        }
        repeat(n -> VectorLoops.scale(n, 2, x, 0, x, z));
        repeat(n -> VectorLoops.scaleBoth(n, 2, x, 0, x, y, x, z));
        repeat(n -> VectorRows.timesBothFour(n / 4, x, y, x, y, x, z, n / 4));
        repeat(n -> VectorRows.timesFour(n / 4, x, 0, n / 4, x, y, x, z));
        repeat(n -> VectorSums.sum(n, x, 0));
        repeat(n -> VectorSums.dot(n, x, 0, x, y));
        repeat(n -> VectorSums.squares(n, x, 0));
        repeat(n -> VectorSums.rowSquares(4, n / 4, x, 0, n / 4, x, y, x));
        repeat(n -> VectorSums.dot(n, x, 0, x, y, x, z));
        repeat(n -> VectorSums.squares(n, x, 0, 1));
        repeat(n -> VectorRows.addFour(n / 4, x, 0, n / 4, x, y));
        repeat(n -> VectorRows.addFourProducts(n / 4, x, 0, n / 4, x, y, n / 4, x, z));
        repeat(n -> VectorRows.addFourSquares(n / 4, x, 0, n / 4, x, z));
        repeat(n -> VectorSums.weighted(n, x, 0, x, y));
        repeat(n -> VectorSums.weightedFour(n / 4, x, 0, n / 4, x, y, x, z));
        repeat(n -> VectorSums.addSquares(n, x, 0, x, y));
        repeat(n -> VectorSums.totals(16 + n % 2, x, 0, x, z));
        repeat(n -> VectorLoops.standardise(n, x, 0, 1, 2, x, z));
        ready = true;
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

    /** z[zo + i] = factor · x[xo + i] for i below n, in an elementwise pass. */
    static void times(int n, double factor, double[] x, int xo, double[] z, int zo) {
        if (PRESENT && n >= SHORT && ready(n)) {
            VectorLoops.scale(n, factor, x, xo, z, zo);
        } else {
            for (int i = 0; i < n; i++) {
                z[zo + i] = factor * x[xo + i];
            }
        }
    }

    /** Four rows of x, {@code xs} apart, each times y: four rows of z after each other. */
    static void timesFour(int n, double[] x, int xo, int xs, double[] y, int yo, double[] z, int zo) {
        if (PRESENT && n >= SHORT && ready(4 * n)) {
            VectorRows.timesFour(n, x, xo, xs, y, yo, z, zo);
        } else {
            for (int r = 0; r < 4; r++) {
                PlainLoops.binary(Op.BinaryKind.MUL, n, x, xo + r * xs, y, yo, z, zo + r * n);
            }
        }
    }

    /** z[zo + i] = x[xo + i]·factor·y[yo + i] for i below n, from left to right. */
    static void timesBoth(int n, double factor, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        if (PRESENT && n >= SCALED && ready(n)) {
            VectorLoops.scaleBoth(n, factor, x, xo, y, yo, z, zo);
        } else {
            for (int i = 0; i < n; i++) {
                z[zo + i] = x[xo + i] * factor * y[yo + i];
            }
        }
    }

    /** Four rows of z, {@code zs} apart, each times its number of four and times y, in place; see {@link #timesBoth}. */
    static void timesBothFour(int n, double[] factors, int fo, double[] y, int yo, double[] z, int zo, int zs) {
        if (PRESENT && n >= SHORT && ready(4 * n)) {
            VectorRows.timesBothFour(n, factors, fo, y, yo, z, zo, zs);
        } else {
            for (int r = 0; r < 4; r++) {
                timesBoth(n, factors[fo + r], z, zo + r * zs, y, yo, z, zo + r * zs);
            }
        }
    }

    /** Adds four rows, {@code xs} apart, to z: z[zo + i] += (x₀ᵢ + x₁ᵢ) + (x₂ᵢ + x₃ᵢ) for i below n. */
    static void addFour(int n, double[] x, int xo, int xs, double[] z, int zo) {
        if (PRESENT && n >= SHORT && ready(4 * n)) {
            VectorRows.addFour(n, x, xo, xs, z, zo);
        } else {
            PlainLoops.addFour(n, x, xo, xs, z, zo);
        }
    }

    /** The same with the products of rows of x and of y. */
    static void addFourProducts(int n, double[] x, int xo, int xs, double[] y, int yo, int ys, double[] z, int zo) {
        boolean vector = PRESENT && n >= SHORT && ready(4 * n);
        if (vector && x == y && xo == yo && xs == ys) {
            VectorRows.addFourSquares(n, x, xo, xs, z, zo);
        } else if (vector) {
            VectorRows.addFourProducts(n, x, xo, xs, y, yo, ys, z, zo);
        } else {
            PlainLoops.addFourProducts(n, x, xo, xs, y, yo, ys, z, zo);
        }
    }

    /** The sum of a run. */
    static double sum(int n, double[] x, int xo) {
        if (PRESENT && n >= SHORT) {
            return VectorSums.sum(n, x, xo);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xo + i];
        }
        return sum;
    }

    /** The sum of products of two runs. */
    static double dot(int n, double[] x, int xo, double[] y, int yo) {
        if (PRESENT && n >= SHORT) {
            return x == y && xo == yo ? VectorSums.squares(n, x, xo) : VectorSums.dot(n, x, xo, y, yo);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xo + i] * y[yo + i];
        }
        return sum;
    }

    /**
     * The sums of the squares of rows, {@code xs} apart, each with the bits of {@link #dot} of the row with itself.
     *
     * @param rows at most {@link #ROWS}
     */
    static void rowSquares(int rows, int n, double[] x, int xo, int xs, double[] to, int o, Scratch scratch) {
        if (PRESENT && n >= SHORT) {
            VectorSums.rowSquares(rows, n, x, xo, xs, to, o, scratch.f64(2, 2 * ROWS * VectorSums.LANES));
            return;
        }
        for (int r = 0; r < rows; r++) {
            to[o + r] = dot(n, x, xo + r * xs, x, xo + r * xs);
        }
    }

    /** The sum of products of three runs, the first two multiplied first. */
    static double dot(int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        if (PRESENT && n >= SHORT) {
            return VectorSums.dot(n, x, xo, y, yo, z, zo);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double product = x[xo + i] * y[yo + i];
            sum += product * z[zo + i];
        }
        return sum;
    }

    /** Σ x²·z over a run. */
    static double weighted(int n, double[] x, int xo, double[] z, int zo) {
        if (PRESENT && n >= SHORT) {
            return VectorSums.weighted(n, x, xo, z, zo);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double square = x[xo + i] * x[xo + i];
            sum += square * z[zo + i];
        }
        return sum;
    }

    /** The same for four rows of x, {@code xs} apart, and one z: four results in a row. */
    static void weightedFour(int n, double[] x, int xo, int xs, double[] z, int zo, double[] to, int o) {
        if (PRESENT && n >= SHORT) {
            VectorSums.weightedFour(n, x, xo, xs, z, zo, to, o);
        } else {
            for (int r = 0; r < 4; r++) {
                to[o + r] = weighted(n, x, xo + r * xs, z, zo);
            }
        }
    }

    /** Adds the squares of a run to sums by lanes, as they come. */
    static void addSquares(int n, double[] x, int xo, double[] sums, int so) {
        if (PRESENT && ready(n)) {
            VectorSums.addSquares(n, x, xo, sums, so);
            return;
        }
        for (int i = 0; i < n; i++) {
            int lane = so + i % ResultSquares.LANES;
            sums[lane] = Math.fma(x[xo + i], x[xo + i], sums[lane]);
        }
    }

    /** The sums of the lanes of n vectors, one after the other in x: of halves of the lanes. */
    static void totals(int n, double[] x, int xo, double[] to, int o) {
        int lanes = ResultSquares.LANES;
        if (PRESENT && ready(n * lanes)) {
            VectorSums.totals(n, x, xo, to, o);
            return;
        }
        for (int r = 0; r < n; r++) {
            double[] sums = Arrays.copyOfRange(x, xo + r * lanes, xo + (r + 1) * lanes);
            for (int half = lanes / 2; half > 0; half /= 2) {
                for (int i = 0; i < half; i++) {
                    sums[i] += sums[i + half];
                }
            }
            to[o + r] = sums[0];
        }
    }

    /** Σ (x − centre)² over a run. */
    static double squares(int n, double[] x, int xo, double centre) {
        if (PRESENT && n >= SHORT) {
            return VectorSums.squares(n, x, xo, centre);
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
