package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * One operation on rows that lie row by row, or on one row again and again, or a product of each with a number of its own:
 * without the registers of a {@link Frame}, which cost as much as a short row. The last rows come first: they are what the pass
 * before left in the cache, and the first rows are what the next will ask for first.
 *
 * @param kind the operation
 * @param rows how many
 * @param length of a row
 * @param x the first operand
 * @param xStep from row to row
 * @param factor whether the first operand is one number per row; then it is a product
 * @param y the second operand, rows
 * @param yStep from row to row
 * @param out the results, contiguous
 * @param shards blocks of rows
 */
record RowPass(
        Op.BinaryKind kind,
        int rows,
        int length,
        Place x,
        int xStep,
        boolean factor,
        Place y,
        int yStep,
        Place out,
        int shards)
        implements Step, Rows {

    /** The step, or null if it is another chain. */
    static @Nullable RowPass of(Chain chain, Space space, List<Place> in, List<Place> out, int shards) {
        if (space.sizes().length != 2
                || chain.loads().size() != 2
                || chain.code().size() != 1
                || !chain.stores().equals(List.of(2))
                || !(chain.code().getFirst() instanceof Chain.Binary b)
                || b.x() == b.y()) {
            return null;
        }
        for (int i = 0; i < 2; i++) {
            int inner = space.strides()[i][1];
            boolean number = inner == 0 && b.kind() == Op.BinaryKind.MUL;
            if (inner != 1 && !number || space.tables()[i] != null || space.periods()[i] != 0) {
                return null;
            }
        }
        if (space.strides()[0][1] + space.strides()[1][1] == 0) {
            return null;
        }
        boolean turned = space.strides()[b.y()][1] == 0;
        int first = turned ? b.y() : b.x();
        int second = turned ? b.x() : b.y();
        return new RowPass(
                b.kind(),
                space.sizes()[0],
                space.sizes()[1],
                in.get(chain.loads().get(first).operand()),
                space.strides()[first][0],
                space.strides()[first][1] == 0,
                in.get(chain.loads().get(second).operand()),
                space.strides()[second][0],
                out.getFirst(),
                Math.min(shards, space.sizes()[0]));
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int block = shards - 1 - shard;
        run(shard, (int) ((long) rows * block / shards), (int) ((long) rows * (block + 1) / shards), scratch);
    }

    @Override
    public void run(int shard, int first, int last, Scratch scratch) {
        double[] a = F64Kernels.array(x);
        double[] b = F64Kernels.array(y);
        double[] to = F64Kernels.array(out);
        int r = first;
        // One row again and again is read once for four of the others.
        boolean repeated = !factor && kind == Op.BinaryKind.MUL && (xStep == 0 || yStep == 0);
        for (; repeated && r + 3 < last; r += 4) {
            int xo = x.offset() + r * xStep;
            int yo = y.offset() + r * yStep;
            int to4 = out.offset() + r * length;
            if (yStep == 0) {
                Loops.timesFour(length, a, xo, xStep, b, yo, to, to4);
            } else {
                Loops.timesFour(length, b, yo, yStep, a, xo, to, to4);
            }
        }
        for (; r < last; r++) {
            int xo = x.offset() + r * xStep;
            int yo = y.offset() + r * yStep;
            if (factor) {
                Loops.times(length, a[xo], b, yo, to, out.offset() + r * length);
            } else {
                Loops.binary(kind, length, a, xo, b, yo, to, out.offset() + r * length);
            }
        }
    }
}
