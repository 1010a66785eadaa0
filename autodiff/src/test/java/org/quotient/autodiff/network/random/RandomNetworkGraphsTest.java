package org.quotient.autodiff.network.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Latex;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Text;
import org.quotient.autodiff.checks.Checks;
import org.quotient.autodiff.checks.Subject;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.rewrite.Rewriter;

/** What holds for every network: freezing, rewriting, printing and both modes of differentiation on random ones. */
class RandomNetworkGraphsTest {
    private static final int DRAWS = 300;

    private static Expr loss(Network network) {
        Expr total = network.outputs().get(0).times(network.outputs().get(0)).sum();
        for (Expr output : network.outputs().subList(1, network.outputs().size())) {
            total = total.plus(output.times(output).sum());
        }
        return total;
    }

    private static void assertClose(List<Tensor> actual, List<Tensor> expected, String what) {
        double scale = 1 + expected.stream().mapToDouble(Tensor::maxAbs).max().orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).shape()).isEqualTo(expected.get(i).shape());
            for (int k = 0; k < expected.get(i).size(); k++) {
                double error = Math.abs(actual.get(i).get(k) - expected.get(i).get(k));
                assertThat(error).as(what).isLessThanOrEqualTo(1e-9 * scale);
            }
        }
    }

    /** Frozen, a network has the same values and gradients at its point, and values over a prime field. */
    @Test
    void freezing() {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        int frozenOnes = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            Network network = drawn.network();
            List<Tensor> inputs = drawn.inputs(2, seed);
            Optional<Network> frozen = frozen(drawn, inputs);
            if (frozen.isEmpty()) {
                continue;
            }
            frozenOnes++;
            Map<String, Tensor> point = drawn.model().weights().with(network.inputs(), inputs);
            assertClose(
                    Evaluator.evaluate(frozen.get().outputs(), point),
                    Evaluator.evaluate(network.outputs(), point),
                    "values of " + drawn);
            assertClose(
                    Evaluator.evaluate(Differentiation.gradient(loss(frozen.get()), network.parameters()), point, 2),
                    Evaluator.evaluate(Differentiation.gradient(loss(network), network.parameters()), point, 2),
                    "gradients of " + drawn);
            Map<String, Tensor> residues = new HashMap<>();
            point.forEach((name, value) ->
                    residues.put(name, Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)))));
            Expr square = loss(frozen.get());
            double modular =
                    Evaluator.evaluate(List.of(square), residues, field).get(0).item();
            assertThat(modular).isBetween(0.0, field.p() - 1.0);
            assertThat(Evaluator.evaluate(List.of(Rewriter.exact().apply(square)), residues, field)
                            .get(0)
                            .item())
                    .isEqualTo(modular);
        }
        assertThat(frozenOnes).isGreaterThan(DRAWS / 2);
    }

    /** Refused exactly when the graph holds an operation that is no piecewise polynomial. */
    private static Optional<Network> frozen(RandomNetwork drawn, List<Tensor> inputs) {
        try {
            return Optional.of(Freeze.at(drawn.network(), drawn.model().weights(), inputs));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("can be frozen");
            assertThat(Graph.topological(drawn.network().outputs())).anyMatch(node -> smooth(node.op()));
            return Optional.empty();
        }
    }

    private static boolean smooth(Op op) {
        return op instanceof Op.Normalise
                || op instanceof Op.Unary u
                        && List.of(
                                        Op.UnaryKind.TANH,
                                        Op.UnaryKind.SIGMOID,
                                        Op.UnaryKind.SOFTPLUS,
                                        Op.UnaryKind.ERF,
                                        Op.UnaryKind.SQRT,
                                        Op.UnaryKind.LOG,
                                        Op.UnaryKind.EXP)
                                .contains(u.kind());
    }

    /** Rewritten gradients have the same values with fewer nodes, and print. */
    @Test
    void rewritingAndPrintingGradients() {
        long before = 0;
        long after = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            Network network = drawn.network();
            Map<String, Tensor> point = drawn.model().weights().with(network.inputs(), drawn.inputs(2, seed));
            List<Expr> gradients = Differentiation.gradient(loss(network), network.parameters());
            List<Expr> rewritten = Rewriter.standard().apply(gradients);
            assertClose(
                    Evaluator.evaluate(rewritten, point, 2), Evaluator.evaluate(gradients, point, 2), drawn.toString());
            before += Graph.topological(gradients).size();
            after += Graph.topological(rewritten).size();
            assertThat(Text.of(rewritten)).isNotEmpty();
            assertThat(Latex.of(rewritten)).doesNotContain("null");
        }
        assertThat(after).isLessThan(before);
    }

    /** The two modes are adjoint on whole networks, at any point. */
    @Test
    void adjointModes() {
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            Network network = drawn.network();
            Map<String, Tensor> point = drawn.model().weights().with(network.inputs(), drawn.inputs(2, seed));
            Subject subject = new Subject(drawn.network().name(), network.outputs(), network.parameters(), point);
            assertThat(Checks.adjoint(subject, seed)).matches(f -> f.passed(), "passed");
        }
    }
}
