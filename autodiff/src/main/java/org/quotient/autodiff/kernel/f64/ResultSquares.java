package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;

/**
 * Sums of squares of the rows of C that a product makes while it has them in registers: one for each row and lane, the columns of
 * a lane being added one after the other.
 *
 * @param parts rows times lanes
 */
record ResultSquares(double[] parts) {
    /** Numbers of a vector register, where tiles are wide. */
    static final int LANES = Math.max(1, Tile.COLUMNS / 4);

    static ResultSquares of(int rows) {
        return new ResultSquares(new double[rows * LANES]);
    }

    /** Where the sums of rows from {@code first} on are. */
    int at(int first) {
        return first * LANES;
    }

    /** Before the first columns of some rows, up to {@code last} − 1, are done. */
    void begin(int first, int last) {
        Arrays.fill(parts, at(first), at(last), 0);
    }

    /**
     * Part of C that no tile has seen to: rows {@code first} to {@code last} − 1, columns {@code from}, where a vector begins, to
     * {@code to} − 1.
     */
    void add(Product p, int first, int last, int from, int to, double[] c, int co) {
        for (int i = first; i < last; i++) {
            Loops.addSquares(to - from, c, co + i * p.cRow() + from, parts, at(i));
        }
    }

    /** Makes the sums of rows from those of their lanes. */
    Rows totals(Place out) {
        return (shard, first, last, scratch) ->
                Loops.totals(last - first, parts, at(first), F64Kernels.array(out), out.offset() + first);
    }
}
