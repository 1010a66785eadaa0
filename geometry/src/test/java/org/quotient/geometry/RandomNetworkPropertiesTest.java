package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;

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
}
