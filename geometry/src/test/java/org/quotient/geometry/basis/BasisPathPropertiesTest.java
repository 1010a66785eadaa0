package org.quotient.geometry.basis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;

/** Basis paths on random networks with skips, ties, strides, shared weights, products, normalisations. */
class BasisPathPropertiesTest {
    private static final Numbers.PrimeField FIELD = Numbers.PrimeField.largest();

    /** A random network with a skeleton and a step. */
    private static final class Draw {
        final RandomNetwork network;
        final Model model;
        final RescalingGroup group;
        final Skeleton skeleton;
        final GSpace space;
        final List<Tensor> inputs;

        Draw(int seed) {
            network = RandomNetworks.draw(seed);
            model = network.model();
            group = RescalingGroup.of(model.network());
            skeleton =
                    seed % 2 == 0 ? Skeleton.byScore(group, model.weights()) : Skeleton.byIndex(group, model.weights());
            space = GSpace.of(group, skeleton);
            inputs = network.inputs(2, seed);
            boolean graph = space instanceof SkeletonSpace;
            Statistics.label("coordinates").collect(graph ? "class graph" : "elimination");
        }

        /** The network on one piece, if it is piecewise polynomial. */
        Trial exact() {
            try {
                Freeze.at(model.network(), model.weights(), inputs);
            } catch (IllegalArgumentException e) {
                Assume.that(false);
            }
            return new Trial(model, inputs, true);
        }

        Map<String, Tensor> point(boolean residues) {
            Map<String, Tensor> point =
                    new LinkedHashMap<>(model.weights().with(model.network().inputs(), inputs));
            List<Tensor> outputs = model.evaluate(inputs);
            for (int i = 0; i < outputs.size(); i++) {
                Tensor y = outputs.get(i);
                point.put("target" + i, Tensor.fill(y.shape(), DType.F64, k -> 1 + k % 3));
            }
            if (residues) {
                point.replaceAll((name, x) -> Tensor.fill(x.shape(), DType.F64, i -> FIELD.residue(x.get(i))));
            }
            return point;
        }
    }

    private static void equal(Map<String, Tensor> found, Map<String, Tensor> expected, Draw draw) {
        found.forEach((name, x) -> assertThat(x.data())
                .as(() -> name + " " + draw.skeleton + "\n" + draw.network)
                .containsExactly(Objects.requireNonNull(expected.get(name)).data()));
    }

    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("there are as many basis paths as live parameters less generators")
    void theCountIsTheDimension(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        assertThat(draw.space.dimension())
                .as(draw.network::toString)
                .isEqualTo(draw.group.liveness().liveCount() - draw.group.rank());
        assertThat(GSpace.of(draw.group, Skeleton.of(draw.skeleton.in(), draw.skeleton.out()))
                        .dimension())
                .isEqualTo(draw.space.dimension());
    }

    /** Every path is a monomial of basis paths, so the gradient in weights is the one in path values pulled back, and no other is. */
    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("the inverse chain rule inverts the chain rule, exactly")
    void theInverseChainRuleInvertsTheChainRule(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        Trial trial = draw.exact();
        // Running statistics are no functions of the weights: with them the loss is no function of the orbit.
        Assume.that(!draw.network.has(Feature.NORMALISATION));
        Map<String, Tensor> point = draw.point(true);
        Map<String, Tensor> expected = Trial.evaluate(trial.gradient, point, FIELD);
        Map<String, Expr> gradient = draw.space.gradient(trial.weights, trial.gradient);
        equal(Trial.evaluate(draw.space.pullback(trial.weights, gradient), point, FIELD), expected, draw);
        if (draw.space instanceof SkeletonSpace space) {
            Map<String, Tensor> byOut =
                    Trial.evaluate(space.gradient(trial.weights, trial.gradient, true), point, FIELD);
            equal(Trial.evaluate(space.gradient(trial.weights, trial.gradient, false), point, FIELD), byOut, draw);
        }
    }

    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("allocated weights have the path values v - eta dL/dv, exactly, and both gauges are one network")
    void everyCoordinateTakesItsStepExactly(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        Trial trial = draw.exact();
        // Running statistics are no functions of the weights: with them the loss is no function of the orbit.
        Assume.that(!draw.network.has(Feature.NORMALISATION));
        Map<String, Tensor> point = draw.point(true);
        Map<String, Expr> step = Trial.times(draw.space.gradient(trial.weights, trial.gradient), -0.125);
        Map<String, Expr> v = draw.space.pathValues(trial.weights);
        Map<String, Tensor> wanted = Trial.evaluate(Trial.plus(v, step), point, FIELD);
        Map<String, Expr> outputs = new LinkedHashMap<>();
        for (int i = 0; i < trial.network.outputs().size(); i++) {
            outputs.put("output" + i, trial.network.outputs().get(i));
        }
        Map<String, Tensor> before = new HashMap<>();
        for (GSpace.Gauge gauge : GSpace.Gauge.values()) {
            Map<String, Tensor> moved = new LinkedHashMap<>(point);
            moved.putAll(Trial.evaluate(
                    draw.space
                            .allocate(trial.weights, step, gauge, OptionalDouble.empty())
                            .weights(),
                    point,
                    FIELD));
            equal(Trial.evaluate(v, moved, FIELD), wanted, draw);
            Map<String, Tensor> values = Trial.evaluate(outputs, moved, FIELD);
            values.forEach((name, y) -> {
                Tensor other = before.put(name, y);
                assertThat(y.data())
                        .as(() -> draw.network.toString())
                        .containsExactly((other == null ? y : other).data());
            });
        }
    }

    private static Map<String, Expr> update(Draw draw, Trial trial, GSpace.Gauge gauge) {
        Map<String, Expr> step = Trial.times(draw.space.gradient(trial.weights, trial.gradient), -0x1p-10);
        return draw.space
                .allocate(trial.weights, step, gauge, OptionalDouble.of(0.1))
                .weights();
    }

    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("step(g.w) = g.step(w), bit for bit for powers of two")
    void stepsCommuteWithRescaling(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        Trial trial = new Trial(draw.model, draw.inputs, false);
        Map<String, Expr> update = update(draw, trial, seed % 3 == 0 ? GSpace.Gauge.IN : GSpace.Gauge.OUT);
        Map<String, Tensor> point = draw.point(false);
        CounterRandom random = CounterRandom.seeded(seed).split("scales");
        int[] exponents = new int[draw.group.rank()];
        Arrays.setAll(exponents, i -> random.below(i, 7) - 3);
        Map<String, Tensor> moved = new LinkedHashMap<>(point);
        moved.putAll(
                draw.group.actByPowersOfTwo(draw.model.weights(), exponents).asMap());
        assertThat(Skeleton.byScore(draw.group, Weights.of(moved)))
                .as(draw.network::toString)
                .isEqualTo(Skeleton.byScore(draw.group, draw.model.weights()));
        Map<String, Tensor> first = Trial.interpret(update, point);
        Weights expected = draw.group.actByPowersOfTwo(Weights.of(first), exponents);
        Map<String, Tensor> found = Trial.interpret(update, moved);
        boolean finite = Arrays.stream(Trial.flat(first)).allMatch(Double::isFinite);
        Statistics.label("finite").collect(finite).coverage(c -> c.check(true).percentage(p -> p > 95));
        found.forEach((name, w) -> assertThat(w.sameBits(expected.get(name)))
                .as(() -> name + " " + draw.skeleton + "\n" + draw.network)
                .isTrue());
        Statistics.label("normalisation").collect(draw.network.has(Feature.NORMALISATION));
    }

    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("the skeleton by score depends on the orbit only")
    void theScoreIsInvariant(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        CounterRandom random = CounterRandom.seeded(seed).split("reals");
        double[] z = new double[draw.group.rank()];
        Arrays.setAll(z, i -> 4 * random.uniform(i) - 2);
        Weights moved = Rescaling.of(draw.group, z).weights(draw.model.weights());
        assertThat(Skeleton.byScore(draw.group, moved))
                .as(draw.network::toString)
                .isEqualTo(Skeleton.byScore(draw.group, draw.model.weights()));
    }

    /** Nothing of a network can be lost: what is no path of its own is a skeleton element, dead, idle or frozen. */
    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("elements without a path have value and gradient zero")
    void thereIsNothingBesidesThePaths(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = new Draw(seed);
        Trial trial = new Trial(draw.model, draw.inputs, false);
        Map<String, Tensor> point = draw.point(false);
        Map<String, Tensor> support = Trial.interpret(draw.space.support(), point);
        Map<String, Tensor> v = Trial.interpret(draw.space.pathValues(trial.weights), point);
        Map<String, Tensor> g = Trial.interpret(draw.space.gradient(trial.weights, trial.gradient), point);
        double paths = 0;
        for (var entry : support.entrySet()) {
            assertThat(draw.space.shapes()).containsKey(entry.getKey());
            for (int i = 0; i < entry.getValue().size(); i++) {
                double flag = entry.getValue().get(i);
                paths += flag;
                if (flag == 0) {
                    assertThat(Objects.requireNonNull(v.get(entry.getKey())).get(i))
                            .isZero();
                    assertThat(Objects.requireNonNull(g.get(entry.getKey())).get(i))
                            .isZero();
                } else {
                    assertThat(Objects.requireNonNull(v.get(entry.getKey())).get(i))
                            .isNotZero();
                }
            }
        }
        ClassGraph graph = ClassGraphReader.read(draw.group).graph();
        assertThat(paths - (graph == null ? 0 : graph.exits().cardinality())).isEqualTo(draw.space.dimension());
        for (Expr parameter : draw.model.network().parameters()) {
            assertThat(draw.space.shapes().get(Network.nameOf(parameter))).isEqualTo(parameter.shape());
        }
    }
}
