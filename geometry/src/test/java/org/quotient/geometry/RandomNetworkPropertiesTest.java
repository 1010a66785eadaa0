package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.geometry.paths.PathLiftingRank;

/** What must hold on any graph. */
class RandomNetworkPropertiesTest {
    private static int[] exponents(RescalingGroup group, long seed) {
        CounterRandom random = CounterRandom.seeded(seed);
        int[] exponents = new int[group.rank()];
        Arrays.setAll(exponents, i -> (random.below(2L * i, 2) == 0 ? 1 : -1) * (1 + random.below(2L * i + 1, 2)));
        return exponents;
    }

    @Property(seed = "20261", tries = 1500)
    void powersOfTwoActBitForBitAndAreRecognised(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        Model model = draw.model();
        RescalingGroup group = RescalingGroup.of(model.network());
        Weights moved = group.actByPowersOfTwo(model.weights(), exponents(group, seed));
        List<Tensor> inputs = draw.inputs(3, seed);
        List<Tensor> before = model.evaluate(inputs);
        List<Tensor> after = model.at(moved).evaluate(inputs);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).sameBits(before.get(i)))
                    .as(() -> draw.toString())
                    .isTrue();
        }
        OrbitEquivalence same = OrbitEquivalence.of(group, model.weights(), moved, 1e-9);
        assertThat(same.equivalent()).as(same.reason() + draw).isTrue();
    }

    @Property(seed = "20261", tries = 500)
    void elementsFindNoMoreThanChannelsWhereNothingWasCollapsed(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        RescalingGroup group = RescalingGroup.of(draw.network());
        assertThat(RescalingGroup.byElements(draw.network(), Liveness.of(draw.network()))
                        .rank())
                .as(() -> draw.toString())
                .isEqualTo(group.rank());
        assertThat(group.incomplete()).isEmpty();
    }

    /** The features that the properties must meet, each in at least 5 % of the draws. */
    private static final List<Feature> DEMANDED = List.of(
            Feature.WEIGHT_REUSED_ALONG_A_PATH,
            Feature.CYCLIC_TIES,
            Feature.STRIDE_WITH_PADDING,
            Feature.DEAD_TAPS,
            Feature.SLICE,
            Feature.POOL_OVER_UNITS,
            Feature.CONCAT_OF_TIED_CHANNELS,
            Feature.NORMALISATION,
            Feature.PRODUCT_OF_ACTIVATIONS);

    /**
     * The inferred group has exactly the rank that exact elimination of enumerated paths implies: every draw's paths are
     * listed, one by one, by code that knows nothing of the inference; and the certificate proves it without listing them.
     */
    @Property(seed = "20261", tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void theGroupHasTheRankThatEnumeratedPathsImply(@ForAll @LongRange(min = 0, max = 1_000_000_000L) long seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        RescalingGroup group = RescalingGroup.of(draw.network());
        PathGraph paths = PathGraph.of(draw.network(), group.liveness().idle());
        EnumeratedRank rank = EnumeratedRank.of(paths);
        assertThat(group.liveness().live()).as(() -> draw.toString()).isEqualTo(paths.live());
        assertThat(group.rank()).as(() -> draw.toString()).isEqualTo(rank.symmetries());
        DimensionCount count = DimensionCount.of(group);
        assertThat(count.certificate().proved()).as(() -> draw + " " + count).isTrue();
        for (Feature feature : DEMANDED) {
            Statistics.label(feature.name())
                    .collect(draw.has(feature))
                    .coverage(checker -> checker.check(true).percentage(p -> p >= 5));
        }
    }

    /** At a point with zeros, the rank of the path lifting equals what the scalar paths say. */
    @Property(seed = "20261", tries = 400, edgeCases = EdgeCasesMode.NONE)
    void zerosLowerTheRankAsTheJacobianSays(@ForAll @LongRange(min = 0, max = 1_000_000_000L) long seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        Liveness liveness = Liveness.of(draw.network());
        CounterRandom random = CounterRandom.seeded(seed);
        Map<String, Tensor> values = new LinkedHashMap<>(draw.model().weights().asMap());
        BitSet zeros = new BitSet();
        int offset = 0;
        for (Expr parameter : draw.network().parameters()) {
            Tensor theta = draw.model().weights().get(parameter);
            int start = offset;
            values.put(
                    Network.nameOf(parameter),
                    Tensor.fill(theta.shape(), theta.dtype(), i -> random.below(start + i, 5) == 0 ? 0 : theta.get(i)));
            offset += theta.size();
        }
        Model model = draw.model().at(Weights.of(values));
        zeros.or(RescalingGroup.zeros(model));
        zeros.andNot(liveness.idle());
        PointCount count = PointCount.of(RescalingGroup.of(draw.network()), model);
        assertThat(count.rankPathLifting())
                .as(() -> draw.toString())
                .isEqualTo(PathLiftingRank.of(PathGraph.of(draw.network(), liveness.idle()), zeros)
                        .rank());
    }
}
