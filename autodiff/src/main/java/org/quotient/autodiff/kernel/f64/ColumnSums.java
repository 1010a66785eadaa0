package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Sums over the rows of a matrix, or of the product of two element by element, that lie row after row. Four rows are added at a
 * time, those of a group of 64 in the precision of the numbers, groups in double precision.
 *
 * @param rows of the matrix
 * @param columns of the matrix
 * @param x where it lies
 * @param xStep from row to row
 * @param y the other factor, or null
 * @param yStep from row to row
 * @param out the sums
 * @param shards blocks of columns
 * @param totals what has been summed, one per column
 */
record ColumnSums(
        int rows,
        int columns,
        Place x,
        int xStep,
        @Nullable Place y,
        int yStep,
        Place out,
        int shards,
        double /*wide*/[] totals)
        implements Step {
    private static final int GROUP = 64;

    /** Smaller matrices are read once from end to end: parts of rows come later from the next cache. */
    private static final int LEAST_SHARD = 131_072;

    /** The step, or null if it is another reduction. */
    static @Nullable ColumnSums of(Chain chain, Space space, List<Place> in, Place out, int wanted) {
        if (space.sizes().length != 2
                || !space.reduced()[0]
                || space.reduced()[1]
                || chain.loads().size() > 2) {
            return null;
        }
        for (int[] strides : space.strides()) {
            if (strides[1] != 1) {
                return null;
            }
        }
        int loads = chain.loads().size();
        int first = 0;
        int second = -1;
        if (chain.code().size() == 1
                && chain.code().getFirst() instanceof Chain.Binary b
                && b.kind() == Op.BinaryKind.MUL
                && chain.stores().getFirst() == loads) {
            first = b.x();
            second = b.y();
        } else if (!chain.code().isEmpty() || loads != 1) {
            return null;
        }
        int columns = space.sizes()[1];
        return new ColumnSums(
                space.sizes()[0],
                columns,
                in.get(chain.loads().get(first).operand()),
                space.strides()[first][0],
                second < 0 ? null : in.get(chain.loads().get(second).operand()),
                second < 0 ? 0 : space.strides()[second][0],
                out,
                Math.clamp(columns / 64, 1, Math.clamp(chain.elements() / LEAST_SHARD, 1, Math.max(1, wanted))),
                new double /*wide*/[columns]);
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int from = (int) ((long) columns * shard / shards);
        int n = (int) ((long) columns * (shard + 1) / shards) - from;
        double[] sums = scratch.f64(2, n);
        double[] to = F64Kernels.array(out);
        Arrays.fill(totals, from, from + n, 0);
        for (int group = 0; group < rows; group += GROUP) {
            Arrays.fill(sums, 0, n, 0);
            int end = Math.min(rows, group + GROUP);
            int row = group;
            for (; row <= end - 4; row += 4) {
                four(row, from, n, sums);
            }
            for (; row < end; row++) {
                one(row, from, n, sums);
            }
            for (int i = 0; i < n; i++) {
                totals[from + i] += sums[i];
            }
        }
        for (int i = 0; i < n; i++) {
            to[out.offset() + from + i] = (double) totals[from + i];
        }
    }

    private void four(int row, int from, int n, double[] sums) {
        double[] a = F64Kernels.array(x);
        int at = x.offset() + row * xStep + from;
        if (y == null) {
            Loops.addFour(n, a, at, xStep, sums, 0);
        } else {
            Loops.addFourProducts(
                    n, a, at, xStep, F64Kernels.array(y), y.offset() + row * yStep + from, yStep, sums, 0);
        }
    }

    private void one(int row, int from, int n, double[] sums) {
        double[] a = F64Kernels.array(x);
        double[] b = y == null ? a : F64Kernels.array(y);
        int at = x.offset() + row * xStep + from;
        int bt = y == null ? 0 : y.offset() + row * yStep + from;
        for (int i = 0; i < n; i++) {
            sums[i] += y == null ? a[at + i] : a[at + i] * b[bt + i];
        }
    }
}
