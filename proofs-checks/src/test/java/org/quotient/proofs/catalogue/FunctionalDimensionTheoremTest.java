package org.quotient.proofs.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.proofs.Choices;
import org.quotient.proofs.catalogue.OneHiddenLayer.Situation;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/** Ranks over all linear regions that were worked out before. */
class FunctionalDimensionTheoremTest {

    @Test
    @DisplayName("2-3-1 with bends in general position has the functional dimension 10 = 13 − 3")
    void shallow() {
        NetworkInstance i = NetworkInstance.of(Sketch.mlp(true, 2, 3, 1), 1, 2, -3, 1, 2, -1, 1, 2, -1, 1, -2, 3, 5);
        assertThat(FunctionalDimensionTheorem.rank(i)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "1 -1 -1 2, 1 1, 1 1, 11",
        "-1 -1 -1 -2, 1 3, 1 -1, 11",
        "1 1 1 2, 1 3, 1 1, 7",
        "1 1 1 2, 1 3, 1 -1, 5",
        "-1 -2 -3 -1, -1 -2, 1 -1, 1"
    })
    @DisplayName("2-2-2-1 with W1 = 1 attains the bound 11, or has a second layer that is always on or never")
    void deep(String secondWeights, String secondBiases, String last, int dimension) {
        String all = "1 0 0 1 0 0 " + secondWeights + " " + secondBiases + " " + last + " 0";
        double[] weights =
                Arrays.stream(all.split(" ")).mapToDouble(Double::parseDouble).toArray();
        NetworkInstance i = NetworkInstance.of(Sketch.mlp(true, 2, 2, 2, 1), weights);
        assertThat(FunctionalDimensionTheorem.rank(i)).isEqualTo(dimension);
    }

    @Test
    @DisplayName("every situation is drawn, with and without biases where both make sense")
    void situations() {
        Map<Situation, Integer> seen = new EnumMap<>(Situation.class);
        int unbiased = 0;
        for (int k = 0; k < 80; k++) {
            OneHiddenLayer drawn =
                    OneHiddenLayer.draw(Choices.random(CounterRandom.seeded(k).split("situations"), 1));
            seen.merge(drawn.situation(), 1, Integer::sum);
            unbiased += drawn.bias() ? 0 : 1;
        }
        assertThat(seen).hasSize(Situation.values().length);
        assertThat(unbiased).isPositive();
    }
}
