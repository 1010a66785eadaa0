package org.quotient.autodiff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {

    @Property(tries = 200, seed = "42", edgeCases = EdgeCasesMode.NONE)
    @Label("the batches of an epoch are each sample once, and the same samples again for the same seed and step")
    void everyEpochIsAPass(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 50) int size,
            @ForAll @IntRange(min = 0, max = 1_000_000) int epoch) {
        Batches batches = Batches.of(seed, n, size);
        long first = (long) epoch * batches.stepsPerEpoch();
        List<Integer> seen = new ArrayList<>();
        for (int k = 0; k < batches.stepsPerEpoch(); k++) {
            assertThat(batches.epoch(first + k)).isEqualTo(epoch);
            int[] batch = batches.batch(first + k);
            boolean last = k == batches.stepsPerEpoch() - 1;
            assertThat(batch.length).isBetween(1, Math.min(n, size));
            assertThat(last || batch.length == size).isTrue();
            assertThat(batch).containsExactly(Batches.of(seed, n, size).batch(first + k));
            for (int i : batch) {
                seen.add(i);
            }
        }
        assertThat(seen).hasSize(n).doesNotHaveDuplicates().allMatch(i -> i >= 0 && i < n);
    }

    @Property(tries = 50, seed = "43")
    @Label("resuming at any step gives the batches that an uninterrupted run sees")
    void resume(@ForAll long seed, @ForAll @IntRange(min = 0, max = 30) int step, @ForAll boolean drop) {
        Batches batches = new Batches(seed, 10, 4, drop);
        Iterator<Batches.Batch> run = batches.from(0);
        for (int t = 0; t < step; t++) {
            run.next();
        }
        Iterator<Batches.Batch> resumed = batches.from(step);
        for (int t = step; t < step + 7; t++) {
            Batches.Batch one = run.next();
            Batches.Batch other = resumed.next();
            assertThat(other.step()).isEqualTo(one.step()).isEqualTo(t);
            assertThat(other.epoch()).isEqualTo(one.epoch()).isEqualTo(batches.epoch(t));
            assertThat(other.indices()).containsExactly(one.indices()).containsExactly(batches.batch(t));
        }
    }

    @Test
    void aShortBatchIsDroppedOnRequestAndSizesAreChecked() {
        assertThat(Batches.of(0, 10, 4).stepsPerEpoch()).isEqualTo(3);
        assertThat(Batches.of(0, 10, 4).batch(2)).hasSize(2);
        Batches dropping = new Batches(0, 10, 4, true);
        assertThat(dropping.stepsPerEpoch()).isEqualTo(2);
        assertThat(dropping.batch(2)).hasSize(4);
        assertThat(new Batches(0, 10, 99, true).batch(5)).hasSize(10);
        assertThatIllegalArgumentException().isThrownBy(() -> Batches.of(0, 10, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> dropping.batch(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Batches.of(0, 0, 1));
    }

    /** All 24 orders of four, 24,000 draws: each within five standard deviations of a binomial of mean 1000. */
    @Test
    void allOrdersAreEquallyLikelyAndEpochsAndSeedsDiffer() {
        int[] counts = new int[256];
        for (int e = 0; e < 24_000; e++) {
            int[] order = Shuffle.order(7, e, 4);
            counts[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
        }
        int orders = 0;
        for (int count : counts) {
            if (count > 0) {
                orders++;
                assertThat((double) count).isCloseTo(1000, within(5 * Math.sqrt(1000 * 23 / 24.0)));
            }
        }
        assertThat(orders).isEqualTo(24);
        assertThat(Shuffle.order(1, 0, 50))
                .isNotEqualTo(Shuffle.order(1, 1, 50))
                .isNotEqualTo(Shuffle.order(2, 0, 50));
    }
}
