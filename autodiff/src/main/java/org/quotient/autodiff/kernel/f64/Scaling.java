package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Rows and columns of C multiplied by a number each, before a product is added to it. An element is multiplied by its row's number
 * first. The last rows come first, as in {@link RowPass}. Whole rows at a time: tile by tile the calls would cost more than a pass over memory.
 *
 * @param p whose C has contiguous rows
 * @param rows m numbers, or null for ones
 * @param columns n numbers, or null for ones
 * @param c the matrix
 * @param shards blocks of rows
 */
record Scaling(Product p, @Nullable Place rows, @Nullable Place columns, Place c, int shards) implements Step {
    private static final int LEAST_SHARD = 16_384;
    private static final int SHARDS = 16;

    /** What there is to do: nothing or one step. */
    static List<Step> steps(Product p, Factors factors, Place c) {
        int shards = Math.clamp((long) p.m() * p.n() / LEAST_SHARD, 1, SHARDS);
        return factors.isNone()
                ? List.of()
                : List.of(new Scaling(p, factors.rows(), factors.columns(), c, Math.min(shards, Math.max(1, p.m()))));
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int block = shards - 1 - shard;
        double[] to = F64Kernels.array(c);
        int last = (int) ((long) p.m() * (block + 1) / shards);
        int i = (int) ((long) p.m() * block / shards);
        for (; rows != null && columns != null && i + 3 < last; i += 4) {
            Loops.timesBothFour(
                    p.n(),
                    F64Kernels.array(rows),
                    rows.offset() + i,
                    F64Kernels.array(columns),
                    columns.offset(),
                    to,
                    c.offset() + i * p.cRow(),
                    p.cRow());
        }
        for (; i < last; i++) {
            double row = rows == null ? 1 : F64Kernels.array(rows)[rows.offset() + i];
            int at = c.offset() + i * p.cRow();
            if (columns == null) {
                Loops.times(p.n(), row, to, at, to, at);
            } else {
                Loops.timesBoth(p.n(), row, to, at, F64Kernels.array(columns), columns.offset(), to, at);
            }
        }
    }
}
