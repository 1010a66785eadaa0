package org.quotient.autodiff.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Numbers;

/** Rows in blocks give what the whole matrix gives. */
class RowSpaceTest {
    private static final int[] PRIMES = {2, 3, 4194301};

    @Property(seed = "1618", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("any cut into blocks, with or without a look at the rank in between, gives the same")
    void anyCut(
            @ForAll @IntRange(min = 1, max = 600) int m,
            @ForAll @IntRange(min = 1, max = 50) int n,
            @ForAll @IntRange(min = 0, max = 50) int r,
            @ForAll @IntRange(max = 2) int prime,
            @ForAll @IntRange(min = 1, max = 300) int largest,
            @ForAll long seed) {
        Numbers.PrimeField field = new Numbers.PrimeField(PRIMES[prime]);
        Random random = new Random(seed);
        double[] a = NaiveElimination.deficient(random, m, n, r, field.p());
        Echelon whole = Echelon.of(field, m, n, a);
        RowSpace space = new RowSpace(field, n);
        int seen = 0;
        boolean wanted = true;
        while (seen < m && wanted) {
            int count = Math.min(m - seen, random.nextInt(largest + 1));
            if (random.nextBoolean()) {
                wanted = space.add(a, seen * n, count);
            } else {
                wanted = space.add(Arrays.copyOfRange(a, seen * n, (seen + count) * n), count);
            }
            seen += count;
            if (random.nextInt(4) == 0) {
                assertThat(space.rank()).isEqualTo((int) Arrays.stream(whole.pivotRows())
                        .filter(i -> i < space.rowsSeen())
                        .count());
            }
        }
        assertThat(space.rowsSeen()).isLessThanOrEqualTo(seen);
        assertThat(space.rank()).isEqualTo(whole.rank());
        assertThat(space.pivotRows()).isEqualTo(whole.pivotRows());
        assertThat(space.echelon().pivotColumns()).isEqualTo(whole.pivotColumns());
        assertThat(space.echelon().freeColumns()).isEqualTo(whole.freeColumns());
        assertThat(space.echelon().reducedForm()).isEqualTo(whole.reducedForm());
    }

    @Test
    @DisplayName("rows are refused when the rank is full, and no longer counted")
    void full() {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        int n = 20;
        RowSpace space = new RowSpace(field, n);
        double[] rows = NaiveElimination.random(new Random(1), 1000, n, field.p());
        assertThat(space.add(rows, 10)).isTrue();
        assertThat(space.rank()).isEqualTo(10);
        assertThat(space.rowsSeen()).isEqualTo(10);
        assertThat(space.add(rows, 10 * n, 990)).isFalse();
        assertThat(space.rank()).isEqualTo(20);
        long seen = space.rowsSeen();
        assertThat(seen).as("whole slabs are counted").isBetween(20L, 999L);
        assertThat(space.add(rows, 5)).isFalse();
        assertThat(space.rowsSeen()).isEqualTo(seen);
        assertThat(space.pivotRows())
                .isEqualTo(java.util.stream.LongStream.range(0, 20).toArray());
    }

    @Test
    @DisplayName("a bound ends the work early; a rank beyond it is shown, not hidden")
    void bounds() {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        int n = 60;
        double[] rows = NaiveElimination.random(new Random(2), 2000, n, field.p());
        RowSpace enough = new RowSpace(field, n, 40);
        for (int i = 0; enough.add(rows, i * n, 1); i++) {
            if (i % 8 == 7) {
                assertThat(enough.rank()).isEqualTo(i + 1);
            }
        }
        assertThat(enough.rank()).isEqualTo(40);
        assertThat(enough.rowsSeen()).isEqualTo(40);
        RowSpace wrong = new RowSpace(field, n, 40);
        wrong.add(rows, 2000);
        assertThat(wrong.rank()).isGreaterThan(40);
        RowSpace none = new RowSpace(field, n, 0);
        assertThat(none.add(rows, 10)).isFalse();
        assertThat(none.rowsSeen()).isZero();
        assertThat(none.rank()).isZero();
    }

    @Test
    @DisplayName("a block with something that is no residue is refused whole, and the space goes on")
    void refusals() {
        RowSpace space = new RowSpace(new Numbers.PrimeField(5), 2);
        assertThatThrownBy(() -> space.add(new double[] {1, 0, 0, Double.NaN}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(1, 1)")
                .hasMessageContaining("NaN");
        assertThat(space.rank()).isZero();
        assertThat(space.rowsSeen()).isZero();
        assertThatThrownBy(() -> space.add(new double[3], 2)).hasMessageContaining("2×2");
        assertThatThrownBy(() -> space.add(new double[3], -1)).hasMessageContaining("-1×2");
        assertThat(space.add(new double[] {2, 1}, 1)).isTrue();
        assertThat(space.echelon().reducedForm()).containsExactly(1, 3);
        assertThatThrownBy(() -> new RowSpace(new Numbers.PrimeField(5), -1)).hasMessageContaining("-1");
    }
}
