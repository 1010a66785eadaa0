package org.quotient.autodiff.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Op;

/** Passes, reductions and copies against their definitions, for random iteration spaces and strides. */
class ElementwiseKernelsTest {

    @BeforeContainer
    static void compileTheVectorCode() {
        for (DType dtype : DType.values()) {
            Kernels.of(dtype).warmUp();
        }
    }

    /** A chain over a random space that reads two operands, each transposed, broadcast or plain, and computes ten things. */
    private record Draw(Chain chain, double[][] operands, DType dtype) {
        static Draw of(long seed, int stores) {
            CounterRandom random = CounterRandom.seeded(seed);
            int rank = random.below(0, 5);
            List<Integer> sizes = new ArrayList<>();
            for (int i = 0; i < rank; i++) {
                int most = i == rank - 1 ? List.of(4, 40, 900).get(random.below(1, 3)) : 7;
                sizes.add(1 + random.below(10 + i, most));
            }
            DType dtype = DType.values()[random.below(2, 2)];
            List<Chain.Load> loads = new ArrayList<>();
            double[][] operands = new double[2][];
            for (int q = 0; q < 2; q++) {
                CounterRandom draw = random.split(q);
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < rank; i++) {
                    order.add(draw.below(i, i + 1), i);
                }
                Integer[] strides = new Integer[rank];
                int step = 1;
                for (int i : order) {
                    boolean repeats = draw.below(20 + i, 4) == 0;
                    strides[i] = repeats ? 0 : step;
                    step *= repeats ? 1 : sizes.get(i);
                }
                loads.add(new Chain.Load(q, List.of(strides)));
                operands[q] = new double[step];
                for (int i = 0; i < step; i++) {
                    operands[q][i] = dtype.round(draw.below(30, 8) == 0 ? 0 : draw.normal(100 + i));
                }
            }
            List<Chain.Instruction> code = new ArrayList<>();
            code.add(new Chain.Constant(0.75));
            for (int i = 0; i < 10; i++) {
                int registers = 3 + i;
                int x = random.below(200 + i, registers);
                int y = random.below(300 + i, registers);
                Op.UnaryKind unary = List.of(
                                Op.UnaryKind.NEG,
                                Op.UnaryKind.RELU,
                                Op.UnaryKind.STEP,
                                Op.UnaryKind.ABS,
                                Op.UnaryKind.DETACH,
                                Op.UnaryKind.TANH)
                        .get(random.below(400 + i, 6));
                Op.BinaryKind binary = List.of(
                                Op.BinaryKind.ADD,
                                Op.BinaryKind.SUB,
                                Op.BinaryKind.MUL,
                                Op.BinaryKind.MAX,
                                Op.BinaryKind.PRELU)
                        .get(random.below(500 + i, 5));
                code.add(random.below(600 + i, 2) == 0 ? new Chain.Unary(unary, x) : new Chain.Binary(binary, x, y));
            }
            List<Integer> stored = new ArrayList<>(List.of(12));
            for (int s = 1; s < stores; s++) {
                stored.add(random.below(700 + s, 13));
            }
            return new Draw(new Chain(sizes, loads, code, stored), operands, dtype);
        }

        double[] expected(int store) {
            double[] result = new double[chain.elements()];
            for (int e = 0; e < result.length; e++) {
                double[] value = new double[13];
                for (int q = 0; q < 2; q++) {
                    int at = 0;
                    int rest = e;
                    for (int axis = chain.sizes().size() - 1; axis >= 0; axis--) {
                        at += rest
                                % chain.sizes().get(axis)
                                * chain.loads().get(q).strides().get(axis);
                        rest /= chain.sizes().get(axis);
                    }
                    value[q] = operands[q][at];
                }
                for (int i = 0; i < chain.code().size(); i++) {
                    value[2 + i] = dtype.round(
                            switch (chain.code().get(i)) {
                                case Chain.Constant c -> c.value();
                                case Chain.Unary u -> unary(u.kind(), value[u.x()]);
                                case Chain.Binary b -> binary(b.kind(), value[b.x()], value[b.y()]);
                            });
                }
                result[e] = value[chain.stores().get(store)];
            }
            return result;
        }

        private static double unary(Op.UnaryKind kind, double x) {
            return switch (kind) {
                case NEG -> -x;
                case RELU -> x <= 0 ? 0 : x;
                case STEP -> x > 0 ? 1 : 0;
                case ABS -> Math.abs(x);
                case TANH -> Math.tanh(x);
                default -> x;
            };
        }

        private static double binary(Op.BinaryKind kind, double x, double y) {
            return switch (kind) {
                case ADD -> x + y;
                case SUB -> x - y;
                case MUL -> x * y;
                case MAX -> Math.max(x, y);
                default -> x > 0 ? x : x * y;
            };
        }
    }

    @Property(seed = "51", tries = 400, edgeCases = EdgeCasesMode.NONE)
    void passes(@ForAll long seed) {
        Draw draw = Draw.of(seed, 3);
        Kernels kernels = Kernels.of(draw.dtype);
        List<Place> in = places(kernels, draw);
        List<Place> out = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            out.add(new Place(kernels.allocate(draw.chain.elements() + s), s));
        }
        run(kernels.chain(draw.chain, in, out), seed % 2 == 0);
        for (int s = 0; s < 3; s++) {
            assertClose(read(kernels, out.get(s), draw.chain.elements()), draw.expected(s), draw.dtype, 1);
        }
    }

    @Property(seed = "52", tries = 200, edgeCases = EdgeCasesMode.NONE)
    void passesInPlace(@ForAll long seed) {
        Draw draw = Draw.of(seed, 1);
        Chain chain = draw.chain;
        List<Integer> dense = new ArrayList<>();
        int step = 1;
        for (int axis = chain.sizes().size() - 1; axis >= 0; axis--) {
            dense.addFirst(step);
            step *= chain.sizes().get(axis);
        }
        Chain aligned = new Chain(
                chain.sizes(), List.of(new Chain.Load(0, dense), chain.loads().get(1)), chain.code(), chain.stores());
        double[] first = new double[chain.elements()];
        for (int i = 0; i < first.length; i++) {
            first[i] = draw.dtype.round(Math.sin(i));
        }
        Draw same = new Draw(aligned, new double[][] {first, draw.operands[1]}, draw.dtype);
        Kernels kernels = Kernels.of(draw.dtype);
        List<Place> in = places(kernels, same);
        run(kernels.chain(aligned, in, List.of(in.get(0))), false);
        assertClose(read(kernels, in.get(0), first.length), same.expected(0), draw.dtype, 1);
    }

    @Property(seed = "53", tries = 400, edgeCases = EdgeCasesMode.NONE)
    void sumsAndMaxima(@ForAll long seed) {
        Draw draw = Draw.of(seed, 1);
        Kernels kernels = Kernels.of(draw.dtype);
        List<Integer> sizes = draw.chain.sizes();
        List<Integer> axes = new ArrayList<>();
        int results = 1;
        for (int axis = 0; axis < sizes.size(); axis++) {
            if (((seed >>> axis) & 1) == 0) {
                axes.add(axis);
            } else {
                results *= sizes.get(axis);
            }
        }
        for (Op.ReduceKind kind : List.of(Op.ReduceKind.SUM, Op.ReduceKind.MAX)) {
            double[] all = draw.expected(0);
            double[] expected = new double[results];
            java.util.Arrays.fill(expected, kind == Op.ReduceKind.MAX ? Double.NEGATIVE_INFINITY : 0);
            for (int e = 0; e < all.length; e++) {
                int at = 0;
                int stride = 1;
                int rest = e;
                for (int axis = sizes.size() - 1; axis >= 0; axis--) {
                    if (!axes.contains(axis)) {
                        at += rest % sizes.get(axis) * stride;
                        stride *= sizes.get(axis);
                    }
                    rest /= sizes.get(axis);
                }
                expected[at] = kind == Op.ReduceKind.SUM ? expected[at] + all[e] : Math.max(expected[at], all[e]);
            }
            Place out = new Place(kernels.allocate(results), 0);
            List<Step> steps = kernels.reduce(kind, draw.chain, axes, places(kernels, draw), out);
            run(steps, false);
            double[] forward = read(kernels, out, results);
            run(steps, true);
            assertThat(read(kernels, out, results)).isEqualTo(forward);
            assertClose(forward, expected, draw.dtype, all.length);
        }
    }

    @Property(seed = "54", tries = 300, edgeCases = EdgeCasesMode.NONE)
    void copies(@ForAll long seed) {
        Draw draw = Draw.of(seed, 1);
        Kernels kernels = Kernels.of(draw.dtype);
        Chain chain = draw.chain;
        Place from = places(kernels, draw).get(0);
        // The target has its axes in the order of the second operand, without repetition, and gaps of one.
        List<Integer> strides = new ArrayList<>();
        int step = 2;
        for (int axis = 0; axis < chain.sizes().size(); axis++) {
            strides.add(step);
            step *= chain.sizes().get(axis);
        }
        Place to = new Place(kernels.allocate(step + 2), 1);
        run(kernels.copy(chain.sizes(), from, chain.loads().get(0).strides(), to, strides), seed % 2 == 0);
        double[] all = read(kernels, new Place(to.array(), 0), step + 2);
        double[] expected = new double[step + 2];
        for (int e = 0; e < chain.elements(); e++) {
            int read = 0;
            int write = 1;
            int rest = e;
            for (int axis = chain.sizes().size() - 1; axis >= 0; axis--) {
                read += rest
                        % chain.sizes().get(axis)
                        * chain.loads().get(0).strides().get(axis);
                write += rest % chain.sizes().get(axis) * strides.get(axis);
                rest /= chain.sizes().get(axis);
            }
            expected[write] = draw.operands[0][read];
        }
        assertThat(all).isEqualTo(expected);
    }

    private static List<Place> places(Kernels kernels, Draw draw) {
        List<Place> places = new ArrayList<>();
        for (double[] operand : draw.operands) {
            Place place = new Place(kernels.allocate(operand.length), 0);
            kernels.load(operand, 0, place, operand.length);
            places.add(place);
        }
        return places;
    }

    private static double[] read(Kernels kernels, Place place, int count) {
        double[] values = new double[count];
        kernels.store(place, values, 0, count);
        return values;
    }

    private static void run(List<Step> steps, boolean reversed) {
        Scratch scratch = new Scratch();
        for (Step step : steps) {
            for (int s = 0; s < step.shards(); s++) {
                step.run(reversed ? step.shards() - 1 - s : s, scratch);
            }
        }
    }

    private static void assertClose(double[] actual, double[] expected, DType dtype, int terms) {
        double unit = dtype == DType.F64 ? 1e-14 : 3e-6;
        double scale = 1;
        for (double e : expected) {
            scale = Math.max(scale, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i])
                    .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(unit * scale * Math.sqrt(terms)));
        }
    }
}
