package org.quotient.autodiff.kernel.f64;

/**
 * The register tile as convolutions use it: on rows of A that are contiguous and panels of B that are packed. Until the vector
 * code is compiled, the same numbers are computed, bit for bit, in plain loops.
 */
final class ConvolutionTile {
    /** Rows of the tile. */
    static final int ROWS = Tile.ROWS;

    /** Columns of the tile. */
    static final int WIDE = Tile.COLUMNS;

    /** Columns of the tile for results of few columns. */
    static final int NARROW = NarrowTile.COLUMNS;

    private ConvolutionTile() {}

    /**
     * Some rows of C = A·B or C += A·B; see {@link Tile#multiply}.
     *
     * @param vector whether the vector code is compiled
     * @param width {@link #WIDE} or {@link #NARROW}
     * @param k inner size
     * @param a left operand
     * @param first offset of row 0
     * @param row step between rows of A
     * @param rows how many rows there are, as {@link Tile#height} divides them; as many as it says are written, those beyond repeat the last
     * @param b panel of rows of that width
     * @param bo offset of its first row
     * @param from what to start from
     * @param fo offset of its first row
     * @param fs step from row to row
     * @param to result
     * @param o offset of its first row
     * @param os step from row to row
     */
    static void multiply(
            boolean vector,
            int width,
            int k,
            double[] a,
            int first,
            int row,
            int rows,
            double[] b,
            int bo,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        int top = rows - 1;
        int a1 = first + Math.min(1, top) * row;
        int a2 = first + Math.min(2, top) * row;
        int a3 = first + Math.min(3, top) * row;
        int a4 = first + Math.min(4, top) * row;
        int a5 = first + Math.min(5, top) * row;
        multiply(vector, width, 1, k, rows, a, first, a1, a2, a3, a4, a5, 0, b, bo, from, fo, fs, to, o, os);
    }

    /**
     * The same with an inner dimension of two levels, and any offsets for the rows of A: the element at (q, p) of row r is
     * {@code a[a_r + q·aOuter + p]}.
     *
     * @param outer size of the outer level
     * @param inner size of the inner level
     * @param rows how many rows
     */
    static void multiply(
            boolean vector,
            int width,
            int outer,
            int inner,
            int rows,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
            int aOuter,
            double[] b,
            int bo,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        boolean flat = rows <= Tile.FLAT;
        if (vector && width == WIDE && flat) {
            Tile.flat(outer, inner, a, a0, a1, a2, a3, 1, aOuter, b, bo, width, from, fo, fs, to, o, os);
        } else if (vector && width == WIDE) {
            Tile.multiply(outer, inner, a, a0, a1, a2, a3, a4, a5, 1, aOuter, b, bo, width, from, fo, fs, to, o, os);
        } else if (vector && flat) {
            FlatNarrowTile.multiply(outer, inner, a, a0, a1, a2, a3, 1, aOuter, b, bo, width, from, fo, fs, to, o, os);
        } else if (vector) {
            NarrowTile.multiply(
                    outer, inner, a, a0, a1, a2, a3, a4, a5, 1, aOuter, b, bo, width, from, fo, fs, to, o, os);
        } else {
            plain(width, outer, inner, a, a0, aOuter, b, bo, from, fo, to, o);
            plain(width, outer, inner, a, a1, aOuter, b, bo, from, fo + fs, to, o + os);
            plain(width, outer, inner, a, a2, aOuter, b, bo, from, fo + 2 * fs, to, o + 2 * os);
            plain(width, outer, inner, a, a3, aOuter, b, bo, from, fo + 3 * fs, to, o + 3 * os);
            if (!flat) {
                plain(width, outer, inner, a, a4, aOuter, b, bo, from, fo + 4 * fs, to, o + 4 * os);
                plain(width, outer, inner, a, a5, aOuter, b, bo, from, fo + 5 * fs, to, o + 5 * os);
            }
        }
    }

    private static void plain(
            int width,
            int outer,
            int inner,
            double[] a,
            int first,
            int aOuter,
            double[] b,
            int bo,
            double[] from,
            int fo,
            double[] to,
            int o) {
        System.arraycopy(from, fo, to, o, width);
        for (int q = 0; q < outer; q++) {
            for (int p = 0; p < inner; p++) {
                axpy(width, a[first + q * aOuter + p], b, bo + (q * inner + p) * width, to, o);
            }
        }
    }

    private static void axpy(int n, double factor, double[] x, int xo, double[] y, int yo) {
        for (int j = 0; j < n; j++) {
            y[yo + j] = Math.fma(factor, x[xo + j], y[yo + j]);
        }
    }

    /** Compiles the narrow tile and the copies that feed the tiles. */
    static void warm() {
        int k = 64;
        double[] a = new double[ROWS * k];
        double[] b = new double[k * NARROW];
        double[] c = new double[ROWS * NARROW];
        long quick = 0;
        long start = System.nanoTime();
        while (quick < 2_000 && System.nanoTime() - start < 20_000_000_000L) {
            long before = System.nanoTime();
            multiply(true, NARROW, k, a, 0, k, ROWS, b, 0, c, 0, NARROW, c, 0, NARROW);
            multiply(true, NARROW, k, a, 0, k, Tile.FLAT, b, 0, c, 0, NARROW, c, 0, NARROW);
            multiply(true, NARROW, 4, k / 4, Tile.FLAT, a, 0, 1, 2, 3, 4, 5, 1, b, 0, c, 0, NARROW, c, 0, NARROW);
            multiply(true, NARROW, 4, k / 4, ROWS, a, 0, 1, 2, 3, 4, 5, 1, b, 0, c, 0, NARROW, c, 0, NARROW);
            quick = System.nanoTime() - before < 40_000 ? quick + 1 : 0;
        }
        VectorCopies.warm();
    }
}
