package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

@DisplayName("Passes over rows of what a product makes follow it some rows at a time")
class FollowingTest {
    private static final int RUNS = 6;

    static Stream<Arguments> sizes() {
        return Stream.of(DType.values())
                .flatMap(dtype -> Stream.of(
                        // Whole tiles and rests of rows and of columns; short and long sums; one block and many.
                        Arguments.of(dtype, 64, 256, 784),
                        Arguments.of(dtype, 40, 301, 707),
                        Arguments.of(dtype, 1, 130, 2_000),
                        Arguments.of(dtype, 520, 530, 300),
                        Arguments.of(dtype, 7, 900, 75)));
    }

    private record Layer(Expr x, Expr d, Expr w, Expr v, Map<String, Tensor> given) {
        static Layer of(DType dtype, int samples, int units, int inputs) {
            CounterRandom random = CounterRandom.seeded(units);
            Map<String, Tensor> given = new LinkedHashMap<>();
            Map.of(
                            "x", Shape.of(samples, inputs),
                            "d", Shape.of(samples, units),
                            "w", Shape.of(units, inputs),
                            "v", Shape.of(units, inputs))
                    .forEach((name, shape) -> given.put(name, Tensor.fill(shape, dtype, random.split(name)::normal)));
            return new Layer(
                    Expr.input("x", dtype, Shape.of(samples, inputs)),
                    Expr.input("d", dtype, Shape.of(samples, units)),
                    Expr.parameter("w", dtype, Shape.of(units, inputs)),
                    Expr.parameter("v", dtype, Shape.of(units, inputs)),
                    given);
        }

        Expr gradient() {
            return Ops.einsum("bn,bk->nk", d, x);
        }

        private Expr perRow(Expr vector) {
            return Expr.of(new Op.Broadcast(w.shape(), List.of(0)), vector);
        }

        Map<String, Tensor> only(Program program) {
            Map<String, Tensor> values = new LinkedHashMap<>(given);
            values.keySet().retainAll(program.variables().keySet());
            return values;
        }
    }

    /** Outputs and variables after a first run and after later ones from the same start, which must be the same bits. */
    private static List<Tensor> run(Program program, Map<String, Tensor> given, List<String> variables, int threads) {
        List<Tensor> first = new ArrayList<>();
        try (Session session = program.session(threads)) {
            for (int run = 0; run < RUNS; run++) {
                given.forEach(session::set);
                session.run();
                List<Tensor> now = new ArrayList<>(session.outputs());
                variables.forEach(name -> now.add(session.get(name)));
                for (int i = 0; i < first.size(); i++) {
                    assertThat(now.get(i).sameBits(first.get(i)))
                            .as("value " + i + " in run " + run)
                            .isTrue();
                }
                first = now;
            }
        }
        return first;
    }

    private static void assertSame(List<Tensor> found, List<Tensor> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).sameBits(expected.get(i))).as("value " + i).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} {1} samples, {2} units of {3} inputs")
    @MethodSource("sizes")
    @DisplayName("rows of unit norm: the same bits as from passes over the whole matrix")
    void unitNorms(DType dtype, int samples, int units, int inputs) {
        Layer layer = Layer.of(dtype, samples, units, inputs);
        Expr moved = layer.w().minus(layer.gradient());
        Expr squares = moved.times(moved).sum(1);
        Expr inverse = Ops.fullLike(squares, 1).over(Ops.sqrt(squares));
        Program program = Program.builder()
                .update(layer.w(), moved.times(layer.perRow(inverse)))
                .build();
        // The squares leave the program, so that their sums are a pass of their own there; each stage is a program.
        Program sums =
                Program.builder().update(layer.w(), moved).output(squares).build();
        Expr given = Expr.input("r", dtype, Shape.of(units));
        Program scaling = Program.of(layer.w().times(layer.perRow(given)));
        Map<String, Tensor> values = layer.only(program);
        List<Tensor> parts = run(sums, values, List.of("w"), 1);
        Tensor r = Evaluator.evaluate(List.of(inverse), values, 0).getFirst();
        Tensor found = run(program, values, List.of("w"), 1).getFirst();
        assertSame(run(program, values, List.of("w"), 2), List.of(found));
        Expr root = Ops.fullLike(given, 1).over(Ops.sqrt(given));
        Tensor factors =
                Program.of(root).evaluate(Map.of("r", parts.getFirst())).getFirst();
        assertThat(factors.get(0)).isCloseTo(r.get(0), within(1e-4 * r.get(0)));
        assertSame(List.of(found), scaling.evaluate(Map.of("w", parts.get(1), "r", factors)));
    }

    @ParameterizedTest(name = "{0} {1} samples, {2} units of {3} inputs")
    @MethodSource("sizes")
    @DisplayName("a velocity and what it moves: the same bits as from passes over the whole matrix")
    void velocity(DType dtype, int samples, int units, int inputs) {
        Layer layer = Layer.of(dtype, samples, units, inputs);
        Expr velocity = layer.v().times(0.5).minus(layer.gradient());
        Expr bias = Expr.input("b", dtype, Shape.of(inputs));
        Expr perColumn = Expr.of(new Op.Broadcast(layer.w().shape(), List.of(1)), bias);
        Program program = Program.builder()
                .update(layer.v(), velocity)
                .update(layer.w(), layer.w().plus(velocity.times(perColumn)))
                .build();
        Map<String, Tensor> values = layer.only(program);
        values.put("b", Tensor.fill(bias.shape(), dtype, CounterRandom.seeded(3)::normal));
        List<Tensor> found = run(program, values, List.of("v", "w"), 1);
        assertSame(run(program, values, List.of("v", "w"), 2), found);
        Tensor gradient = Program.of(layer.gradient())
                .evaluate(layer.only(Program.of(layer.gradient())))
                .getFirst();
        Expr g = Expr.input("g", dtype, layer.w().shape());
        Expr next = layer.v().times(0.5).minus(g);
        Map<String, Tensor> all = new LinkedHashMap<>(values);
        all.put("g", gradient);
        all.remove("x");
        all.remove("d");
        List<Tensor> expected =
                Program.of(next, layer.w().plus(next.times(perColumn))).evaluate(all);
        for (int i = 0; i < 2; i++) {
            for (int at : new int[] {0, inputs, units * inputs - 1}) {
                double error = (dtype == DType.F64 ? 1e-13 : 1e-5) * samples;
                assertThat(found.get(i).get(at)).isCloseTo(expected.get(i).get(at), within(error));
            }
        }
    }

    @Test
    @DisplayName("the steps of rows of unit norm are one instruction")
    void together() {
        Layer layer = Layer.of(DType.F64, 64, 256, 784);
        Expr moved = layer.w().minus(layer.gradient());
        Expr squares = moved.times(moved).sum(1);
        Program program = Program.builder()
                .update(layer.w(), moved.over(layer.perRow(Ops.sqrt(squares))))
                .build();
        assertThat(program.listing(-1))
                .contains("added, and squares; by rows chain 256")
                .contains("1 instructions in");
    }

    @Test
    @DisplayName("but not what reads other rows, or writes what the product or another row still reads")
    void apart() {
        int n = 200;
        DType dtype = DType.F64;
        Expr x = Expr.input("x", dtype, Shape.of(n, n));
        Expr d = Expr.parameter("d", dtype, Shape.of(n, n));
        Expr w = Expr.parameter("w", dtype, Shape.of(n, n));
        Expr u = Expr.parameter("u", dtype, Shape.of(n, n));
        Expr moved = w.minus(Ops.einsum("bn,bk->nk", d, x));
        Expr squares = moved.times(moved).sum(1);
        Expr roots = Ops.sqrt(squares);
        Expr row = Expr.of(new Op.Broadcast(w.shape(), List.of(0)), roots);
        Expr column = Expr.of(new Op.Broadcast(w.shape(), List.of(1)), roots);
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (String name : List.of("x", "d", "w", "u")) {
            given.put(
                    name, Tensor.fill(w.shape(), dtype, CounterRandom.seeded(5).split(name)::normal));
        }
        // In turn: the norms of other rows; other rows of the matrix; what the product reads; what a pass reads across.
        List<Map<Expr, Expr>> cases = List.of(
                Map.of(w, moved.over(column)),
                Map.of(w, moved, u, moved.over(row).plus(Ops.transpose(moved, 1, 0))),
                Map.of(d, d.plus(Ops.einsum("bn,bk->nk", d, x))),
                Map.of(w, moved.plus(Ops.transpose(u, 1, 0)), u, u.plus(moved.over(row))),
                Map.of(w, moved.plus(Ops.transpose(u, 1, 0)), u, u.plus(w.minus(moved))));
        for (Map<Expr, Expr> updates : cases) {
            Program.Builder builder = Program.builder();
            updates.forEach(builder::update);
            Program program = builder.build();
            List<String> names = updates.keySet().stream().map(Network::nameOf).toList();
            Map<String, Tensor> values = new LinkedHashMap<>(given);
            values.keySet().retainAll(program.variables().keySet());
            List<Tensor> expected = Evaluator.evaluate(List.copyOf(updates.values()), values, 0);
            for (int threads = 1; threads <= 2; threads++) {
                List<Tensor> found = run(program, values, names, threads);
                for (int i = 0; i < found.size(); i++) {
                    double[] exact = expected.get(i).data();
                    double[] made = found.get(i).data();
                    double worst = 0;
                    for (int at = 0; at < exact.length; at++) {
                        worst = Math.max(worst, Math.abs(made[at] - exact[at]) / (1 + Math.abs(exact[at])));
                    }
                    assertThat(worst).as(program.listing(-1) + names.get(i)).isLessThan(1e-11);
                }
            }
        }
    }
}
