package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** The convolution and its adjoints. */
final class Convolutions {
    private static final long SMALL = 100_000;

    private Convolutions() {}

    static List<Step> steps(
            Op.Conv op, int batch, int channels, int outputs, Place a, Place b, Place out, Temporaries temporaries) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        int cg = channels / op.groups();
        int og = outputs / op.groups();
        double[] x = F64Kernels.array(a);
        double[] y = F64Kernels.array(b);
        double[] z = F64Kernels.array(out);
        long flops = 2L * batch * outputs * cg * w.kernelHeight() * w.kernelWidth() * oh * ow;
        if (flops < SMALL
                || ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return List.of(
                    new PlainConvolutions(op, batch, channels, outputs, x, a.offset(), y, b.offset(), z, out.offset()));
        }
        return switch (op.form()) {
            case FORWARD -> {
                CorrelationStep.Sizes sizes =
                        new CorrelationStep.Sizes(batch, op.groups(), cg, og, op.height() * op.width(), oh, ow);
                CorrelationStep.Weights weights = new CorrelationStep.Weights() {
                    @Override
                    public double[] array() {
                        return y;
                    }

                    @Override
                    public int offset(int pass) {
                        return b.offset();
                    }
                };
                yield List.of(
                        new CorrelationStep(Correlation.forward(op), sizes, weights, x, a.offset(), z, out.offset()));
            }
            case INPUT_ADJOINT -> {
                Correlation correlation = Correlation.inputAdjoint(op);
                TurnedKernel turned = new TurnedKernel(
                        correlation,
                        op.groups(),
                        cg,
                        og,
                        w.kernelHeight() * w.kernelWidth(),
                        y,
                        b.offset(),
                        temporaries);
                CorrelationStep.Sizes sizes =
                        new CorrelationStep.Sizes(batch, op.groups(), og, cg, oh * ow, op.height(), op.width());
                yield List.of(turned, new CorrelationStep(correlation, sizes, turned, x, a.offset(), z, out.offset()));
            }
            case KERNEL_ADJOINT ->
                new KernelGradient(op, batch, cg, og, x, a.offset(), y, b.offset(), temporaries).steps(z, out.offset());
        };
    }
}
