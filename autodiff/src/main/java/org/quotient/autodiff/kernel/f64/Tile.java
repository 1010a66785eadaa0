package org.quotient.autodiff.kernel.f64;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The innermost kernel of products and convolutions: six rows of C, each of {@link #COLUMNS} contiguous numbers, kept in
 * vector registers while one runs through the inner dimension.
 *
 * <p>Every element is one chain {@code c = fma(a, b, c)} in the order of the inner index, in this kernel and in the plain loops
 * ({@link PlainProducts}): how work is cut and which of the two runs changes no bit. That is why the plain loops can take over
 * until the vector code has been compiled: interpreted, it is a thousand times slower. Whether it has been is the one thing
 * that is remembered here across programs.
 */
final class Tile {
    /** Whether the vector module is there. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    /** Whether tiles are those of {@link WideTile}. */
    static final boolean WIDE = PRESENT && VectorWidth.BITS >= 512;

    /** Rows of the tile. */
    static final int ROWS = 6;

    /** Rows of the flat tile. */
    static final int FLAT = 4;

    /** Columns of the tile; 0 without the vector module. */
    static final int COLUMNS = PRESENT ? (WIDE ? WideTile.COLUMNS : NarrowTile.COLUMNS) : 0;

    /** Plain work after which compiling the vector code is worth its price, in multiplications and additions. */
    private static final long WORTHWHILE = 100_000_000;

    private static final AtomicLong PLAIN = new AtomicLong();
    private static volatile boolean ready;

    private Tile() {}

    /** Zeros to start from: a tile with row stride {@link #COLUMNS}. */
    static final double[] ZEROS = new double[ROWS * Math.max(1, COLUMNS)];

    /**
     * Whether products should run on this kernel now. Otherwise the caller uses plain loops, and the vector code is compiled in
     * the background once there has been enough work.
     *
     * @param flops the work at hand
     */
    static boolean ready(long flops) {
        if (ready) {
            return true;
        }
        if (PRESENT) {
            long before = PLAIN.getAndAdd(flops);
            if (before < WORTHWHILE && before + flops >= WORTHWHILE) {
                Thread warming = new Thread(Tile::warm, "quotient-warm-up");
                warming.setDaemon(true);
                warming.start();
            }
        }
        return false;
    }

    /** Compiles the vector code, if there is a vector module. */
    static void warmUp() {
        if (PRESENT && !ready) {
            warm();
        }
    }

    /** Runs the kernel on nothing in particular until it is compiled. */
    private static void warm() {
        int k = 64;
        double[] a = new double[ROWS * k];
        double[] b = new double[k * COLUMNS];
        double[] c = new double[ROWS * COLUMNS];
        double[] sums = new double[ROWS * COLUMNS];
        long quick = 0;
        long start = System.nanoTime();
        // Compiled, a call takes about a microsecond; interpreted, milliseconds.
        while (quick < 200 && System.nanoTime() - start < 20_000_000_000L) {
            long before = System.nanoTime();
            multiply(1, k, a, 0, k, 2 * k, 3 * k, 4 * k, 5 * k, 1, 0, b, 0, COLUMNS, ZEROS, 0, COLUMNS, c, 0, COLUMNS);
            multiply(4, k / 4, a, 0, 1, 2, 3, 4, 5, 6, 0, b, 0, COLUMNS, c, 0, COLUMNS, c, 0, COLUMNS);
            flat(1, k, a, 0, k, 2 * k, 3 * k, 1, 0, b, 0, COLUMNS, ZEROS, 0, COLUMNS, c, 0, COLUMNS);
            flat(4, k / 4, a, 0, 1, 2, 3, 6, 0, b, 0, COLUMNS, c, 0, COLUMNS, c, 0, COLUMNS);
            if (WIDE) {
                int n = COLUMNS;
                FinishingTile.multiply(1, k, a, 0, k, 2 * k, 3 * k, 4 * k, 5 * k, 1, 0, b, 0, n, c, 0, n, a, 0, a, 0);
                SquaringTile.multiply(
                        1, k, a, 0, k, 2 * k, 3 * k, 4 * k, 5 * k, 1, 0, b, 0, n, ZEROS, 0, n, c, 0, n, sums, 0);
            }
            quick += System.nanoTime() - before < 20_000 ? 1 : 0;
        }
        ConvolutionTile.warm();
        ready = true;
    }

    /** The rows of the next tile where so many rows are left: {@link #ROWS}, or {@link #FLAT} where that divides them better. */
    static int height(int left) {
        return left <= FLAT || left > ROWS && left <= 2 * FLAT ? FLAT : ROWS;
    }

    /**
     * Six rows of a product: for r = 0..5 and all columns j,
     * {@code to[o + r·os + j] = from[fo + r·fs + j] + Σ a[a_r + q·aOuter + p·aInner] · b[bo + (q·inner + p)·bs + j]}, summed over
     * q = 0..outer − 1 and p = 0..inner − 1 in that order, each term fused.
     *
     * @param outer outer inner-dimension size: an ordinary product has 1
     * @param inner inner inner-dimension size
     * @param a left operand, read number by number
     * @param a0 offset of row 0; a1 to a5 likewise, any offsets
     * @param aInner step in a per p
     * @param aOuter step in a per q
     * @param b right operand, read by rows of {@link #COLUMNS} contiguous numbers
     * @param bo offset of its first row
     * @param bs step from row to row
     * @param from what to start from, may be {@code to}
     * @param fo offset of its first row
     * @param fs step from row to row
     * @param to result
     * @param o offset of its first row
     * @param os step from row to row
     */
    static void multiply(
            int outer,
            int inner,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
            int aInner,
            int aOuter,
            double[] b,
            int bo,
            int bs,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        if (WIDE) {
            WideTile.multiply(
                    outer, inner, a, a0, a1, a2, a3, a4, a5, aInner, aOuter, b, bo, bs, from, fo, fs, to, o, os);
        } else {
            NarrowTile.multiply(
                    outer, inner, a, a0, a1, a2, a3, a4, a5, aInner, aOuter, b, bo, bs, from, fo, fs, to, o, os);
        }
    }

    /** Four rows of a product, else the same. */
    static void flat(
            int outer,
            int inner,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int aInner,
            int aOuter,
            double[] b,
            int bo,
            int bs,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        if (WIDE) {
            FlatWideTile.multiply(outer, inner, a, a0, a1, a2, a3, aInner, aOuter, b, bo, bs, from, fo, fs, to, o, os);
        } else {
            FlatNarrowTile.multiply(
                    outer, inner, a, a0, a1, a2, a3, aInner, aOuter, b, bo, bs, from, fo, fs, to, o, os);
        }
    }
}
