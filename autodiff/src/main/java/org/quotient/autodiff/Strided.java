package org.quotient.autodiff;

/**
 * Row-major walks with a second, strided index. The walk is handed out in runs of constant stride, with neighbouring axes
 * merged where they continue each other, so that the loops over elements stay in the callers, free of calls.
 */
final class Strided {
    private Strided() {}

    /** Receives a run: row-major positions index, index + 1, ... with strided positions at, at + step, ... */
    interface Run {
        void at(int index, int strided, int length, int step);
    }

    /** Visits all index tuples in row-major order; the strided position is {@code Σ index_i · step_i}. */
    static void forEachRun(int[] sizes, int[] step, Run run) {
        int[] extent = new int[sizes.length + 1];
        int[] stride = new int[sizes.length + 1];
        int axes = merged(sizes, step, extent, stride);
        int total = 1;
        for (int i = 0; i < axes; i++) {
            total *= extent[i];
        }
        int length = extent[axes - 1];
        int[] index = new int[axes];
        int at = 0;
        for (int i = 0; i < total; i += length) {
            run.at(i, at, length, stride[axes - 1]);
            for (int axis = axes - 2; axis >= 0; axis--) {
                at += stride[axis];
                if (++index[axis] < extent[axis]) {
                    break;
                }
                at -= stride[axis] * extent[axis];
                index[axis] = 0;
            }
        }
    }

    /** Axes of size 1 dropped and axes that continue each other merged; at least one axis remains. */
    private static int merged(int[] sizes, int[] step, int[] extent, int[] stride) {
        int axes = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (axes > 0 && sizes[i] != 0 && stride[axes - 1] == step[i] * sizes[i]) {
                extent[axes - 1] *= sizes[i];
                stride[axes - 1] = step[i];
            } else if (sizes[i] != 1) {
                extent[axes] = sizes[i];
                stride[axes++] = step[i];
            }
        }
        if (axes == 0) {
            extent[axes++] = 1;
        }
        return axes;
    }

    /** {@code out[i] = data[base + at]} over the walk, out in row-major order. */
    static void gather(int[] sizes, int[] step, double[] data, int base, double[] out) {
        forEachRun(sizes, step, (index, at, length, along) -> {
            if (along == 1) {
                System.arraycopy(data, base + at, out, index, length);
            } else {
                for (int k = 0, from = base + at; k < length; k++, from += along) {
                    out[index + k] = data[from];
                }
            }
        });
    }

    /** {@code out[base + at] = data[i]} over the walk, data in row-major order. */
    static void place(int[] sizes, int[] step, double[] data, int base, double[] out) {
        forEachRun(sizes, step, (index, at, length, along) -> {
            for (int k = 0, to = base + at; k < length; k++, to += along) {
                out[to] = data[index + k];
            }
        });
    }

    /** The strided positions themselves, in row-major order. */
    static int[] positions(int[] sizes, int[] step) {
        int total = 1;
        for (int size : sizes) {
            total *= size;
        }
        int[] out = new int[total];
        forEachRun(sizes, step, (index, at, length, along) -> {
            for (int k = 0, from = at; k < length; k++, from += along) {
                out[index + k] = from;
            }
        });
        return out;
    }
}
