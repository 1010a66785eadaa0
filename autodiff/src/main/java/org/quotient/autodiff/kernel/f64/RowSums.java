package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** Rows of a matrix, each summed to a number of its own: products of what lies where it is read. */
record RowSums(Space space, Reductions.Summed product, List<Place> loads, Place out, int shards) implements Step, Rows {
    static boolean fits(Space space) {
        int last = space.sizes().length - 1;
        boolean fits = last == 1 && !space.reduced()[0] && space.reduced()[1] && space.run() >= Reductions.LONG;
        for (int[] strides : space.strides()) {
            fits &= strides[last] == 1;
        }
        return fits;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int last = (int) ((long) space.runs() * (shard + 1) / shards);
        run(shard, (int) ((long) space.runs() * shard / shards), last, scratch);
    }

    @Override
    public void run(int shard, int first, int last, Scratch scratch) {
        double[] to = F64Kernels.array(out);
        int n = space.run();
        int r = first;
        if (product.isWeightedSquare()) {
            weighted(r, last, to);
            return;
        }
        int step = space.strides()[product.x()][0];
        for (int rows = 0; product.isSquare() && r < last; r += rows) {
            rows = Math.min(Loops.ROWS, last - r);
            Loops.rowSquares(rows, n, array(product.x()), at(product.x(), r), step, to, out.offset() + r, scratch);
        }
        for (; r < last; r++) {
            to[out.offset() + r] = product.z() < 0
                    ? Loops.dot(n, array(product.x()), at(product.x(), r), array(product.y()), at(product.y(), r))
                    : Loops.dot(
                            n,
                            array(product.x()),
                            at(product.x(), r),
                            array(product.y()),
                            at(product.y(), r),
                            array(product.z()),
                            at(product.z(), r));
        }
    }

    /** Four rows at a time where they are weighted alike: one row is too short to keep the machine busy. */
    private void weighted(int first, int last, double[] to) {
        int n = space.run();
        int x = product.x();
        int z = product.z();
        int step = space.strides()[x][0];
        int r = first;
        for (; r + 3 < last && space.strides()[z][0] == 0; r += 4) {
            Loops.weightedFour(n, array(x), at(x, r), step, array(z), at(z, r), to, out.offset() + r);
        }
        for (; r < last; r++) {
            to[out.offset() + r] = Loops.weighted(n, array(x), at(x, r), array(z), at(z, r));
        }
    }

    private double[] array(int load) {
        return F64Kernels.array(loads.get(load));
    }

    private int at(int load, int row) {
        return loads.get(load).offset() + row * space.strides()[load][0];
    }
}
