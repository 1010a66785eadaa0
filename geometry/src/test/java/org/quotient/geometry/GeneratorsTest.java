package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.network.BuiltIns;

/** Generators are named after what shares the scale. */
class GeneratorsTest {
    private static List<Generator> of(String spec) {
        return Generators.of(RescalingGroup.of(BuiltIns.network(spec).network()));
    }

    private static Map<String, Long> kinds(String spec) {
        return of(spec).stream().collect(Collectors.groupingBy(Generator::kind, TreeMap::new, Collectors.counting()));
    }

    @Test
    void kindsOfTheBuiltIns() {
        assertThat(kinds("mlp:3-4-5-2")).isEqualTo(Map.of("unit", 9L));
        assertThat(kinds("resnet-18,width=0.125")).isEqualTo(Map.of("residual class", 120L, "channel", 240L));
        assertThat(kinds("transformer-tiny")).isEqualTo(Map.of("normalisation", 32L, "attention", 32L, "gate", 32L));
        assertThat(kinds("rnn:2-3-2,steps=4,inputs=first")).isEqualTo(Map.of("reuse", 1L, "unit", 3L));
        assertThat(kinds("lenet-5")).isEqualTo(Map.of("channel", 22L, "unit", 204L));
    }

    @Test
    void aUnitOfAPerceptronMovesItsRowAndItsColumn() {
        Generator first = of("mlp:3-4-2").get(0);
        assertThat(first.incoming())
                .containsExactly(
                        new Generator.Entry("fc1.weight", "[0, :]", 1, false),
                        new Generator.Entry("fc1.bias", "[0]", 1, false));
        assertThat(first.outgoing()).containsExactly(new Generator.Entry("fc2.weight", "[:, 0]", -1, false));
    }

    /** W_h to κ W_h and W_o to κ^(1 - T) W_o (specification 1.2). */
    @Test
    void theExtraSymmetryOfARecurrentNetworkIsOneOfItsOwn() {
        Generator extra = of("rnn:2-3-2,steps=4,inputs=first").stream()
                .filter(g -> g.kind().equals("reuse"))
                .findFirst()
                .orElseThrow();
        assertThat(extra.incoming())
                .extracting(Generator.Entry::exponent)
                .containsOnly(1L)
                .hasSize(9);
        assertThat(extra.outgoing()).extracting(Generator.Entry::exponent).containsOnly(-3L);
    }

    @Test
    void aNormalisedChannelCarriesItsRunningStatistics() {
        Generator before = of("resnet-18,bn=true,width=0.125").stream()
                .filter(g -> g.kind().equals("normalisation"))
                .findFirst()
                .orElseThrow();
        assertThat(before.incoming()).filteredOn(Generator.Entry::buffer).hasSize(2);
        assertThat(before.incoming())
                .filteredOn(e -> e.parameter().endsWith("running_var"))
                .allSatisfy(e -> assertThat(e.exponent()).isEqualTo(2));
    }
}
