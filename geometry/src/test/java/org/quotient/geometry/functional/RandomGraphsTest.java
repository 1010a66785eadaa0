package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.jacobian.JacobianRows;
import org.quotient.geometry.functional.pattern.MaskedNetwork;
import org.quotient.geometry.functional.pattern.PatternDecider;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** What must hold on any graph that is piecewise polynomial. */
class RandomGraphsTest {
    private static Model drawn(long seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        Network network = draw.network();
        Map<String, Tensor> values = new LinkedHashMap<>(draw.model().weights().asMap());
        CounterRandom random = CounterRandom.seeded(seed);
        for (Expr parameter : network.parameters()) {
            String name = Network.nameOf(parameter);
            CounterRandom stream = random.split(name);
            values.put(name, Tensor.fill(parameter.shape(), DType.F64, stream::normal));
        }
        return new Model(network, Weights.of(values));
    }

    private static Optional<FunctionalDimension> prepared(Model model) {
        try {
            return Optional.of(FunctionalDimension.of(model));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).containsAnyOf("piecewise polynomial", "combines the samples", "softmax over");
            return Optional.empty();
        }
    }

    private static Points points(Model model, int count, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("points");
        List<Tensor> tensors = new ArrayList<>();
        for (Expr input : model.network().inputs()) {
            CounterRandom stream = random.split(Network.nameOf(input));
            tensors.add(Tensor.fill(input.shape().bind(count), DType.F64, stream::normal));
        }
        return Points.of(model.network(), tensors);
    }

    @Property(seed = "606", tries = 60)
    @Label("lower ≤ rank ≤ upper ≤ bound ≤ live − generators")
    void boundsAreInOrder(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Model model = drawn(seed);
        Optional<FunctionalDimension> dimension = prepared(model);
        Assume.that(dimension.isPresent());
        FunctionalRank rank = dimension
                .orElseThrow()
                .sampled(Sampling.seeded(seed).withPatience(2).withLines(3).withMost(2000));
        assertThat(rank.lower()).isLessThanOrEqualTo(rank.upper());
        assertThat(rank.upper()).isLessThanOrEqualTo(rank.bound());
        assertThat(rank.bound()).isLessThanOrEqualTo(dimension.orElseThrow().bound());
    }

    @Property(seed = "606", tries = 60)
    @Label("adding points never lowers the rank")
    void pointsAddRank(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Model model = drawn(seed);
        Optional<FunctionalDimension> dimension = prepared(model);
        Assume.that(dimension.isPresent());
        Points points = points(model, 12, seed);
        int before = 0;
        for (int n : new int[] {1, 3, 6, 12}) {
            int rank = dimension.orElseThrow().batch(points.range(0, n)).rank();
            assertThat(rank).isGreaterThanOrEqualTo(before);
            before = rank;
        }
    }

    @Property(seed = "606", tries = 60)
    @Label("rows are the gradients of single outputs at single points")
    void rowsAreGradients(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Model model = drawn(seed);
        Optional<FunctionalDimension> dimension = prepared(model);
        Assume.that(dimension.isPresent());
        Network network = model.network();
        Assume.that(network.outputs().size() == 1 && !(network.outputs().get(0).op() instanceof Op.Unary));
        Patterns patterns = dimension.orElseThrow().subject().decider().decide(points(model, 3, seed));
        Assume.that(patterns.count() == 3);
        BitSet all = new BitSet();
        all.set(0, (int) network.parameterCount());
        MaskedNetwork masked = MaskedNetwork.of(network, model.weights());
        JacobianRows rows = new JacobianRows(masked, all);
        PatternDecider decider = dimension.orElseThrow().subject().decider();
        double[] found = rows.of(
                new JacobianRows.Values(decider.parameters(), patterns.points().doubles(), patterns.masks()),
                3,
                Optional.empty());
        Expr output = network.outputs().get(0);
        int at = 0;
        for (int n = 0; n < 3; n++) {
            Points one = patterns.points().range(n, n + 1);
            int size = output.shape().bind(1).elements();
            for (int k = 0; k < size; k++) {
                int row = k;
                Expr cotangent = Expr.input("cotangent", output.dtype(), output.shape());
                List<Expr> gradients = Differentiation.vjp(List.of(output), List.of(cotangent), network.parameters());
                Map<String, Tensor> given = model.weights().with(network.inputs(), one.doubles());
                given.put("cotangent", Tensor.fill(output.shape().bind(1), output.dtype(), i -> i == row ? 1 : 0));
                for (Tensor gradient : Evaluator.evaluate(gradients, given, 1)) {
                    for (double value : gradient.data()) {
                        assertThat(found[at++]).isCloseTo(value, within(1e-9 * (1 + Math.abs(value))));
                    }
                }
            }
        }
    }

    @Property(seed = "606", tries = 40)
    @Label("rescaling the parameters leaves the rank on given points")
    void rescalingChangesNothing(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Model model = drawn(seed);
        Optional<FunctionalDimension> dimension = prepared(model);
        Assume.that(dimension.isPresent() && model.network().buffers().isEmpty());
        RescalingGroup group = RescalingGroup.of(model.network());
        int[] exponents = new int[group.rank()];
        CounterRandom random = CounterRandom.seeded(seed);
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = random.below(i, 9) - 4;
        }
        Model moved = model.at(group.actByPowersOfTwo(model.weights(), exponents));
        Points points = points(model, 8, seed);
        FunctionalRank here = dimension.orElseThrow().batch(points);
        FunctionalRank there = FunctionalDimension.of(moved).batch(points);
        assertThat(there).isEqualTo(here);
    }

    @Property(seed = "606", tries = 25)
    @Label("sampled ≤ enumerated, and proved over the rationals")
    void samplesFindNoMoreThanRegions(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        int[][] shapes = {{1, 3, 3, 1}, {2, 3, 2, 1}, {2, 2, 2, 2}, {1, 2, 2, 2, 1}, {3, 2, 2, 1}};
        Network network = ReluNetworks.network(seed % 3 > 0, shapes[(int) (seed % shapes.length)]);
        FunctionalDimension dimension = FunctionalDimension.of(ReluNetworks.random(network, seed));
        FunctionalRank enumerated = dimension.exact(10_000);
        FunctionalRank sampled = dimension.sampled(Sampling.seeded(seed).withPatience(2));
        assertThat(enumerated.proved()).isTrue();
        assertThat(sampled.rank()).isLessThanOrEqualTo(enumerated.rank());
        assertThat(enumerated.rank()).isLessThanOrEqualTo(sampled.upper());
    }

    @Property(seed = "606", tries = 20)
    @Label("permuting hidden units changes nothing")
    void unitsHaveNoOrder(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Network network = ReluNetworks.network(true, 2, 4, 3, 2);
        Model model = ReluNetworks.random(network, seed);
        int[] order = {2, 0, 3, 1};
        Map<String, Tensor> values = new LinkedHashMap<>(model.weights().asMap());
        Tensor w1 = model.weights().get("W1");
        Tensor b1 = model.weights().get("b1");
        Tensor w2 = model.weights().get("W2");
        values.put("W1", Tensor.fill(w1.shape(), DType.F64, i -> w1.get(order[i / 2] * 2 + i % 2)));
        values.put("b1", Tensor.fill(b1.shape(), DType.F64, i -> b1.get(order[i])));
        values.put("W2", Tensor.fill(w2.shape(), DType.F64, i -> w2.get(i / 4 * 4 + order[i % 4])));
        Points points = points(model, 30, seed);
        FunctionalRank before = FunctionalDimension.of(model).batch(points);
        FunctionalRank after =
                FunctionalDimension.of(model.at(Weights.of(values))).batch(points);
        assertThat(after).isEqualTo(before);
    }
}
