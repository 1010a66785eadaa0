package org.quotient.autodiff.kernel.f64;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * The kernel as the adjoint in the image needs it: for each pass, row-major [groups, channels, outputs, taps of the pass]. A
 * step of its own, because all shards of the correlation read it.
 */
final class TurnedKernel implements Step, CorrelationStep.Weights {
    private final Correlation correlation;
    private final int groups;
    private final int channels;
    private final int outputs;
    private final int window;
    private final double[] kernel;
    private final int kernelOffset;
    private Temporaries.@Nullable Temporary turned;
    private final int[] offsets;

    /**
     * Binds the step.
     *
     * @param correlation the adjoint
     * @param groups of channels
     * @param channels of the image in a group
     * @param outputs of the forward convolution in a group
     * @param window elements kh·kw of a kernel
     * @param kernel row-major [groups, outputs, channels, kh·kw]
     * @param kernelOffset index of its first element
     */
    TurnedKernel(
            Correlation correlation,
            int groups,
            int channels,
            int outputs,
            int window,
            double[] kernel,
            int kernelOffset) {
        this.correlation = correlation;
        this.groups = groups;
        this.channels = channels;
        this.outputs = outputs;
        this.window = window;
        this.kernel = kernel;
        this.kernelOffset = kernelOffset;
        this.offsets = new int[correlation.passes().size()];
        int at = 0;
        for (int p = 0; p < offsets.length; p++) {
            offsets[p] = at;
            at += groups * channels * outputs * correlation.passes().get(p).kernel().length;
        }
    }

    /** Asks for memory of the size of the kernel, kind 0. To be called before the step runs. */
    void request(Temporaries temporaries) {
        turned = temporaries.request(0, groups * channels * outputs * window);
    }

    @Override
    public double[] array() {
        return (double[]) Objects.requireNonNull(turned).array();
    }

    @Override
    public int offset(int pass) {
        return offsets[pass];
    }

    @Override
    public int shards() {
        return groups;
    }

    @Override
    public void run(int group, Scratch scratch) {
        double[] to = array();
        for (int p = 0; p < offsets.length; p++) {
            int[] taps = correlation.passes().get(p).kernel();
            int at = offsets[p] + group * channels * outputs * taps.length;
            for (int c = 0; c < channels; c++) {
                for (int o = 0; o < outputs; o++) {
                    int from = kernelOffset + ((group * outputs + o) * channels + c) * window;
                    for (int tap : taps) {
                        to[at++] = kernel[from + tap];
                    }
                }
            }
        }
    }
}
