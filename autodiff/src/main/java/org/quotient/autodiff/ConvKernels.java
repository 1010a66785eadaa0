package org.quotient.autodiff;

import java.util.Arrays;

/** Values of the convolution and its adjoints, by patches and matrix products, image by image and group by group. */
final class ConvKernels {
    private ConvKernels() {}

    static Tensor compute(Op.Conv op, Tensor a, Tensor b, Shape shape, Numbers numbers) {
        return switch (op.form()) {
            case FORWARD -> forward(op, a, b, shape, numbers);
            case INPUT_ADJOINT -> inputAdjoint(op, a, b, shape, numbers);
            case KERNEL_ADJOINT -> kernelAdjoint(op, a, b, shape, numbers);
        };
    }

    private record Sizes(int batch, int channels, int outputs, int inner, int places, int image) {
        static Sizes of(Op.Conv op, int batch, int channels, int outputs) {
            Window w = op.window();
            int places = w.outputHeight(op.height()) * w.outputWidth(op.width());
            int inner = channels / op.groups() * w.kernelHeight() * w.kernelWidth();
            return new Sizes(
                    batch, channels / op.groups(), outputs / op.groups(), inner, places, op.height() * op.width());
        }
    }

    private static Tensor forward(Op.Conv op, Tensor x, Tensor kernel, Shape shape, Numbers numbers) {
        Sizes s = Sizes.of(
                op, x.shape().size(0), x.shape().size(1), kernel.shape().size(0));
        double[] out = new double[shape.elements()];
        double[] patches = new double[s.inner * s.places];
        for (int n = 0; n < s.batch; n++) {
            for (int g = 0; g < op.groups(); g++) {
                int block = n * op.groups() + g;
                patches(op, x.data(), block * s.channels * s.image, s, patches);
                Gemm.multiply(
                        s.outputs,
                        s.places,
                        s.inner,
                        kernel.data(),
                        g * s.outputs * s.inner,
                        patches,
                        0,
                        out,
                        block * s.outputs * s.places,
                        numbers);
            }
        }
        return Tensor.of(shape, x.dtype(), out);
    }

    private static Tensor inputAdjoint(Op.Conv op, Tensor gradient, Tensor kernel, Shape shape, Numbers numbers) {
        Sizes s = Sizes.of(op, shape.size(0), shape.size(1), kernel.shape().size(0));
        double[] out = new double[shape.elements()];
        double[] turned = new double[s.inner * s.outputs];
        for (int g = 0; g < op.groups(); g++) {
            transpose(kernel.data(), g * s.outputs * s.inner, s.outputs, s.inner, turned);
            for (int n = 0; n < s.batch; n++) {
                int block = n * op.groups() + g;
                double[] patches = new double[s.inner * s.places];
                Gemm.multiply(
                        s.inner,
                        s.places,
                        s.outputs,
                        turned,
                        0,
                        gradient.data(),
                        block * s.outputs * s.places,
                        patches,
                        0,
                        numbers);
                fold(op, patches, s, out, block * s.channels * s.image);
            }
        }
        numbers.settle(out, 0, out.length);
        return Tensor.of(shape, gradient.dtype(), out);
    }

    private static Tensor kernelAdjoint(Op.Conv op, Tensor x, Tensor gradient, Shape shape, Numbers numbers) {
        Sizes s = Sizes.of(op, x.shape().size(0), x.shape().size(1), shape.size(0));
        double[] out = new double[shape.elements()];
        double[] patches = new double[s.inner * s.places];
        double[] turned = new double[s.inner * s.places];
        for (int n = 0; n < s.batch; n++) {
            for (int g = 0; g < op.groups(); g++) {
                int block = n * op.groups() + g;
                patches(op, x.data(), block * s.channels * s.image, s, patches);
                transpose(patches, 0, s.inner, s.places, turned);
                Gemm.multiply(
                        s.outputs,
                        s.inner,
                        s.places,
                        gradient.data(),
                        block * s.outputs * s.places,
                        turned,
                        0,
                        out,
                        g * s.outputs * s.inner,
                        numbers);
            }
        }
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void transpose(double[] a, int offset, int rows, int columns, double[] out) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[j * rows + i] = a[offset + i * columns + j];
            }
        }
    }

    /** Patch matrix [channel·tap, place] of one image and group; cells in the padding are 0. */
    private static void patches(Op.Conv op, double[] x, int offset, Sizes s, double[] out) {
        Arrays.fill(out, 0);
        int stride = op.window().strideWidth();
        segments(op, s, (to, from, length) -> {
            if (stride == 1) {
                System.arraycopy(x, offset + from, out, to, length);
            } else {
                for (int k = 0, at = offset + from; k < length; k++, at += stride) {
                    out[to + k] = x[at];
                }
            }
        });
    }

    private static void fold(Op.Conv op, double[] patches, Sizes s, double[] out, int offset) {
        int stride = op.window().strideWidth();
        segments(op, s, (from, to, length) -> {
            for (int k = 0, at = offset + to; k < length; k++, at += stride) {
                out[at] += patches[from + k];
            }
        });
    }

    /** A piece of a patch row that lies inside the image: it steps by 1 in the patch matrix, by the stride in the image. */
    private interface Segment {
        void at(int patch, int pixel, int length);
    }

    private static void segments(Op.Conv op, Sizes s, Segment segment) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        int row = 0;
        for (int c = 0; c < s.channels; c++) {
            for (int i = 0; i < w.kernelHeight(); i++) {
                for (int j = 0; j < w.kernelWidth(); j++, row++) {
                    int first = Math.max(0, Math.ceilDiv(-w.inputColumn(0, j), w.strideWidth()));
                    int end = Math.min(ow, Math.floorDiv(op.width() - 1 - w.inputColumn(0, j), w.strideWidth()) + 1);
                    for (int y = 0; y < oh && first < end; y++) {
                        int r = w.inputRow(y, i);
                        if (r >= 0 && r < op.height()) {
                            int pixel = (c * op.height() + r) * op.width() + w.inputColumn(first, j);
                            segment.at(row * s.places + y * ow + first, pixel, end - first);
                        }
                    }
                }
            }
        }
    }
}
