package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;

/**
 * What becomes of rows and columns of C once a product has been added to them: each is multiplied by a number, the same bits as in
 * {@link Scaling}. Tiles do it in their registers.
 *
 * @param rows a number for each row of C, from {@code row} on
 * @param columns a number for each column of C, from {@code column} on
 */
record Finish(double[] rows, int row, double[] columns, int column) {

    /** Where it can be done in the tiles; null if nowhere, or if nothing is to be done after the product. */
    static @Nullable Finish of(Product p, Factors factors) {
        if (!factors.after() || factors.isNone() || !Tile.WIDE || p.batch() != 1 || p.cColumn() != 1) {
            return null;
        }
        Place rows = factors.rows();
        Place columns = factors.columns();
        return new Finish(
                rows == null ? ones(p.m()) : F64Kernels.array(rows),
                rows == null ? 0 : rows.offset(),
                columns == null ? ones(p.n()) : F64Kernels.array(columns),
                columns == null ? 0 : columns.offset());
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** A part of C that no tile has multiplied: rows {@code first} to {@code last} − 1, columns {@code from} to {@code to} − 1. */
    void multiply(Product p, int first, int last, int from, int to, double[] c, int co) {
        for (int i = first; i < last; i++) {
            int at = co + i * p.cRow() + from;
            Loops.timesBoth(to - from, rows[row + i], c, at, columns, column + from, c, at);
        }
    }
}
