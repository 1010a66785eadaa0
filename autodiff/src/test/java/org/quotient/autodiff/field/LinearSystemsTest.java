package org.quotient.autodiff.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Numbers;

/** Solutions solve, and where there is none the right-hand side is independent of the columns. */
class LinearSystemsTest {
    private static final int[] PRIMES = {2, 3, 4194301};

    @Property(seed = "99", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("A·X = B is solved exactly if the rank of [A | B] is that of A")
    void systems(
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 0, max = 3) int k,
            @ForAll @IntRange(max = 2) int prime,
            @ForAll boolean consistent,
            @ForAll long seed) {
        Numbers.PrimeField field = new Numbers.PrimeField(PRIMES[prime]);
        Random random = new Random(seed);
        double[] a = NaiveElimination.deficient(random, m, n, 25, field.p());
        FieldProducts products = new FieldProducts(field);
        double[] b = consistent
                ? products.multiply(m, k, n, a, NaiveElimination.random(random, n, k, field.p()))
                : NaiveElimination.random(random, m, k, field.p());
        double[] extended = new double[m * (n + k)];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, i * n, extended, i * (n + k), n);
            System.arraycopy(b, i * k, extended, i * (n + k) + n, k);
        }
        boolean solvable = Echelon.rank(field, m, n + k, extended) == Echelon.rank(field, m, n, a);
        Optional<double[]> x = LinearSystems.solve(field, m, n, a, k, b);
        assertThat(x.isPresent()).isEqualTo(solvable);
        if (consistent) {
            assertThat(solvable).isTrue();
        }
        x.ifPresent(values -> assertThat(products.multiply(m, k, n, a, values)).isEqualTo(b));
    }

    @Test
    @DisplayName("the inverse of a random matrix, on both sides; a singular one has none")
    void inverses() {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        int n = 120;
        double[] a = NaiveElimination.random(new Random(4), n, n, field.p());
        double[] inverse = LinearSystems.inverse(field, n, a).orElseThrow();
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        FieldProducts products = new FieldProducts(field);
        assertThat(products.multiply(n, n, n, a, inverse)).isEqualTo(identity);
        assertThat(products.multiply(n, n, n, inverse, a)).isEqualTo(identity);
        System.arraycopy(a, 0, a, 5 * n, n);
        assertThat(LinearSystems.inverse(field, n, a)).isEmpty();
    }

    @Test
    @DisplayName("(1 2; 3 4)⁻¹ modulo 7 is (5 1; 5 3)")
    void worked() {
        assertThat(LinearSystems.inverse(new Numbers.PrimeField(7), 2, new double[] {1, 2, 3, 4})
                        .orElseThrow())
                .containsExactly(5, 1, 5, 3);
    }

    @Test
    @DisplayName("shapes that do not fit are named")
    void refusals() {
        Numbers.PrimeField field = new Numbers.PrimeField(7);
        assertThatThrownBy(() -> LinearSystems.solve(field, 2, 2, new double[4], 1, new double[1]))
                .hasMessageContaining("Matrix B of 2×1");
        assertThatThrownBy(() -> LinearSystems.inverse(field, 3, new double[8])).hasMessageContaining("3×3");
    }
}
