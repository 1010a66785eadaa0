package org.quotient.autodiff;

import java.util.List;

/** Values of the window operations on [N, C, H, W]. */
final class PoolKernels {
    private PoolKernels() {}

    static Tensor compute(Op.Pool op, List<Tensor> operands, Shape shape, Numbers numbers) {
        Tensor x = operands.get(0);
        Cells cells = Cells.of(op);
        int image = op.height() * op.width();
        int places = cells.places();
        int planes = shape.size(0) * shape.size(1);
        double[] out = new double[shape.elements()];
        int[] chosen = new int[places];
        for (int plane = 0; plane < planes; plane++) {
            int in = plane * image;
            int to = plane * places;
            switch (op.kind()) {
                case SUM -> sum(cells, x.data(), in, out, to);
                case SUM_ADJOINT -> spread(cells, x.data(), to, out, in);
                case MAX, MAX_SELECT, MAX_SCATTER -> {
                    choose(cells, x.data(), in, chosen);
                    for (int i = 0; i < places; i++) {
                        place(op.kind(), operands, out, in, to + i, chosen[i]);
                    }
                }
            }
        }
        numbers.settle(out, 0, out.length);
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void sum(Cells cells, double[] x, int in, double[] out, int to) {
        for (int i = 0; i < cells.places(); i++) {
            double total = 0;
            for (int k = cells.start[i]; k < cells.start[i + 1]; k++) {
                total += x[in + cells.pixel[k]];
            }
            out[to + i] = total;
        }
    }

    private static void spread(Cells cells, double[] gradient, int from, double[] out, int in) {
        for (int i = 0; i < cells.places(); i++) {
            for (int k = cells.start[i]; k < cells.start[i + 1]; k++) {
                out[in + cells.pixel[k]] += gradient[from + i];
            }
        }
    }

    private static void place(Op.PoolKind kind, List<Tensor> operands, double[] out, int in, int at, int pixel) {
        if (kind == Op.PoolKind.MAX) {
            out[at] = pixel < 0 ? Double.NEGATIVE_INFINITY : operands.get(0).get(in + pixel);
        } else if (pixel >= 0 && kind == Op.PoolKind.MAX_SELECT) {
            out[at] = operands.get(1).get(in + pixel);
        } else if (pixel >= 0) {
            out[in + pixel] += operands.get(1).get(at);
        }
    }

    private static void choose(Cells cells, double[] x, int in, int[] chosen) {
        for (int i = 0; i < chosen.length; i++) {
            int best = -1;
            for (int k = cells.start[i]; k < cells.start[i + 1]; k++) {
                int pixel = cells.pixel[k];
                if (best < 0 || ReduceKernels.beats(x[in + pixel], x[in + best])) {
                    best = pixel;
                }
            }
            chosen[i] = best;
        }
    }

    /** The pixels of window i inside the image, row by row: {@code pixel[start[i]]} to {@code pixel[start[i + 1] − 1]}. */
    private record Cells(int[] start, int[] pixel) {
        int places() {
            return start.length - 1;
        }

        static Cells of(Op.Pool op) {
            Window w = op.window();
            int oh = w.outputHeight(op.height());
            int ow = w.outputWidth(op.width());
            int[] start = new int[oh * ow + 1];
            int[] pixel = new int[oh * ow * w.kernelHeight() * w.kernelWidth()];
            int count = 0;
            for (int place = 0; place < oh * ow; place++) {
                for (int i = 0; i < w.kernelHeight(); i++) {
                    int r = w.inputRow(place / ow, i);
                    for (int j = 0; j < w.kernelWidth() && r >= 0 && r < op.height(); j++) {
                        int q = w.inputColumn(place % ow, j);
                        if (q >= 0 && q < op.width()) {
                            pixel[count++] = r * op.width() + q;
                        }
                    }
                }
                start[place + 1] = count;
            }
            return new Cells(start, pixel);
        }
    }
}
