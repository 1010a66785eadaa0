package org.quotient.autodiff.kernel.f64;

import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Rows and columns of C multiplied by a number each, tile by tile just before the product is added, so that C comes from memory
 * once. An element is multiplied by its row's number first; the bits are the same in vector and plain loops.
 */
final class Scaling {
    private final double @Nullable [] rows;
    private final int rowOffset;
    private final double @Nullable [] columns;
    private final int columnOffset;

    private Scaling(@Nullable Place rows, @Nullable Place columns) {
        this.rows = rows == null ? null : F64Kernels.array(rows);
        this.rowOffset = rows == null ? 0 : rows.offset();
        this.columns = columns == null ? null : F64Kernels.array(columns);
        this.columnOffset = columns == null ? 0 : columns.offset();
    }

    static @Nullable Scaling of(Factors factors) {
        return factors.isNone() ? null : new Scaling(factors.rows(), factors.columns());
    }

    /** Rows {@code first} to {@code last} − 1 of n columns from column {@code from}, in place. */
    void apply(Product p, int first, int last, int from, int n, double[] c, int co) {
        for (int i = first; i < last; i++) {
            double row = rows == null ? 1 : rows[rowOffset + i];
            int at = co + i * p.cRow() + from * p.cColumn();
            for (int j = 0; j < n; j++, at += p.cColumn()) {
                double scaled = c[at] * row;
                c[at] = columns == null ? scaled : scaled * columns[columnOffset + from + j];
            }
        }
    }

    /** Some rows of contiguous columns, from the given row and column of C, into a tile; only where there are vectors. */
    void tile(int count, int n, double[] c, int at, int step, int row, int column, double[] tile, int width) {
        for (int i = 0; i < count; i++) {
            double factor = rows == null ? 1 : rows[rowOffset + row + i];
            if (columns == null) {
                VectorLoops.scale(n, factor, c, at + i * step, tile, i * width);
            } else {
                VectorLoops.scaleBoth(n, factor, c, at + i * step, columns, columnOffset + column, tile, i * width);
            }
        }
    }

    /** All of C, as a step of its own before products that cannot do it on the way. */
    record Before(Scaling scaling, Product p, double[] c, int co) implements Step {
        @Override
        public int shards() {
            return 1;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            scaling.apply(p, 0, p.m(), 0, p.n(), c, co);
        }
    }
}
