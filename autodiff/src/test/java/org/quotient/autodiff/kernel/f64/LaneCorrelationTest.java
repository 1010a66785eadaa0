package org.quotient.autodiff.kernel.f64;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.NaiveConvolution;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** Lanes are chosen for large work only; here they compute small, odd convolutions of integers. */
class LaneCorrelationTest {

    /** A convolution with few channels and any window. */
    record Case(int batch, int groups, int inner, int outer, int height, int width, Window window, long seed) {
        static Case random(long seed) {
            SplittableRandom r = new SplittableRandom(seed);
            Window window = new Window(
                    r.nextInt(1, 4),
                    r.nextInt(1, 4),
                    r.nextInt(1, 4),
                    r.nextInt(1, 4),
                    r.nextInt(0, 4),
                    r.nextInt(0, 4),
                    r.nextInt(0, 4),
                    r.nextInt(0, 4),
                    r.nextInt(1, 3),
                    r.nextInt(1, 3));
            int leastHeight = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
            int leastWidth = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
            return new Case(
                    r.nextInt(1, 20),
                    r.nextInt(1, 3),
                    r.nextInt(6) == 0 ? 67 : r.nextInt(1, 5),
                    r.nextInt(1, 9),
                    Math.max(leastHeight - window.padTop() - window.padBottom(), r.nextInt(1, 6)),
                    Math.max(leastWidth - window.padLeft() - window.padRight(), r.nextInt(1, 6)),
                    window,
                    seed);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.longs().map(Case::random);
    }

    @Property(tries = 200)
    @Label("one lane per image gives the convolution and its adjoint in the image, in any order of the shards")
    void definition(@ForAll("cases") Case c, @ForAll boolean forward, @ForAll boolean backwards) {
        Op.Conv op =
                new Op.Conv(forward ? ConvForm.FORWARD : ConvForm.INPUT_ADJOINT, c.window, c.groups, c.height, c.width);
        int channels = c.groups * c.inner;
        int outputs = c.groups * c.outer;
        int[] sizes = NaiveConvolution.sizes(op, c.batch, channels, outputs);
        SplittableRandom random = new SplittableRandom(c.seed);
        double[] a = random.ints(sizes[forward ? 0 : 2], -4, 5).asDoubleStream().toArray();
        double[] kernel = random.ints(sizes[1], -4, 5).asDoubleStream().toArray();
        double[] result = new double[sizes[forward ? 2 : 0]];
        Temporaries temporaries = new Temporaries();
        List<Step> steps = new LaneCorrelation(
                        LanePlan.of(op, c.batch),
                        op,
                        c.batch,
                        forward ? c.inner : c.outer,
                        forward ? c.outer : c.inner,
                        result,
                        0,
                        temporaries)
                .steps(a, 0, kernel, 0);
        temporaries.allocate(F64Kernels.INSTANCE);
        for (Step step : steps) {
            for (int i = 0; i < step.shards(); i++) {
                step.run(backwards ? step.shards() - 1 - i : i, new Scratch());
            }
        }
        assertThat(result).isEqualTo(NaiveConvolution.compute(op, c.batch, channels, outputs, a, kernel));
    }
}
