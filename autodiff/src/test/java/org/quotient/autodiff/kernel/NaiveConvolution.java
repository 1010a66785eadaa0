package org.quotient.autodiff.kernel;

import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;

/** The convolution and its adjoints by their definition: out(n, o, y, x) = Σ image(n, c, row, column)·kernel(o, c, i, j). */
public final class NaiveConvolution {
    private NaiveConvolution() {}

    /** The sizes of image, kernel and output of an operation. */
    public static int[] sizes(Op.Conv op, int batch, int channels, int outputs) {
        Window w = op.window();
        return new int[] {
            batch * channels * op.height() * op.width(),
            outputs * (channels / op.groups()) * w.kernelHeight() * w.kernelWidth(),
            batch * outputs * w.outputHeight(op.height()) * w.outputWidth(op.width())
        };
    }

    /** The result of the operation's form. */
    public static double[] compute(Op.Conv op, int batch, int channels, int outputs, double[] a, double[] b) {
        Window w = op.window();
        int inner = channels / op.groups();
        int outer = outputs / op.groups();
        int[] sizes = sizes(op, batch, channels, outputs);
        double[] out = new double
                [switch (op.form()) {
                    case FORWARD -> sizes[2];
                    case INPUT_ADJOINT -> sizes[0];
                    case KERNEL_ADJOINT -> sizes[1];
                }];
        int place = 0;
        for (int n = 0; n < batch; n++) {
            for (int o = 0; o < outputs; o++) {
                for (int y = 0; y < w.outputHeight(op.height()); y++) {
                    for (int x = 0; x < w.outputWidth(op.width()); x++, place++) {
                        for (int k = 0; k < inner * w.kernelHeight() * w.kernelWidth(); k++) {
                            int c = k / w.kernelWidth() / w.kernelHeight();
                            int row = w.inputRow(y, k / w.kernelWidth() % w.kernelHeight());
                            int column = w.inputColumn(x, k % w.kernelWidth());
                            if (row < 0 || row >= op.height() || column < 0 || column >= op.width()) {
                                continue;
                            }
                            int channel = n * channels + o / outer * inner + c;
                            int pixel = (channel * op.height() + row) * op.width() + column;
                            int weight = o * inner * w.kernelHeight() * w.kernelWidth() + k;
                            switch (op.form()) {
                                case FORWARD -> out[place] += a[pixel] * b[weight];
                                case INPUT_ADJOINT -> out[pixel] += a[place] * b[weight];
                                case KERNEL_ADJOINT -> out[weight] += a[pixel] * b[place];
                            }
                        }
                    }
                }
            }
        }
        return out;
    }
}
