package org.quotient.proofs.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which whole vectors span all whole vectors. */
class WholeLatticeTest {

    @Test
    @DisplayName("vectors with determinant ±1 span all whole vectors, others only a part")
    void determinants() {
        assertThat(WholeLattice.spans(List.of(new long[] {1, 2}, new long[] {3, 5}), 2))
                .isTrue();
        assertThat(WholeLattice.spans(List.of(new long[] {1, 2}, new long[] {3, 4}), 2))
                .isFalse();
        assertThat(WholeLattice.spans(List.of(new long[] {1, 2}, new long[] {2, 4}), 2))
                .isFalse();
        assertThat(WholeLattice.spans(List.of(), 0)).isTrue();
    }

    @Test
    @DisplayName("2 and 3 span the whole numbers together, 4 and 6 do not")
    void commonDivisors() {
        assertThat(WholeLattice.spans(List.of(new long[] {2}, new long[] {3}), 1))
                .isTrue();
        assertThat(WholeLattice.spans(List.of(new long[] {4}, new long[] {6}), 1))
                .isFalse();
        List<long[]> together = List.of(new long[] {2, 0}, new long[] {0, 3}, new long[] {3, 1}, new long[] {0, 4});
        assertThat(WholeLattice.spans(together, 2)).isTrue();
    }
}
