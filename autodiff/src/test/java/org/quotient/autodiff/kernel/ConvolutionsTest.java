package org.quotient.autodiff.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Window;

/** Numbers are small integers, so that every sum is exact in both number types and in any order. */
class ConvolutionsTest {
    private static final int MARGIN = 3;
    private static final double UNTOUCHED = 77;

    @BeforeContainer
    static void compileTheVectorCode() {
        for (DType dtype : DType.values()) {
            Kernels.of(dtype).warmUp();
        }
    }

    /** A convolution and a seed for its numbers. */
    record Case(
            DType dtype, int batch, int groups, int inner, int outer, int height, int width, Window window, long seed) {

        /** Sizes on both sides of where small work ends. */
        static Case random(long seed) {
            SplittableRandom r = new SplittableRandom(seed);
            Window window = new Window(
                    r.nextInt(1, 5),
                    r.nextInt(1, 5),
                    r.nextInt(1, 4),
                    r.nextInt(1, 4),
                    r.nextInt(0, 5),
                    r.nextInt(0, 5),
                    r.nextInt(0, 5),
                    r.nextInt(0, 5),
                    r.nextInt(1, 3),
                    r.nextInt(1, 3));
            int widest = r.nextInt(5) == 0 ? 75 : 20;
            int leastHeight = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
            int leastWidth = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
            return new Case(
                    r.nextBoolean() ? DType.F64 : DType.F32,
                    r.nextInt(1, r.nextInt(5) == 0 ? 36 : 6),
                    r.nextInt(3) == 0 ? r.nextInt(2, 4) : 1,
                    r.nextInt(1, 9),
                    r.nextInt(1, 15),
                    Math.max(leastHeight - window.padTop() - window.padBottom(), r.nextInt(1, 20)),
                    Math.max(leastWidth - window.padLeft() - window.padRight(), r.nextInt(1, widest)),
                    window,
                    seed);
        }

        Op.Conv op(ConvForm form) {
            return new Op.Conv(form, window, groups, height, width);
        }

        int size(Part part) {
            return NaiveConvolution.sizes(op(ConvForm.FORWARD), batch, groups * inner, groups * outer)[part.ordinal()];
        }

        /** The integers that stand for one of the three arrays. */
        double[] numbers(Part part) {
            return new SplittableRandom(seed * 3 + part.ordinal())
                    .ints(size(part), -4, 5)
                    .asDoubleStream()
                    .toArray();
        }

        double[] expected(ConvForm form) {
            return NaiveConvolution.compute(
                    op(form),
                    batch,
                    groups * inner,
                    groups * outer,
                    numbers(Part.first(form)),
                    numbers(Part.second(form)));
        }
    }

    /** The three arrays of a convolution. */
    enum Part {
        IMAGE,
        KERNEL,
        OUTPUT;

        static Part first(ConvForm form) {
            return form == ConvForm.INPUT_ADJOINT ? OUTPUT : IMAGE;
        }

        static Part second(ConvForm form) {
            return form == ConvForm.KERNEL_ADJOINT ? OUTPUT : KERNEL;
        }

        static Part result(ConvForm form) {
            return switch (form) {
                case FORWARD -> OUTPUT;
                case INPUT_ADJOINT -> IMAGE;
                case KERNEL_ADJOINT -> KERNEL;
            };
        }
    }

    /** A convolution bound to arrays with a margin on both sides. */
    private static final class Bound {
        private final Kernels kernels;
        private final Place out;
        private final int size;
        private final List<Step> steps;
        private final Scratch scratch = new Scratch();

        Bound(Case c, ConvForm form) {
            this(c, form, 1);
        }

        /** With the first operand multiplied by a factor. */
        Bound(Case c, ConvForm form, double factor) {
            kernels = Kernels.of(c.dtype);
            size = c.size(Part.result(form));
            out = place(new double[size]);
            Temporaries temporaries = new Temporaries();
            steps = kernels.convolve(
                    c.op(form),
                    c.batch,
                    c.groups * c.inner,
                    c.groups * c.outer,
                    place(Arrays.stream(c.numbers(Part.first(form)))
                            .map(v -> v * factor)
                            .toArray()),
                    place(c.numbers(Part.second(form))),
                    out,
                    temporaries);
            temporaries.allocate(kernels);
        }

        private Place place(double[] values) {
            double[] all = new double[values.length + 2 * MARGIN];
            Arrays.fill(all, UNTOUCHED);
            System.arraycopy(values, 0, all, MARGIN, values.length);
            Object array = kernels.allocate(all.length);
            kernels.load(all, 0, new Place(array, 0), all.length);
            return new Place(array, MARGIN);
        }

        void run() {
            for (int s = 0; s < steps.size(); s++) {
                Step step = steps.get(s);
                for (int i = 0; i < step.shards(); i++) {
                    step.run(i, scratch);
                }
            }
        }

        void runBackwardsWithScratchOfItsOwn() {
            for (Step step : steps) {
                for (int i = step.shards() - 1; i >= 0; i--) {
                    step.run(i, new Scratch());
                }
            }
        }

        double[] everything() {
            double[] all = new double[size + 2 * MARGIN];
            kernels.store(new Place(out.array(), 0), all, 0, all.length);
            return all;
        }

        double[] result() {
            return Arrays.copyOfRange(everything(), MARGIN, MARGIN + size);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.longs().map(Case::random);
    }

    @Property(tries = 300)
    @Label("each form is its defining sum, and writes nothing else; a second run sees nothing of the first")
    void definition(@ForAll("cases") Case c, @ForAll ConvForm form) {
        Bound bound = new Bound(c, form);
        bound.run();
        bound.run();
        assertThat(bound.result()).isEqualTo(c.expected(form));
        double[] all = bound.everything();
        assertThat(Arrays.copyOf(all, MARGIN)).containsOnly(UNTOUCHED);
        assertThat(Arrays.copyOfRange(all, all.length - MARGIN, all.length)).containsOnly(UNTOUCHED);
    }

    @Property(tries = 60)
    @Label("<conv(x, k), g> = <x, input adjoint (g, k)> = <k, kernel adjoint (x, g)>")
    void adjoint(@ForAll("cases") Case c) {
        double[] inner = new double[ConvForm.values().length];
        for (ConvForm form : ConvForm.values()) {
            Bound bound = new Bound(c, form);
            bound.run();
            inner[form.ordinal()] = dot(bound.result(), c.numbers(Part.result(form)));
        }
        assertThat(inner).containsOnly(inner[0]);
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Property(tries = 60)
    @Label("shards in reverse order, each with its own scratch memory, give the same bits on real numbers")
    void order(@ForAll("cases") Case c, @ForAll ConvForm form) {
        Bound there = new Bound(c, form, 1 / 3.0);
        Bound back = new Bound(c, form, 1 / 3.0);
        there.run();
        back.runBackwardsWithScratchOfItsOwn();
        assertThat(back.everything()).isEqualTo(there.everything());
    }

    @Example
    @Label("the layers of the networks of this field")
    void layers() {
        for (Window window : List.of(Window.square(3, 1, 1), Window.square(3, 2, 1), Window.square(1, 2, 0))) {
            for (int size : new int[] {4, 8}) {
                for (ConvForm form : ConvForm.values()) {
                    Case c = new Case(DType.F32, 33, 1, 60, 64, size, size, window, size);
                    Bound bound = new Bound(c, form);
                    bound.run();
                    assertThat(bound.result()).as(c + " " + form).isEqualTo(c.expected(form));
                }
            }
        }
    }

    @Example
    @Label("no allocation in a hundred runs, once scratch memory has grown and everything is compiled")
    void allocation() {
        for (DType dtype : DType.values()) {
            for (ConvForm form : ConvForm.values()) {
                Bound bound = new Bound(new Case(dtype, 3, 1, 8, 16, 9, 9, Window.square(3, 2, 1), 1), form);
                // Code that is being compiled again allocates for a while: how long depends on what else the machine
                // does.
                long start = System.nanoTime();
                int quiet = 0;
                while (quiet < 10 && System.nanoTime() - start < 20_000_000_000L) {
                    quiet = allocated(bound) == 0 ? quiet + 1 : 0;
                }
                assertThat(quiet).as(dtype + " " + form).isEqualTo(10);
            }
        }
    }

    /** Bytes that ten runs allocate. */
    private static long allocated(Bound bound) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 10; i++) {
            bound.run();
        }
        return threads.getThreadAllocatedBytes(thread) - before;
    }
}
