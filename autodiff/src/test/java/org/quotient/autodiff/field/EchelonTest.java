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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.Numbers;

/** Rank, profile, echelon form and null space are those of an elimination in integers. */
class EchelonTest {
    private static final int[] PRIMES = {2, 3, 5, 257, 524287, 524309, 4194301};

    private static void same(int p, int m, int n, double[] a) {
        NaiveElimination naive = new NaiveElimination(p, m, n, a);
        double[] before = a.clone();
        Numbers.PrimeField field = new Numbers.PrimeField(p);
        Echelon echelon = Echelon.of(field, m, n, a);
        assertThat(a).as("the matrix is left alone").isEqualTo(before);
        assertThat(echelon.rank()).isEqualTo(naive.rank());
        assertThat(Echelon.rank(field, m, n, a)).isEqualTo(naive.rank());
        assertThat(echelon.pivotRows()).isEqualTo(naive.pivotRows());
        assertThat(echelon.pivotColumns()).isEqualTo(naive.pivotColumns());
        assertThat(echelon.reducedForm()).isEqualTo(naive.reducedForm());
        int nullity = n - naive.rank();
        double[] kernel = echelon.nullSpace();
        assertThat(kernel).hasSize(nullity * n);
        assertThat(NaiveElimination.product(m, nullity, n, a, transpose(nullity, n, kernel), p))
                .as("A·x = 0 for every vector of the null space")
                .containsOnly(zeros(m * nullity));
        assertThat(Echelon.rank(field, nullity, n, kernel))
                .as("they are independent, so with the rank they make n")
                .isEqualTo(nullity);
    }

    private static double[] zeros(int count) {
        return new double[Math.min(1, count)];
    }

    private static double[] transpose(int m, int n, double[] a) {
        double[] out = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                out[j * m + i] = a[i * n + j];
            }
        }
        return out;
    }

    @Property(seed = "314", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label("matrices of any shape and rank, with zero and repeated rows and columns")
    void anyMatrix(
            @ForAll @IntRange(min = 1, max = 70) int m,
            @ForAll @IntRange(min = 1, max = 70) int n,
            @ForAll @IntRange(min = 0, max = 40) int r,
            @ForAll @IntRange(max = 6) int prime,
            @ForAll long seed) {
        int p = PRIMES[prime];
        same(p, m, n, NaiveElimination.deficient(new Random(seed), m, n, r, p));
    }

    @ParameterizedTest(name = "{0}×{1} of rank {2} modulo {3}")
    @CsvSource({
        "300, 300, 300, 4194301",
        "300, 300, 220, 4194301",
        "700, 90, 80, 4194301",
        "80, 700, 75, 4194301",
        "530, 260, 255, 2",
        "300, 280, 270, 3",
        "600, 570, 560, 4194301"
    })
    @DisplayName("matrices of several slabs")
    void large(int m, int n, int r, int p) {
        Random random = new Random(m + n);
        double[] a = NaiveElimination.product(
                m, n, r, NaiveElimination.random(random, m, r, p), NaiveElimination.random(random, r, n, p), p);
        same(p, m, n, a);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4194301})
    @DisplayName("all entries p − 1: rank 1; all entries 0: rank 0; empty matrices")
    void extremes(int p) {
        double[] a = new double[90 * 50];
        same(p, 90, 50, a);
        Arrays.fill(a, p - 1);
        same(p, 90, 50, a);
        same(p, 0, 5, new double[0]);
        same(p, 5, 0, new double[0]);
    }

    @Test
    @DisplayName("a permutation has full rank, and its echelon form is the identity")
    void permutation() {
        int n = 200;
        double[] a = new double[n * n];
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + 77 * i % n] = 1;
            identity[i * n + i] = 1;
        }
        assertThat(Echelon.of(Numbers.PrimeField.largest(), n, n, a).reducedForm())
                .isEqualTo(identity);
    }

    @ParameterizedTest(name = "modulo {0}")
    @ValueSource(ints = {211, 65537, 4194301})
    @DisplayName("a Vandermonde matrix of 200 different nodes has full rank; with a node repeated it has one less")
    void vandermonde(int p) {
        int n = 200;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            long power = 1;
            for (int j = 0; j < n; j++) {
                a[i * n + j] = power;
                power = power * (i + 1) % p;
            }
        }
        Numbers.PrimeField field = new Numbers.PrimeField(p);
        assertThat(Echelon.rank(field, n, n, a)).isEqualTo(n);
        System.arraycopy(a, 17 * n, a, 150 * n, n);
        Echelon less = Echelon.of(field, n, n, a);
        assertThat(less.rank()).isEqualTo(n - 1);
        assertThat(less.pivotRows()).doesNotContain(150).contains(17, 149, 151);
    }

    @Test
    @DisplayName("the matrix (1 2; 2 4) has rank 1, (1 2; 3 4) has rank 1 only modulo 2")
    void workedFacts() {
        double[] a = {1, 2, 2, 4};
        assertThat(Echelon.rank(new Numbers.PrimeField(5), 2, 2, a)).isEqualTo(1);
        assertThat(Echelon.rank(new Numbers.PrimeField(5), 2, 2, new double[] {1, 2, 3, 4}))
                .isEqualTo(2);
        assertThat(Echelon.rank(new Numbers.PrimeField(2), 2, 2, new double[] {1, 0, 1, 0}))
                .isEqualTo(1);
        Echelon echelon = Echelon.of(new Numbers.PrimeField(5), 2, 2, a);
        assertThat(echelon.nullSpace()).containsExactly(3, 1);
        assertThat(echelon).hasToString("rank 1 of 2 columns modulo 5, pivots [0]");
    }

    @Property(seed = "271", tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Label("rank A·B ≤ min(rank A, rank B), and ≥ rank A + rank B − k (Sylvester)")
    void rankOfProducts(
            @ForAll @IntRange(min = 1, max = 60) int m,
            @ForAll @IntRange(min = 1, max = 60) int k,
            @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(max = 6) int prime,
            @ForAll long seed) {
        Numbers.PrimeField field = new Numbers.PrimeField(PRIMES[prime]);
        Random random = new Random(seed);
        double[] a = NaiveElimination.deficient(random, m, k, 1 + random.nextInt(50), field.p());
        double[] b = NaiveElimination.deficient(random, k, n, 1 + random.nextInt(50), field.p());
        int left = Echelon.rank(field, m, k, a);
        int right = Echelon.rank(field, k, n, b);
        int both = Echelon.rank(field, m, n, new FieldProducts(field).multiply(m, n, k, a, b));
        assertThat(both).isBetween(Math.max(0, left + right - k), Math.min(left, right));
        assertThat(Echelon.rank(field, k, m, transpose(m, k, a)))
                .as("row rank is column rank")
                .isEqualTo(left);
    }

    @Test
    @DisplayName("what is no residue is refused with its place and what is expected")
    void refusals() {
        Numbers.PrimeField field = new Numbers.PrimeField(7);
        for (double bad : new double[] {7, -1, 0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Echelon.rank(field, 2, 3, new double[] {0, 1, 2, 3, 4, bad}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(1, 2)")
                    .hasMessageContaining(Double.toString(bad))
                    .hasMessageContaining("from 0 to 6");
        }
        assertThatThrownBy(() -> Echelon.of(field, 2, 3, new double[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2×3")
                .hasMessageContaining("has 5");
        assertThatThrownBy(() -> Echelon.of(field, 1, 70000, new double[70000]))
                .hasMessageContaining("65536")
                .hasMessageContaining("70000");
    }
}
