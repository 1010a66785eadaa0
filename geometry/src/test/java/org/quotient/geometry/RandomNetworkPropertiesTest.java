package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.geometry.paths.PathGraph;

/** What must hold on any graph. */
class RandomNetworkPropertiesTest {
    private static int[] exponents(RescalingGroup group, long seed) {
        CounterRandom random = CounterRandom.seeded(seed);
        int[] exponents = new int[group.rank()];
        Arrays.setAll(exponents, i -> (random.below(2L * i, 2) == 0 ? 1 : -1) * (1 + random.below(2L * i + 1, 2)));
        return exponents;
    }

    @Property(tries = 1500)
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

    @Property(tries = 500)
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
     * listed, one by one, by code that knows nothing of the inference.
     */
    @Test
    void theGroupHasTheRankThatEnumeratedPathsImply() {
        int draws = 1500;
        Map<Feature, Integer> seen = new EnumMap<>(Feature.class);
        int proved = 0;
        for (int seed = 0; seed < draws; seed++) {
            RandomNetwork draw = RandomNetworks.draw(seed);
            RescalingGroup group = RescalingGroup.of(draw.network());
            PathGraph paths = PathGraph.of(draw.network(), group.liveness().idle());
            EnumeratedRank rank = EnumeratedRank.of(paths);
            assertThat(group.liveness().live()).as(draw.toString()).isEqualTo(paths.live());
            assertThat(group.rank()).as(draw.toString()).isEqualTo(rank.symmetries());
            DimensionCount count = DimensionCount.of(group);
            assertThat(count.certificate().proved()).as(draw + " " + count).isTrue();
            proved++;
            draw.features().forEach(f -> seen.merge(f, 1, Integer::sum));
        }
        System.out.println("Random networks: " + draws + " draws, " + proved + " proved; features: " + seen);
        for (Feature feature : DEMANDED) {
            assertThat(seen.getOrDefault(feature, 0)).as(feature.name()).isGreaterThanOrEqualTo(draws / 20);
        }
    }
}
