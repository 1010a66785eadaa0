package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * The convolution and its adjoints: chooses by sizes how each is computed. Small work, and the adjoint of a depthwise convolution in
 * its kernel, run in plain loops ({@link PlainConvolutions}), everything else as matrix products on the register tile: {@link CorrelationStep} for the
 * forward form and the adjoint in the image, {@link LaneCorrelation} for the same on many small images, {@link KernelGradient}
 * for the adjoint in the kernel.
 */
final class Convolutions {
    /** Below this many multiplications and additions plain loops are as good and need no warming up. */
    private static final long SMALL = 100_000;

    /** Pixels of source and result up to which one lane per image is tried. */
    private static final int SMALL_IMAGE = 256;

    /** Taps up to which it is tried: the panels of all of them are packed at once. */
    private static final int FEW_TAPS = 25;

    /** Products per number of source and of result from which laying them out anew for lanes is cheap. */
    private static final int MANY_PRODUCTS = 512;

    /** Part of the work that lanes have to save; nothing for a strided adjoint, whose result is stored number by number. */
    private static final double /*wide*/ SAVING = 0.1;

    private Convolutions() {}

    static List<Step> steps(
            Op.Conv op, int batch, int channels, int outputs, Place a, Place b, Place out, Temporaries temporaries) {
        Window w = op.window();
        int places = w.outputHeight(op.height()) * w.outputWidth(op.width());
        int taps = w.kernelHeight() * w.kernelWidth();
        int cg = channels / op.groups();
        int og = outputs / op.groups();
        double[] x = F64Kernels.array(a);
        double[] y = F64Kernels.array(b);
        double[] z = F64Kernels.array(out);
        long flops = 2L * batch * outputs * cg * taps * places;
        if (flops < SMALL || Tile.COLUMNS == 0 || Math.max(cg, og) == 1 && op.form() == Op.ConvForm.KERNEL_ADJOINT) {
            return List.of(
                    new PlainConvolutions(op, batch, channels, outputs, x, a.offset(), y, b.offset(), z, out.offset()));
        }
        if (op.form() == Op.ConvForm.KERNEL_ADJOINT) {
            return new KernelGradient(op, batch, cg, og, x, a.offset(), y, b.offset(), temporaries)
                    .steps(z, out.offset());
        }
        boolean forward = op.form() == Op.ConvForm.FORWARD;
        int inner = forward ? cg : og;
        int outer = forward ? og : cg;
        Correlation correlation = forward ? Correlation.forward(op) : Correlation.inputAdjoint(op);
        TurnedKernel turned = new TurnedKernel(correlation, op.groups(), cg, og, taps, y, b.offset());
        CorrelationStep step = new CorrelationStep(
                correlation,
                CorrelationStep.Sizes.of(op, batch, inner, outer),
                forward ? CorrelationStep.Weights.of(y, b.offset()) : turned,
                x,
                a.offset(),
                z,
                out.offset());
        if (Math.max(places, op.height() * op.width()) <= SMALL_IMAGE
                && Math.min(inner, outer) * taps >= MANY_PRODUCTS
                && taps <= FEW_TAPS) {
            LanePlan plan = LanePlan.of(op, batch);
            double /*wide*/ saving = correlation.passes().size() > 1 ? 0 : SAVING;
            if (plan.work() <= step.work() * (1 - saving)) {
                return new LaneCorrelation(plan, op, batch, inner, outer, z, out.offset(), temporaries)
                        .steps(x, a.offset(), y, b.offset());
            }
        }
        if (forward) {
            return List.of(step);
        }
        turned.request(temporaries);
        return List.of(turned, step);
    }
}
