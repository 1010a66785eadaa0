package org.quotient.autodiff;

import java.util.Arrays;
import java.util.List;

/** Values of the operations that move elements: each is a strided copy from or to the larger array. */
final class MoveKernels {
    private MoveKernels() {}

    static Tensor compute(Op.Move op, List<Tensor> operands, Shape shape, Numbers numbers) {
        Tensor x = operands.get(0);
        double[] data = x.data();
        double[] out = new double[shape.elements()];
        switch (op) {
            case Op.Reshape r -> {
                return x.reshaped(shape);
            }
            case Op.Transpose t -> {
                int[] strides = x.shape().strides();
                int[] step = t.order().stream().mapToInt(i -> strides[i]).toArray();
                Strided.forEach(shape.sizes(), step, (i, at) -> out[i] = data[at]);
            }
            case Op.Broadcast b -> {
                int[] strides = x.shape().strides();
                int[] step = new int[shape.rank()];
                for (int i = 0; i < strides.length; i++) {
                    step[b.axes().get(i)] = strides[i];
                }
                Strided.forEach(shape.sizes(), step, (i, at) -> out[i] = data[at]);
            }
            case Op.Slice s -> {
                int[] strides = x.shape().strides();
                int[] step = new int[strides.length];
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    step[i] = strides[i] * s.steps().get(i);
                    base += strides[i] * s.starts().get(i);
                }
                int start = base;
                Strided.forEach(shape.sizes(), step, (i, at) -> out[i] = data[start + at]);
            }
            case Op.Pad p -> {
                int[] strides = shape.strides();
                int[] step = new int[strides.length];
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    step[i] = strides[i] * (p.interior().get(i) + 1);
                    base += strides[i] * p.before().get(i);
                }
                int start = base;
                Strided.forEach(x.shape().sizes(), step, (i, at) -> out[start + at] = data[i]);
            }
            case Op.Concat c -> concat(c, operands, shape, out);
            case Op.Gather g -> along(g.axis(), g.indices(), shape, x.shape(), (i, at) -> out[i] = data[at]);
            case Op.Scatter s -> {
                along(s.axis(), s.indices(), x.shape(), shape, (i, at) -> out[at] += data[i]);
                for (int i = 0; i < out.length; i++) {
                    out[i] = numbers.settle(out[i]);
                }
            }
        }
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void concat(Op.Concat c, List<Tensor> operands, Shape shape, double[] out) {
        int[] strides = shape.strides();
        int offset = 0;
        for (Tensor part : operands) {
            int start = offset * strides[c.axis()];
            double[] data = part.data();
            Strided.forEach(part.shape().sizes(), strides, (i, at) -> out[start + at] = data[i]);
            offset += part.shape().size(c.axis());
        }
    }

    /** Visits the gathered array in row-major order with the position in the full one. */
    private static void along(int axis, List<Integer> indices, Shape gathered, Shape full, Strided.Visit visit) {
        int[] strides = full.strides();
        int[] step = Arrays.copyOf(strides, strides.length);
        int along = strides[axis];
        int[] inner = gathered.strides();
        step[axis] = 0;
        Strided.forEach(gathered.sizes(), step, (i, at) -> {
            int k = i / inner[axis] % indices.size();
            visit.at(i, at + indices.get(k) * along);
        });
    }
}
