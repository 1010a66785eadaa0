package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;

/** One panel of columns of a product, tile by tile. */
final class Panel {
    /** Rows of B that stay in the second-level cache while the rows of A pass by. */
    private static final int DEPTH = 512;

    /** Rows of C from which copying B into a contiguous panel pays. */
    private static final int MANY_ROWS = 200;

    private Panel() {}

    /** Panel number {@code panel} of rows {@code first} to {@code last} − 1 of one product, from the given offsets. */
    static void multiply(
            Product p,
            int panel,
            int first,
            int last,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            Scratch scratch) {
        int width = Tile.COLUMNS;
        int column = panel * width;
        int columns = Math.min(width, p.n() - column);
        boolean direct = p.bColumn() == 1 && p.alpha() == 1 && columns == width && last - first < MANY_ROWS;
        boolean inPlace = p.cColumn() == 1 && columns == width;
        double[] tile = scratch.f64(1, Tile.ROWS * width);
        int depth = direct ? p.k() : DEPTH;
        int start = 0;
        do {
            int inner = Math.min(depth, p.k() - start);
            double[] rows = b;
            int row = bo + start * p.bRow() + column;
            int step = p.bRow();
            if (!direct) {
                rows = scratch.f64(0, inner * width);
                Packing.rows(
                        inner,
                        columns,
                        b,
                        bo + start * p.bRow() + column * p.bColumn(),
                        p.bRow(),
                        p.bColumn(),
                        (double) p.alpha(),
                        rows,
                        width);
                row = 0;
                step = width;
            }
            boolean adding = p.accumulate() || start > 0;
            for (int i = first; i < last; i += Tile.ROWS) {
                int top = Math.min(Tile.ROWS, last - i) - 1;
                int a0 = ao + i * p.aRow() + start * p.aColumn();
                int r = p.aRow();
                // Rows beyond the last are computed on the last one again, into the scratch tile, and dropped.
                int a1 = a0 + Math.min(1, top) * r;
                int a2 = a0 + Math.min(2, top) * r;
                int a3 = a0 + Math.min(3, top) * r;
                int a4 = a0 + Math.min(4, top) * r;
                int a5 = a0 + Math.min(5, top) * r;
                int s = p.aColumn();
                int at = co + i * p.cRow() + column * p.cColumn();
                if (inPlace && top == Tile.ROWS - 1) {
                    double[] from = adding ? c : Tile.ZEROS;
                    int fo = adding ? at : 0;
                    int fs = adding ? p.cRow() : width;
                    Tile.multiply(
                            1, inner, a, a0, a1, a2, a3, a4, a5, s, 0, rows, row, step, from, fo, fs, c, at, p.cRow());
                } else {
                    double[] from = Tile.ZEROS;
                    if (adding) {
                        load(top + 1, columns, c, at, p.cRow(), p.cColumn(), tile, width);
                        from = tile;
                    }
                    Tile.multiply(
                            1, inner, a, a0, a1, a2, a3, a4, a5, s, 0, rows, row, step, from, 0, width, tile, 0, width);
                    store(top + 1, columns, tile, width, c, at, p.cRow(), p.cColumn());
                }
            }
            start += inner;
        } while (start < p.k());
    }

    private static void load(
            int rows, int columns, double[] c, int at, int rowStep, int columnStep, double[] tile, int width) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                tile[i * width + j] = c[at + i * rowStep + j * columnStep];
            }
        }
    }

    private static void store(
            int rows, int columns, double[] tile, int width, double[] c, int at, int rowStep, int columnStep) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                c[at + i * rowStep + j * columnStep] = tile[i * width + j];
            }
        }
    }
}
