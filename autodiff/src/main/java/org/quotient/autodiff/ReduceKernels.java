package org.quotient.autodiff;

import java.util.Arrays;
import java.util.List;

/** Values of the reductions. */
final class ReduceKernels {
    private ReduceKernels() {}

    static Tensor compute(Op.Reduce op, Tensor x, Shape shape, Numbers numbers) {
        int[] group = groups(x.shape(), op.axes());
        int count = x.shape().without(op.axes()).elements();
        double[] data = x.data();
        return switch (op.kind()) {
            case SUM -> {
                double[] out = new double[count];
                for (int i = 0; i < data.length; i++) {
                    out[group[i]] += data[i];
                }
                numbers.settle(out, 0, count);
                yield Tensor.of(shape, x.dtype(), out);
            }
            case MAX -> {
                int[] first = firstMax(data, group, count);
                double[] out = new double[count];
                for (int i = 0; i < count; i++) {
                    out[i] = first[i] < 0 ? Double.NEGATIVE_INFINITY : data[first[i]];
                }
                yield Tensor.of(shape, x.dtype(), out);
            }
            case FIRST_MAX -> {
                double[] out = new double[data.length];
                for (int i : firstMax(data, group, count)) {
                    if (i >= 0) {
                        out[i] = 1;
                    }
                }
                yield Tensor.of(shape, x.dtype(), out);
            }
        };
    }

    private static int[] firstMax(double[] data, int[] group, int count) {
        int[] first = new int[count];
        Arrays.fill(first, -1);
        for (int i = 0; i < data.length; i++) {
            int old = first[group[i]];
            if (old < 0 || beats(data[i], data[old])) {
                first[group[i]] = i;
            }
        }
        return first;
    }

    /** Whether a later element replaces the maximum so far: it is larger, or the first NaN. */
    static boolean beats(double later, double best) {
        return later > best || (Double.isNaN(later) && !Double.isNaN(best));
    }

    /** For each element, the row-major index of its group once the axes are removed. */
    static int[] groups(Shape shape, List<Integer> axes) {
        int[] strides = shape.without(axes).strides();
        int[] step = new int[shape.rank()];
        for (int i = 0, k = 0; i < step.length; i++) {
            step[i] = axes.contains(i) ? 0 : strides[k++];
        }
        return Strided.positions(shape.sizes(), step);
    }
}
