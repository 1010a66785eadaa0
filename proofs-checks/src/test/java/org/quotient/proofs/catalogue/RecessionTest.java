package org.quotient.proofs.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/** Scales that can go to infinity without any weight growing. */
class RecessionTest {

    private static NetworkInstance chain(double... weights) {
        return NetworkInstance.of(Sketch.mlp(false, 1, 1, 1, 1), weights);
    }

    @Test
    @DisplayName("where all weights are nonzero, every direction lets some weight grow")
    void live() {
        Recession recession = Recession.of(chain(1, 2, 3));
        assertThat(recession.direction()).containsExactly(0, 0);
        assertThat(recession.growsNothing(new int[] {1, 0})).isFalse();
        assertThat(recession.growsNothing(new int[] {0, -1})).isFalse();
    }

    @Test
    @DisplayName("units behind a zero go up, units before a zero go down")
    void dead() {
        assertThat(Recession.of(chain(0, 2, 3)).direction()).containsExactly(1, 1);
        assertThat(Recession.of(chain(1, 2, 0)).direction()).containsExactly(-1, -1);
        Recession between = Recession.of(chain(1, 0, 3));
        assertThat(between.direction()).containsExactly(-1, 1);
        assertThat(between.growsNothing(between.direction())).isTrue();
        assertThat(between.growsNothing(new int[] {1, 1})).isFalse();
    }
}
