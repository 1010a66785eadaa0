package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Strided copies: neighbouring axes that both sides walk with one stride are merged; the last axis is copied as a run, or in
 * square blocks together with the axis along which the source is contiguous, so that both sides stay in the cache.
 *
 * @param sizes merged axes; the last is the run
 * @param fromStrides of the source
 * @param toStrides of the target
 * @param crossed the outer axis along which the source is contiguous while the run is not, or −1
 */
record Copies(int[] sizes, int[] fromStrides, int[] toStrides, int crossed, double[] x, int xo, double[] z, int zo)
        implements Step {
    private static final int LEAST_SHARD = 32_768;
    private static final int SHARDS = 16;
    private static final int BLOCK = 16;

    static List<Step> steps(
            List<Integer> sizes, Place from, List<Integer> fromStrides, Place to, List<Integer> toStrides) {
        List<int[]> axes = new ArrayList<>();
        for (int axis = 0; axis < sizes.size(); axis++) {
            if (sizes.get(axis) == 1) {
                continue;
            }
            int[] entry = {sizes.get(axis), fromStrides.get(axis), toStrides.get(axis)};
            if (!axes.isEmpty()
                    && axes.getLast()[1] == entry[1] * entry[0]
                    && axes.getLast()[2] == entry[2] * entry[0]) {
                entry[0] *= axes.removeLast()[0];
            }
            axes.add(entry);
        }
        if (axes.isEmpty()) {
            axes.add(new int[] {1, 1, 1});
        }
        int last = axes.size() - 1;
        int crossed = -1;
        for (int axis = 0; axis < last; axis++) {
            if (axes.get(axis)[1] == 1 && axes.get(last)[1] != 1 && axes.get(last)[1] != 0) {
                crossed = axis;
            }
        }
        return List.of(new Copies(
                axes.stream().mapToInt(a -> a[0]).toArray(),
                axes.stream().mapToInt(a -> a[1]).toArray(),
                axes.stream().mapToInt(a -> a[2]).toArray(),
                crossed,
                F64Kernels.array(from),
                from.offset(),
                F64Kernels.array(to),
                to.offset()));
    }

    static List<Step> fill(Place to, int count, double /*wide*/ value) {
        double[] z = F64Kernels.array(to);
        double filled = (double) value;
        Whole all = () -> Arrays.fill(z, to.offset(), to.offset() + count, filled);
        return List.of(all);
    }

    /** The number of runs, or of pairs of crossed axes. */
    private int pieces() {
        int count = 1;
        for (int axis = 0; axis < sizes.length - 1; axis++) {
            count *= axis == crossed ? 1 : sizes[axis];
        }
        return count;
    }

    @Override
    public int shards() {
        long piece = (long) sizes[sizes.length - 1] * (crossed < 0 ? 1 : sizes[crossed]);
        long wanted = Math.clamp(piece * pieces() / LEAST_SHARD, 1, SHARDS);
        return (int) Math.max(1, Math.min(wanted, pieces()));
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int last = sizes.length - 1;
        int pieces = pieces();
        int end = (int) ((long) pieces * (shard + 1) / shards());
        for (int piece = (int) ((long) pieces * shard / shards()); piece < end; piece++) {
            int read = xo;
            int write = zo;
            int rest = piece;
            for (int axis = last - 1; axis >= 0; axis--) {
                if (axis != crossed) {
                    int i = rest % sizes[axis];
                    read += i * fromStrides[axis];
                    write += i * toStrides[axis];
                    rest /= sizes[axis];
                }
            }
            if (crossed < 0) {
                run(sizes[last], read, fromStrides[last], write, toStrides[last]);
            } else {
                cross(read, write);
            }
        }
    }

    private void run(int n, int from, int fromStep, int to, int toStep) {
        if (fromStep == 1 && toStep == 1) {
            System.arraycopy(x, from, z, to, n);
        } else if (fromStep == 0 && toStep == 1) {
            Arrays.fill(z, to, to + n, x[from]);
        } else {
            int read = from;
            int write = to;
            for (int i = 0; i < n; i++) {
                z[write] = x[read];
                read += fromStep;
                write += toStep;
            }
        }
    }

    private void cross(int from, int to) {
        int last = sizes.length - 1;
        for (int i = 0; i < sizes[crossed]; i += BLOCK) {
            int rows = Math.min(BLOCK, sizes[crossed] - i);
            for (int j = 0; j < sizes[last]; j += BLOCK) {
                int columns = Math.min(BLOCK, sizes[last] - j);
                for (int r = 0; r < rows; r++) {
                    run(
                            columns,
                            from + (i + r) * fromStrides[crossed] + j * fromStrides[last],
                            fromStrides[last],
                            to + (i + r) * toStrides[crossed] + j * toStrides[last],
                            toStrides[last]);
                }
            }
        }
    }
}
