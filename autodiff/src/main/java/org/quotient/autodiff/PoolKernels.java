package org.quotient.autodiff;

import java.util.List;

/** Values of the window operations on [N, C, H, W]. */
final class PoolKernels {
    private PoolKernels() {}

    static Tensor compute(Op.Pool op, List<Tensor> operands, Shape shape, Numbers numbers) {
        Tensor x = operands.get(0);
        int planes = x.shape().size(0) * x.shape().size(1);
        int image = op.height() * op.width();
        Window w = op.window();
        int places = w.outputHeight(op.height()) * w.outputWidth(op.width());
        double[] out = new double[shape.elements()];
        int[] chosen = new int[places];
        for (int plane = 0; plane < planes; plane++) {
            int in = plane * image;
            int to = plane * places;
            switch (op.kind()) {
                case SUM -> walk(op, (place, pixel) -> out[to + place] += x.get(in + pixel));
                case SUM_ADJOINT -> walk(op, (place, pixel) -> out[in + pixel] += x.get(to + place));
                case MAX, MAX_SELECT, MAX_SCATTER -> {
                    choose(op, x.data(), in, chosen);
                    for (int i = 0; i < places; i++) {
                        place(op.kind(), operands, out, in, to, i, chosen[i]);
                    }
                }
            }
        }
        if (op.kind() == Op.PoolKind.SUM || op.kind() == Op.PoolKind.SUM_ADJOINT) {
            for (int i = 0; i < out.length; i++) {
                out[i] = numbers.settle(out[i]);
            }
        }
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void place(Op.PoolKind kind, List<Tensor> operands, double[] out, int in, int to, int i, int pixel) {
        if (kind == Op.PoolKind.MAX) {
            out[to + i] = pixel < 0 ? Double.NEGATIVE_INFINITY : operands.get(0).get(in + pixel);
        } else if (pixel >= 0 && kind == Op.PoolKind.MAX_SELECT) {
            out[to + i] = operands.get(1).get(in + pixel);
        } else if (pixel >= 0) {
            out[in + pixel] += operands.get(1).get(to + i);
        }
    }

    private static void choose(Op.Pool op, double[] x, int in, int[] chosen) {
        java.util.Arrays.fill(chosen, -1);
        walk(op, (place, pixel) -> {
            int old = chosen[place];
            if (old < 0 || ReduceKernels.beats(x[in + pixel], x[in + old])) {
                chosen[place] = pixel;
            }
        });
    }

    private interface Cell {
        void at(int place, int pixel);
    }

    /** Visits the cells inside the image, window by window, each in row-major order. */
    private static void walk(Op.Pool op, Cell cell) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        for (int y = 0; y < oh; y++) {
            for (int x = 0; x < ow; x++) {
                for (int i = 0; i < w.kernelHeight(); i++) {
                    int r = w.inputRow(y, i);
                    for (int j = 0; j < w.kernelWidth() && r >= 0 && r < op.height(); j++) {
                        int q = w.inputColumn(x, j);
                        if (q >= 0 && q < op.width()) {
                            cell.at(y * ow + x, r * op.width() + q);
                        }
                    }
                }
            }
        }
    }
}
