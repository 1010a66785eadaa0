package org.quotient.autodiff;

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
                Strided.gather(shape.sizes(), step, data, 0, out);
            }
            case Op.Broadcast b -> {
                int[] strides = x.shape().strides();
                int[] step = new int[shape.rank()];
                for (int i = 0; i < strides.length; i++) {
                    step[b.axes().get(i)] = strides[i];
                }
                Strided.gather(shape.sizes(), step, data, 0, out);
            }
            case Op.Slice s -> {
                int[] strides = x.shape().strides();
                int[] step = new int[strides.length];
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    step[i] = strides[i] * s.steps().get(i);
                    base += strides[i] * s.starts().get(i);
                }
                Strided.gather(shape.sizes(), step, data, base, out);
            }
            case Op.Pad p -> {
                int[] strides = shape.strides();
                int[] step = new int[strides.length];
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    step[i] = strides[i] * (p.interior().get(i) + 1);
                    base += strides[i] * p.before().get(i);
                }
                Strided.place(x.shape().sizes(), step, data, base, out);
            }
            case Op.Concat c -> concat(c, operands, shape, out);
            case Op.Gather g -> {
                int[] indices = g.indices().stream().mapToInt(Integer::intValue).toArray();
                int inner = x.shape().strides()[g.axis()];
                int block = inner * x.shape().size(g.axis());
                for (int o = 0, to = 0; to < out.length; o += block) {
                    for (int index : indices) {
                        System.arraycopy(data, o + index * inner, out, to, inner);
                        to += inner;
                    }
                }
            }
            case Op.Scatter s -> {
                int[] indices = s.indices().stream().mapToInt(Integer::intValue).toArray();
                int inner = shape.strides()[s.axis()];
                int block = inner * s.size();
                for (int o = 0, from = 0; from < data.length; o += block) {
                    for (int index : indices) {
                        for (int k = 0; k < inner; k++) {
                            out[o + index * inner + k] += data[from++];
                        }
                    }
                }
                numbers.settle(out, 0, out.length);
            }
        }
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void concat(Op.Concat c, List<Tensor> operands, Shape shape, double[] out) {
        int[] strides = shape.strides();
        int offset = 0;
        for (Tensor part : operands) {
            int start = offset * strides[c.axis()];
            Strided.place(part.shape().sizes(), strides, part.data(), start, out);
            offset += part.shape().size(c.axis());
        }
    }
}
