package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.OpTable;
import org.quotient.autodiff.RandomGraph;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.checks.Subject;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;

/** A compiled graph has the values of the interpreted one. */
class ProgramTest {

    static Stream<Subject> rows() {
        return OpTable.rows().stream();
    }

    static void assertAgree(List<Expr> outputs, Map<String, Tensor> values, int batch, double tolerance) {
        List<Tensor> expected = Evaluator.evaluate(outputs, values, batch);
        double[] scale = {1};
        Evaluator.evaluate(outputs, values, batch).forEach(t -> scale[0] = Math.max(scale[0], t.maxAbs()));
        try (Session session = Program.of(outputs).session()) {
            session.batch(batch);
            for (String name : Program.of(outputs).variables().keySet()) {
                session.set(name, values.get(name));
            }
            // Twice: the second run must not see what the first left behind.
            session.run();
            session.run();
            for (int i = 0; i < outputs.size(); i++) {
                assertClose(session.output(i), expected.get(i), tolerance * scale[0]);
            }
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int j = 0; j < expected.size(); j++) {
            double a = actual.get(j);
            double e = expected.get(j);
            if (Double.isFinite(e)) {
                assertThat(a).isCloseTo(e, org.assertj.core.data.Offset.offset(tolerance));
            } else {
                assertThat(a).isEqualTo(e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyOperationWithItsDerivatives(Subject row) {
        List<Expr> all = new ArrayList<>(row.outputs());
        List<Expr> ones = row.outputs().stream()
                .map(o -> org.quotient.autodiff.Ops.fullLike(o, 0.7))
                .toList();
        all.addAll(Differentiation.vjp(row.outputs(), ones, row.at()));
        assertAgree(all, row.values(), 3, 1e-12);
    }

    @Property(seed = "31", tries = 400, edgeCases = EdgeCasesMode.NONE)
    void randomGraphsWithTheirGradients(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 24, false);
        List<Expr> all = new ArrayList<>(graph.outputs());
        Expr total = graph.outputs().get(0).sum().plus(graph.outputs().get(1).sum());
        Expr x = graph.outputs().get(2);
        all.addAll(Differentiation.gradient(total, List.of(x)));
        Assume.that(graph.largest() < 1e9);
        assertAgree(all, graph.values(), 2, 1e-9);
    }

    @Property(seed = "32", tries = 300, edgeCases = EdgeCasesMode.NONE)
    void polynomialGraphsOverPrimeFieldsExactly(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 14, true);
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        Map<String, Tensor> residues = new HashMap<>();
        graph.values()
                .forEach((name, value) ->
                        residues.put(name, Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)))));
        List<Tensor> expected = Evaluator.evaluate(graph.outputs(), residues, field);
        Program.Builder builder = Program.builder().over(field);
        graph.outputs().forEach(builder::output);
        List<Tensor> actual = builder.build().evaluate(residues);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).data()).containsExactly(expected.get(i).data());
        }
    }

    @Property(seed = "33", tries = 150, edgeCases = EdgeCasesMode.NONE)
    void randomNetworksWithTheirGradients(@ForAll long seed) {
        RandomNetwork drawn = RandomNetworks.draw(seed);
        List<Expr> outputs = drawn.network().outputs();
        Expr total =
                outputs.stream().map(o -> o.times(o).sum()).reduce(Expr::plus).orElseThrow();
        List<Expr> all = new ArrayList<>(outputs);
        all.addAll(Differentiation.gradient(total, drawn.network().parameters()));
        Map<String, Tensor> values =
                drawn.model().weights().with(drawn.network().inputs(), drawn.inputs(3, seed));
        Assume.that(wellConditioned(all, values));
        assertAgree(all, values, 3, 1e-10);
    }

    /** Whether rounding cannot matter: no kink and no vanishing variance so near that a change of 1e-14 is felt. */
    private static boolean wellConditioned(List<Expr> outputs, Map<String, Tensor> values) {
        Map<String, Tensor> moved = new HashMap<>();
        values.forEach((name, value) -> {
            CounterRandom random = CounterRandom.seeded(5).split(name);
            moved.put(
                    name,
                    Tensor.fill(value.shape(), value.dtype(), i -> value.get(i) * (1 + 1e-14 * random.normal(i))));
        });
        List<Tensor> here = Evaluator.evaluate(outputs, values, 3);
        List<Tensor> there = Evaluator.evaluate(outputs, moved, 3);
        double scale = 1;
        double change = 0;
        for (int i = 0; i < here.size(); i++) {
            scale = Math.max(scale, here.get(i).maxAbs());
            for (int j = 0; j < here.get(i).size(); j++) {
                change = Math.max(
                        change, Math.abs(here.get(i).get(j) - there.get(i).get(j)));
            }
        }
        return scale < 1e6 && change < 1e-11 * scale;
    }

    @Property(seed = "34", tries = 200, edgeCases = EdgeCasesMode.NONE)
    void updatesSeeTheOldValues(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 24, false);
        Assume.that(graph.largest() < 1e9);
        Expr w = Expr.parameter("w", DType.F64, org.quotient.autodiff.Shape.of(3, 3));
        Expr u = Expr.parameter("u", DType.F64, org.quotient.autodiff.Shape.of(3, 3));
        Expr square = graph.outputs().get(1);
        // w gets a value that reads u, and u one that reads w and the graph, which may read w.
        Expr forW = u.minus(w.times(0.5)).plus(square.times(0.25));
        Expr forU = w.plus(u.matmul(square)).minus(square.transpose());
        Map<String, Tensor> values = new HashMap<>(graph.values());
        values.put("u", Tensor.fill(org.quotient.autodiff.Shape.of(3, 3), DType.F64, i -> i - 4));
        List<Tensor> expected = Evaluator.evaluate(List.of(forW, forU, w, square), values, 2);
        Program program = Program.builder()
                .output(w)
                .output(square)
                .update(w, forW)
                .update(u, forU)
                .build();
        try (Session session = program.session()) {
            session.batch(2);
            program.variables().keySet().forEach(name -> session.set(name, values.get(name)));
            session.run();
            double tolerance = 1e-12 * graph.largest() * graph.largest();
            assertClose(session.get("w"), expected.get(0), tolerance);
            assertClose(session.get("u"), expected.get(1), tolerance);
            assertClose(session.output(0), expected.get(2), 0);
            assertClose(session.output(1), expected.get(3), tolerance);
        }
    }
}
