package org.quotient.geometry.basis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** Normalisation with statistics of the batch: filters are directions, gain and shift enter the channel after it. */
class NormalisedPathsTest {
    /** Adds nothing that a variance notices. */
    private static final double EPSILON = 0x1p-1000;

    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    /** Two layers with batch normalisation; the bias before the first is idle. */
    static Network batch() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 3));
        Expr w1 = parameter("w1", 3, 4);
        Expr idle = parameter("idle", 4);
        Expr g1 = parameter("g1", 4);
        Expr b1 = parameter("b1", 4);
        Expr w2 = parameter("w2", 4, 3);
        Expr g2 = parameter("g2", 3);
        Expr b2 = parameter("b2", 3);
        Expr w3 = parameter("w3", 3, 2);
        Expr h = Layers.batchNorm(x.matmul(w1).plus(idle), g1, b1, EPSILON).relu();
        Expr y = Layers.batchNorm(h.matmul(w2), g2, b2, EPSILON).relu().matmul(w3);
        return new Network("batch", List.of(x), List.of(w1, idle, g1, b1, w2, g2, b2, w3), List.of(), List.of(y));
    }

    /** Layer normalisation after a residual block: the stream is normalised as a whole, and feeds the block too. */
    static Network stream() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 3));
        Expr w1 = parameter("w1", 3, 4);
        Expr w2 = parameter("w2", 4, 5);
        Expr w3 = parameter("w3", 5, 4);
        Expr gain = parameter("gain", 4);
        Expr shift = parameter("shift", 4);
        Expr w4 = parameter("w4", 4, 2);
        Expr a = x.matmul(w1).relu();
        Expr s = a.plus(a.matmul(w2).relu().matmul(w3));
        Expr y = Layers.layerNorm(s, gain, shift, EPSILON).relu().matmul(w4);
        return new Network("stream", List.of(x), List.of(w1, w2, w3, gain, shift, w4), List.of(), List.of(y));
    }

    static List<Network> networks() {
        return List.of(batch(), stream());
    }

    private static final Tensor INPUTS = random("inputs", Shape.of(7, 3));

    private static Tensor random(String name, Shape shape) {
        CounterRandom random = CounterRandom.seeded(5).split(name);
        return Tensor.fill(shape, DType.F64, i -> random.normal(i));
    }

    private static Map<String, Tensor> point(Network network) {
        Map<String, Tensor> point = new LinkedHashMap<>();
        for (Expr parameter : network.parameters()) {
            point.put(Network.nameOf(parameter), random(Network.nameOf(parameter), parameter.shape()));
        }
        point.put("x", INPUTS);
        point.put("target0", random("target", Shape.of(7, 2)));
        return point;
    }

    private static double[] get(Map<String, Tensor> values, String name) {
        return Objects.requireNonNull(values.get(name)).data();
    }

    /** Specification 7, item 22. */
    @Test
    void filtersAreDirectionsAndGainsConserve() {
        Network network = batch();
        Map<String, Tensor> point = point(network);
        Trial trial = new Trial(new Model(network, Weights.of(point)), List.of(INPUTS), false);
        Map<String, Tensor> g = Trial.evaluate(trial.gradient, point, null);
        GSpace space = GSpace.of(trial.group, Skeleton.byScore(trial.group, Weights.of(point)));
        double[] v = get(Trial.evaluate(space.pathValues(trial.weights), point, null), "w1");
        for (int c = 0; c < 4; c++) {
            double radial = 0;
            double norm = 0;
            for (int i = 0; i < 3; i++) {
                radial += get(point, "w1")[4 * i + c] * get(g, "w1")[4 * i + c];
                norm += v[4 * i + c] * v[4 * i + c];
            }
            assertThat(radial).isEqualTo(0, within(1e-9));
            assertThat(norm).isEqualTo(1, within(1e-12));
            double in = get(point, "g1")[c] * get(g, "g1")[c] + get(point, "b1")[c] * get(g, "b1")[c];
            double out = 0;
            for (int j = 0; j < 3; j++) {
                out += get(point, "w2")[3 * c + j] * get(g, "w2")[3 * c + j];
            }
            assertThat(in).isEqualTo(out, within(1e-9));
        }
        assertThat(space.dimension()).isEqualTo(12 + 8 + 12 + 6 + 6 - 2 * 7);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theInverseChainRuleInvertsTheChainRule(Network network) {
        Map<String, Tensor> point = point(network);
        Trial trial = new Trial(new Model(network, Weights.of(point)), List.of(INPUTS), false);
        for (Skeleton skeleton : List.of(
                Skeleton.byIndex(trial.group, Weights.of(point)), Skeleton.byScore(trial.group, Weights.of(point)))) {
            SkeletonSpace space = (SkeletonSpace) GSpace.of(trial.group, skeleton);
            double[] expected = Trial.flat(Trial.evaluate(trial.gradient, point, null));
            for (boolean out : new boolean[] {true, false}) {
                Map<String, Expr> gradient = space.gradient(trial.weights, trial.gradient, out);
                assertThat(Trial.flat(Trial.evaluate(space.pullback(trial.weights, gradient), point, null)))
                        .containsExactly(expected, within(1e-9));
            }
        }
    }

    /** To first order a step lowers the loss by eta times the squared norm of the gradient, and moves idle weights not at all. */
    @ParameterizedTest
    @MethodSource("networks")
    void aStepDescends(Network network) {
        Map<String, Tensor> point = point(network);
        Trial trial = new Trial(new Model(network, Weights.of(point)), List.of(INPUTS), false);
        GSpace space = GSpace.of(trial.group, Skeleton.byScore(trial.group, Weights.of(point)));
        Map<String, Expr> gradient = space.gradient(trial.weights, trial.gradient);
        double square = Arrays.stream(Trial.flat(Trial.evaluate(gradient, point, null)))
                .map(x -> x * x)
                .sum();
        double before = loss(trial, point);
        for (GSpace.Gauge gauge : GSpace.Gauge.values()) {
            double rate = 1e-6;
            Map<String, Tensor> moved = new LinkedHashMap<>(point);
            moved.putAll(Trial.evaluate(
                    space.allocate(trial.weights, Trial.times(gradient, -rate), gauge, OptionalDouble.of(0.1))
                            .weights(),
                    point,
                    null));
            assertThat((before - loss(trial, moved)) / rate).isEqualTo(square, within(0.01 * square));
            if (point.containsKey("idle")) {
                assertThat(get(moved, "idle")).containsExactly(get(point, "idle"));
            }
        }
    }

    private static double loss(Trial trial, Map<String, Tensor> point) {
        return get(Trial.evaluate(Map.of("loss", trial.loss), point, null), "loss")[0];
    }

    @ParameterizedTest
    @MethodSource("networks")
    void stepsCommuteWithPowersOfTwoBitForBit(Network network) {
        Map<String, Tensor> point = point(network);
        Weights weights = Weights.of(point);
        Trial trial = new Trial(new Model(network, weights), List.of(INPUTS), false);
        GSpace space = GSpace.of(trial.group, Skeleton.byScore(trial.group, weights));
        Map<String, Expr> update = space.allocate(
                        trial.weights,
                        Trial.times(space.gradient(trial.weights, trial.gradient), -0.01),
                        GSpace.Gauge.OUT,
                        OptionalDouble.of(0.1))
                .weights();
        int[] exponents = new int[trial.group.rank()];
        Arrays.setAll(exponents, i -> i % 5 - 2);
        Map<String, Tensor> moved = new LinkedHashMap<>(point);
        moved.putAll(trial.group.actByPowersOfTwo(weights, exponents).asMap());
        assertThat(Skeleton.byScore(trial.group, Weights.of(moved))).isEqualTo(space.skeleton());
        Weights expected = trial.group.actByPowersOfTwo(Weights.of(Trial.evaluate(update, point, null)), exponents);
        Trial.evaluate(update, moved, null)
                .forEach((name, w) ->
                        assertThat(w.sameBits(expected.get(name))).as(name).isTrue());
    }
}
