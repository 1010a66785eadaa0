package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.pattern.MaskedNetwork;
import org.quotient.geometry.functional.pattern.PatternDecider;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** Masks are decided as if there were no rounding. */
class DecidedPatternsTest {
    private static Patterns decide(Model model, Points points) {
        MaskedNetwork masked = MaskedNetwork.of(model.network(), model.weights());
        return new PatternDecider(masked, model.weights()).decide(points);
    }

    @Test
    void cancellationBelowRoundingIsDecidedExactly() {
        // 2^60·x + y − 2^60 at (1, ±2^-40): doubles lose y.
        Model model = ReluNetworks.at(ReluNetworks.network(true, 2, 1, 1), 0x1p60, 1, -0x1p60, 1, 0);
        Points points = ReluNetworks.points(
                model.network(), new double[] {1, 0x1p-40}, new double[] {1, -0x1p-40}, new double[] {2, 0});
        Patterns patterns = decide(model, points);
        assertThat(patterns.rejected()).isZero();
        assertThat(patterns.exactly()).isEqualTo(2);
        assertThat(patterns.masks().get(0).data()).containsExactly(1, 0, 1);
    }

    @Test
    void fractionsThatAreNoDoublesLieOnKinks() {
        // 3x − 1 at 1/3, and just beside it.
        Model model = ReluNetworks.at(ReluNetworks.network(true, 1, 1, 1), 3, -1, 1, 0);
        Points points = Points.ofFractions(
                model.network(), List.of(new BigFraction[] {new BigFraction(1, 3)}, new BigFraction[] {
                    new BigFraction(1, 3)
                            .add(new BigFraction(1, 1_000_000_007))
                            .subtract(new BigFraction(1, 1_000_000_009))
                }));
        Patterns patterns = decide(model, points);
        assertThat(patterns.rejected()).isEqualTo(1);
        assertThat(patterns.indices()).containsExactly(1);
        assertThat(patterns.masks().get(0).data()).containsExactly(1);
    }

    @Test
    void overflowIsDecidedExactlyToo() {
        Model model = ReluNetworks.at(ReluNetworks.network(true, 2, 1, 1), 0x1p1000, -0x1p1000, 1, 1, 0);
        Points points =
                ReluNetworks.points(model.network(), new double[] {0x1p100, 0x1p100}, new double[] {0x1p99, 0x1p100});
        Patterns patterns = decide(model, points);
        assertThat(patterns.exactly()).isEqualTo(2);
        assertThat(patterns.masks().get(0).data()).containsExactly(1, 0);
    }

    private static Model random(Network network, long seed) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr p : network.parameters()) {
            CounterRandom stream = CounterRandom.seeded(seed).split(Network.nameOf(p));
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, stream::normal));
        }
        return new Model(network, Weights.of(values));
    }

    private static Network convolution(boolean bias) {
        List<Expr> parameters = new ArrayList<>();
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1, 6, 6));
        Expr k = Expr.parameter("k", DType.F64, Shape.of(2, 1, 3, 3));
        parameters.add(k);
        Expr h = Ops.conv2d(x, k, Window.square(3, 1, 0), 1);
        if (bias) {
            Expr b = Expr.parameter("b", DType.F64, Shape.of(2));
            parameters.add(b);
            h = h.plus(Layers.alongAxis(b, h, 1));
        }
        Expr w = Expr.parameter("w", DType.F64, Shape.of(8, 2));
        parameters.add(w);
        Expr pooled = Ops.flatten(Ops.maxPool2d(h.relu(), Window.square(2, 2, 0)));
        return new Network("conv", List.of(x), parameters, List.of(), List.of(pooled.matmul(w)));
    }

    @Test
    void blankPatchesAreNoKinks() {
        Tensor images = Tensor.fill(
                Shape.of(40, 1, 6, 6),
                DType.F64,
                i -> i % 6 < 4 ? 0 : CounterRandom.seeded(1).normal(i));
        for (boolean bias : new boolean[] {false, true}) {
            Model model = random(convolution(bias), 3);
            Patterns patterns = decide(model, Points.of(model.network(), List.of(images)));
            assertThat(patterns.rejected()).isZero();
            assertThat(patterns.exactly()).isZero();
        }
    }

    @Test
    void regionsOfSharedMaximaAreEnumerated() {
        // Upsampling before a maximum: pairs are the same function, so half of the choices are none.
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(2, 2));
        Expr h = Ops.gather(x.matmul(w), 1, 0, 0, 1, 1);
        Network network = new Network("doubled", List.of(x), List.of(w), List.of(), List.of(Ops.maxOver(h, 1)));
        FunctionalRank rank = FunctionalDimension.of(random(network, 1)).exact(100);
        assertThat(rank.rejected()).isZero();
        assertThat(rank.rank()).isEqualTo(4);
        assertThat(rank.proved()).isTrue();
    }

    @Test
    void trueTiesOfAMaximumAreKinks() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(2));
        Network network = new Network("max", List.of(x), List.of(w), List.of(), List.of(Ops.maxOver(x.times(w), 1)));
        Model model = new Model(network, Weights.of(Map.of("w", Tensor.of(Shape.of(2), 1, 2))));
        Patterns patterns = decide(
                model, ReluNetworks.points(network, new double[] {2, 1}, new double[] {3, 1}, new double[] {0, 0}));
        // At (2, 1) other weights break the tie; at (0, 0) none do.
        assertThat(patterns.rejected()).isEqualTo(1);
        assertThat(patterns.indices()).containsExactly(1, 2);
    }

    @Test
    void singlePrecisionNetworksAreFunctionsOfTheirExactWeights() {
        Model model = BuiltIns.model("mlp:3-4-2,dtype=f32", 1);
        FunctionalRank rank = FunctionalDimension.of(model).sampled(Sampling.seeded(1));
        assertThat(rank.bound()).isEqualTo(22);
        assertThat(rank.proved()).isTrue();
    }

    @Test
    void leakyAndTrainedSlopesAndNormalisationsAreUnderstood() {
        assertThat(BuiltIns.model("mlp:3-4-2,activation=leaky:0.1", 1))
                .satisfies(m -> assertThat(FunctionalDimension.of(m)
                                .sampled(Sampling.seeded(1))
                                .rank())
                        .isEqualTo(22));
        // One slope more for each unit, and no fewer scales.
        FunctionalRank slopes = FunctionalDimension.of(BuiltIns.model("mlp:3-4-2,activation=prelu", 1))
                .sampled(Sampling.seeded(1));
        assertThat(slopes.rank()).isEqualTo(slopes.bound()).isEqualTo((int) slopes.parameters() - 4);
        FunctionalRank normalised =
                FunctionalDimension.of(BuiltIns.model("mlp:3-4-2,bn=true", 1)).sampled(Sampling.seeded(1));
        assertThat(normalised.rank()).isEqualTo(normalised.bound()).isEqualTo(22);
    }

    /** A network whose columns are eliminated all together, and one of which those of the first layer are not. */
    @ParameterizedTest
    @ValueSource(strings = {"mlp:20-240-240-10", "mlp:100-200-200-10", "segnet-tiny"})
    void memoryThatWouldNotSufficeIsNamedBeforehand(String network) {
        assertThatThrownBy(
                        () -> FunctionalDimension.of(BuiltIns.model(network, 1)).sampled(Sampling.seeded(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GiB")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void otherActivationsAreNamed() {
        assertThatThrownBy(() -> FunctionalDimension.of(BuiltIns.model("mlp:3-4-2,activation=tanh", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tanh")
                .hasMessageContaining("piecewise polynomial");
    }
}
