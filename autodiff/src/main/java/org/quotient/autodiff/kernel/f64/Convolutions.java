package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** The convolution and its adjoints. */
final class Convolutions {
    private Convolutions() {}

    static List<Step> steps(
            Op.Conv op, int batch, int channels, int outputs, Place a, Place b, Place out, Temporaries temporaries) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        int image = batch * channels * op.height() * op.width();
        int kernel = outputs * (channels / op.groups()) * w.kernelHeight() * w.kernelWidth();
        int result = batch * outputs * oh * ow;
        int size = switch (op.form()) {
            case FORWARD -> result;
            case INPUT_ADJOINT -> image;
            case KERNEL_ADJOINT -> kernel;
        };
        double[] x = F64Kernels.array(a);
        double[] y = F64Kernels.array(b);
        double[] z = F64Kernels.array(out);
        int cg = channels / op.groups();
        int og = outputs / op.groups();
        Whole all = () -> {
            Arrays.fill(z, out.offset(), out.offset() + size, 0);
            for (int n = 0; n < batch; n++) {
                for (int o = 0; o < outputs; o++) {
                    for (int c = 0; c < cg; c++) {
                        for (int i = 0; i < w.kernelHeight(); i++) {
                            for (int j = 0; j < w.kernelWidth(); j++) {
                                int k = ((o * cg + c) * w.kernelHeight() + i) * w.kernelWidth() + j;
                                for (int r = 0; r < oh; r++) {
                                    for (int s = 0; s < ow; s++) {
                                        int row = w.inputRow(r, i);
                                        int column = w.inputColumn(s, j);
                                        if (row < 0 || row >= op.height() || column < 0 || column >= op.width()) {
                                            continue;
                                        }
                                        int pixel = ((n * channels + o / og * cg + c) * op.height() + row) * op.width()
                                                + column;
                                        int place = ((n * outputs + o) * oh + r) * ow + s;
                                        switch (op.form()) {
                                            case FORWARD ->
                                                z[out.offset() + place] += x[a.offset() + pixel] * y[b.offset() + k];
                                            case INPUT_ADJOINT ->
                                                z[out.offset() + pixel] += x[a.offset() + place] * y[b.offset() + k];
                                            case KERNEL_ADJOINT ->
                                                z[out.offset() + k] += x[a.offset() + pixel] * y[b.offset() + place];
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        };
        return List.of(all);
    }
}
