package org.quotient.autodiff.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

/** On its piece, a frozen network is the network; and all its arithmetic is exact over a prime field. */
class FreezeTest {
    private static final CounterRandom RANDOM = CounterRandom.seeded(3);

    /** A network with its parameters. */
    private record Case(Network network) {
        @Override
        public String toString() {
            return network.name();
        }

        /** Whole numbers from −9 to 9, without 0, for variables and inputs with a batch of 3. */
        Map<String, Tensor> point() {
            Map<String, Tensor> values = new LinkedHashMap<>();
            Stream.of(network.inputs(), network.parameters(), network.buffers())
                    .flatMap(List::stream)
                    .forEach(v -> {
                        CounterRandom stream = RANDOM.split(Network.nameOf(v));
                        values.put(Network.nameOf(v), Tensor.fill(v.shape().bind(3), v.dtype(), i -> {
                            int number = stream.below(i, 18) - 9;
                            return number >= 0 ? number + 1 : number;
                        }));
                    });
            return values;
        }

        Network frozen() {
            Map<String, Tensor> point = point();
            return Freeze.at(
                    network,
                    Weights.of(point),
                    network.inputs().stream()
                            .map(x -> point.get(Network.nameOf(x)))
                            .toList());
        }
    }

    private static Expr p(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    private static Expr x(int... sizes) {
        return Expr.input("x", DType.F64, Shape.of(sizes));
    }

    private static Case network(String name, Expr output, Expr... variables) {
        return new Case(new Network(
                name,
                List.of(variables[0]),
                List.of(variables).subList(1, variables.length),
                List.of(),
                List.of(output)));
    }

    static Case mlp() {
        Expr x = x(Shape.N, 3);
        Expr w = p("w", 3, 4);
        Expr b = p("b", 4);
        Expr slope = p("slope", 4);
        Expr v = p("v", 4, 4);
        Expr u = p("u", 4, 2);
        Expr hidden = Ops.prelu(x.matmul(w).plus(b), slope).matmul(v);
        return network("mlp", Ops.abs(hidden.relu().matmul(u)), x, w, b, slope, v, u);
    }

    static Case cnn() {
        Expr x = x(Shape.N, 2, 5, 5);
        Expr k = p("k", 4, 1, 3, 3);
        Expr l = p("l", 2, 4, 2, 2);
        Expr w = p("w", 8, 3);
        Expr first = Ops.maxPool2d(Ops.conv2d(x, k, Window.square(3, 1, 1), 2).relu(), Window.square(2, 2, 1));
        Expr second =
                Ops.flatten(Ops.conv2d(first, l, Window.square(2, 1, 0), 1).relu());
        Expr pooled = Ops.maxOver(Ops.reshape(second, Shape.of(Shape.N, 2, 4)), 1);
        Expr wide = Ops.concat(1, List.of(pooled, Ops.slice(second, 1, 0, 8, 2)));
        return network("cnn", wide.matmul(w), x, k, l, w);
    }

    static Case residual() {
        Expr x = x(Shape.N, 3);
        Expr w = p("w", 3, 3);
        Expr v = p("v", 3, 3);
        Expr once = x.plus(Ops.leakyRelu(x.matmul(w), 0.25).matmul(v));
        Expr twice = once.plus(once.matmul(w).relu().matmul(v));
        return network("residual", Ops.max(twice, Ops.min(once, x)), x, w, v);
    }

    static Stream<Case> cases() {
        return Stream.of(mlp(), cnn(), residual());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theValuesAtThePointAreTheNetworks(Case given) {
        Tensor frozen = Evaluator.evaluate(given.frozen().outputs().get(0), given.point());
        Tensor original = Evaluator.evaluate(given.network().outputs().get(0), given.point());
        assertThat(frozen.sameBits(original)).as(frozen + " " + original).isTrue();
        assertThat(original.maxAbs()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGradientsAtThePointAreTheNetworks(Case given) {
        List<Tensor> original = gradients(given.network(), given.point());
        List<Tensor> frozen = gradients(given.frozen(), given.point());
        for (int i = 0; i < original.size(); i++) {
            assertThat(frozen.get(i).data()).containsExactly(original.get(i).data(), within(1e-9));
            assertThat(original.get(i).maxAbs()).isPositive();
        }
    }

    private static List<Tensor> gradients(Network network, Map<String, Tensor> point) {
        Expr output = network.outputs().get(0);
        Expr loss = output.times(output).sum();
        return Evaluator.evaluate(Differentiation.gradient(loss, network.parameters()), point);
    }

    /** All numbers are dyadic and small, so that doubles are exact: the residues must be theirs. */
    @ParameterizedTest
    @MethodSource("cases")
    void overAPrimeFieldTheValuesAndDerivativesAreTheResiduesOfTheExactOnes(Case given) {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        Network frozen = given.frozen();
        Expr output = frozen.outputs().get(0);
        List<Expr> all = new java.util.ArrayList<>(List.of(output));
        all.addAll(Differentiation.vjp(List.of(output), List.of(Ops.fullLike(output, 1)), frozen.parameters()));
        Map<String, Tensor> residues = new LinkedHashMap<>();
        given.point().forEach((name, value) -> residues.put(name, residues(field, value)));
        List<Tensor> modular = Evaluator.evaluate(all, residues, field);
        List<Tensor> exact = Evaluator.evaluate(all, given.point());
        for (int i = 0; i < all.size(); i++) {
            assertThat(modular.get(i).data())
                    .containsExactly(residues(field, exact.get(i)).data());
        }
    }

    private static Tensor residues(Numbers.PrimeField field, Tensor value) {
        return Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)));
    }

    /** The slope has a derivative, because it is not part of the mask: ∂/∂a of a·x is x for negative x. */
    @Test
    void aTrainableSlopeStaysAVariable() {
        Expr x = x(2);
        Expr a = p("a");
        Case given = network("slope", Ops.prelu(x, a), x, a);
        Map<String, Tensor> point = Map.of("x", Tensor.of(Shape.of(2), -3, 5), "a", Tensor.scalar(0.5));
        Network frozen =
                Freeze.at(given.network(), Weights.of(Map.of("a", Tensor.scalar(0.5))), List.of(point.get("x")));
        Expr slope = Differentiation.gradient(
                frozen.outputs().get(0).sum(), frozen.parameters().get(0));
        assertThat(Evaluator.evaluate(slope, point).item()).isEqualTo(-3);
    }

    /** Away from the point the pattern stays what it was at the point. */
    @Test
    void thePatternIsThatOfThePoint() {
        Expr x = x(2);
        Network frozen = Freeze.at(
                network("relu", x.relu(), x).network(), Weights.of(Map.of()), List.of(Tensor.of(Shape.of(2), -1, 1)));
        Tensor elsewhere = Evaluator.evaluate(frozen.outputs().get(0), Map.of("x", Tensor.of(Shape.of(2), 7, -7)));
        assertThat(elsewhere.data()).containsExactly(0, -7);
    }

    /** With running statistics a batch normalisation is affine; its variance is a buffer, so its root is a number. */
    @Test
    void batchNormalisationAtInferenceIsAffine() {
        Expr x = x(Shape.N, 2);
        Expr g = p("g", 2);
        Expr b = p("b", 2);
        Expr m = Expr.buffer("m", DType.F64, Shape.of(2));
        Expr v = Expr.buffer("v", DType.F64, Shape.of(2));
        Network network = new Network(
                "norm",
                List.of(x),
                List.of(g, b),
                List.of(m, v),
                List.of(Layers.batchNorm(x, g, b, m, v, 0).relu()));
        Map<String, Tensor> weights = Map.of(
                "g",
                Tensor.of(Shape.of(2), 2, -1),
                "b",
                Tensor.of(Shape.of(2), 1, 1),
                "m",
                Tensor.of(Shape.of(2), 1, 2),
                "v",
                Tensor.of(Shape.of(2), 4, 16));
        Tensor inputs = Tensor.of(Shape.of(2, 2), 3, 6, -7, -2);
        Network frozen = Freeze.at(network, Weights.of(weights), List.of(inputs));
        Tensor value =
                new Model(frozen, Weights.of(weights)).evaluate(List.of(inputs)).get(0);
        assertThat(value.sameBits(Tensor.of(Shape.of(2, 2), 3, 0, 0, 2))).isTrue();
    }

    @Test
    void maxPoolingGathersAndItsAdjointScatters() {
        Expr x = x(1, 1, 2, 2);
        Expr w = p("w");
        Expr loss = Ops.maxPool2d(x, Window.square(2, 2, 0)).times(w).sum();
        Map<String, Tensor> point = Map.of("x", Tensor.of(Shape.of(1, 1, 2, 2), 1, 4, 4, 3), "w", Tensor.scalar(5));
        List<Tensor> frozen =
                Evaluator.evaluate(Freeze.at(Differentiation.gradient(loss, List.of(x, w)), point), point);
        assertThat(frozen.get(0).data()).containsExactly(0, 5, 0, 0);
        assertThat(frozen.get(1).item()).isEqualTo(4);
    }

    /** A 1x1 window with padding 1: the border of the output sees no pixel. */
    @Test
    void windowsInThePaddingHaveNoMaximumButADerivativeOfZero() {
        Expr x = x(1, 1, 1, 1);
        Expr t = p("t", 1, 1, 1, 1);
        Expr g = p("g", 1, 1, 3, 3);
        Expr pooled = Ops.maxPool2d(x, Window.square(1, 1, 1));
        Map<String, Tensor> point = Map.of(
                "x", Tensor.of(Shape.of(1, 1, 1, 1), 7),
                "t", Tensor.of(Shape.of(1, 1, 1, 1), 2),
                "g", Tensor.fill(Shape.of(1, 1, 3, 3), DType.F64, i -> i));
        List<Expr> forward = Differentiation.jvp(List.of(pooled), List.of(x), List.of(t));
        List<Expr> reverse = Differentiation.vjp(List.of(pooled), List.of(g), List.of(x));
        assertThat(Evaluator.evaluate(Freeze.at(forward, point), point).get(0).data())
                .containsExactly(0, 0, 0, 0, 2, 0, 0, 0, 0);
        assertThat(Evaluator.evaluate(Freeze.at(reverse, point), point).get(0).data())
                .containsExactly(4);
        assertThatThrownBy(() -> Freeze.at(List.of(pooled), point))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxPool");
    }

    @Test
    void otherOperationsAreNamed() {
        Expr x = x(Shape.N, 3);
        Expr w = p("w", 3, 3);
        Map<String, Expr> outputs = Map.of(
                "softmax", Ops.softmax(x.matmul(w), 1),
                "tanh", Ops.tanh(x.matmul(w)),
                "sigmoid", Ops.silu(x.matmul(w)),
                "standardise", Expr.of(new org.quotient.autodiff.Op.Standardise(List.of(0), 0.1), x.matmul(w)));
        outputs.forEach((name, output) -> {
            Case given = network(name, output, x, w);
            assertThatThrownBy(given::frozen)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name + "'");
        });
    }
}
