package org.quotient.autodiff.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Products modulo p are those of integers. */
class FieldProductsTest {
    private static final int[] PRIMES = {2, 3, 5, 7, 65537, 524287, 524309, 2097143, 4194287, 4194301};

    @Property(seed = "577", tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Label("C ± A·B and A·B for any sizes")
    void products(
            @ForAll @IntRange(max = 40) int m,
            @ForAll @IntRange(max = 40) int n,
            @ForAll @IntRange(max = 1100) int k,
            @ForAll @IntRange(max = 9) int prime,
            @ForAll long seed) {
        int p = PRIMES[prime];
        FieldProducts products = new FieldProducts(new Numbers.PrimeField(p));
        Random random = new Random(seed);
        double[] a = NaiveElimination.random(random, m, k, p);
        double[] b = NaiveElimination.random(random, k, n, p);
        double[] c = NaiveElimination.random(random, m, n, p);
        double[] ab = NaiveElimination.product(m, n, k, a, b, p);
        assertThat(products.multiply(m, n, k, a, b)).isEqualTo(ab);
        double[] sum = c.clone();
        products.add(m, n, k, a, 0, b, 0, sum, 0);
        for (int i = 0; i < c.length; i++) {
            assertThat(sum[i]).isEqualTo((c[i] + ab[i]) % p);
        }
        products.subtract(m, n, k, a, 0, b, 0, sum, 0);
        assertThat(sum).isEqualTo(c);
    }

    @ParameterizedTest(name = "modulo {0}")
    @ValueSource(ints = {2, 3, 524287, 524309, 4194301})
    @DisplayName("all entries p − 1, inner sizes k from 1 to 5000: C + A·B is k − 1 everywhere, and −A·B is −k")
    void extremes(int p) {
        FieldProducts products = new FieldProducts(new Numbers.PrimeField(p));
        int m = 7;
        int n = 40;
        for (int k = 1; k <= 1000; k += k < 500 ? 37 : 1) {
            double[] a = filled(m * k, p - 1);
            double[] b = filled(k * n, p - 1);
            double[] c = filled(m * n, p - 1);
            products.add(m, n, k, a, 0, b, 0, c, 0);
            assertThat(c).containsOnly(Math.floorMod(k - 1, p));
            Arrays.fill(c, 0);
            products.subtract(m, n, k, a, 0, b, 0, c, 0);
            assertThat(c).containsOnly(Math.floorMod(-k, p));
        }
        int k = 5000;
        assertThat(products.multiply(m, n, k, filled(m * k, p - 1), filled(k * n, p - 1)))
                .containsOnly(k % p);
    }

    private static double[] filled(int count, double value) {
        double[] out = new double[count];
        Arrays.fill(out, value);
        return out;
    }

    @ParameterizedTest(name = "modulo {0}")
    @ValueSource(ints = {2, 3, 5, 181, 524287, 524309, 2097169, 4194287, 4194301})
    @DisplayName("as many terms as promised stay exact, and numbers about every multiple of p reduce rightly")
    void reduction(int p) {
        Residues residues = new Residues(new Numbers.PrimeField(p));
        long most = residues.terms() * (p - 1L) * (p - 1L) + p - 1;
        assertThat(most).isLessThanOrEqualTo((1L << 53) - p);
        Random random = new Random(p);
        long[] x = new long[60_000];
        for (int i = 0; i < x.length; i++) {
            long multiple = i < 2000 ? most / p - i / 20 : random.nextLong(most / p + 1);
            long value = Math.min(most, Math.max(0, multiple * p + random.nextInt(5) - 2 + (i % 3 == 0 ? p / 2 : 0)));
            x[i] = random.nextBoolean() ? value : -value;
        }
        double[] reduced = new double[x.length];
        Arrays.setAll(reduced, i -> x[i]);
        residues.reduce(reduced, 0, reduced.length);
        for (int i = 0; i < x.length; i++) {
            assertThat(reduced[i]).isEqualTo(Math.floorMod(x[i], (long) p));
        }
    }

    @ParameterizedTest(name = "{0}×700 by 700×50")
    @ValueSource(ints = {1, 2, 3, 50})
    @DisplayName("graphs over a prime field get the same numbers, whichever loops their products run in")
    void graphs(int m) {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        Random random = new Random(m);
        double[] a = NaiveElimination.random(random, m, 700, field.p());
        double[] b = NaiveElimination.random(random, 700, 50, field.p());
        Expr product =
                Expr.input("a", DType.F64, Shape.of(m, 700)).matmul(Expr.input("b", DType.F64, Shape.of(700, 50)));
        Map<String, Tensor> values =
                Map.of("a", Tensor.of(Shape.of(m, 700), DType.F64, a), "b", Tensor.of(Shape.of(700, 50), DType.F64, b));
        assertThat(Evaluator.evaluate(List.of(product), values, field).get(0).data())
                .isEqualTo(NaiveElimination.product(m, 50, 700, a, b, field.p()));
    }

    @Test
    @DisplayName("the largest prime leaves room for 512 terms")
    void terms() {
        assertThat(new Residues(Numbers.PrimeField.largest()).terms()).isEqualTo(512);
        assertThat(new Residues(new Numbers.PrimeField(2)).terms()).isEqualTo(2048);
    }

    @Test
    @DisplayName("pieces of longer arrays: nothing else is touched")
    void offsets() {
        FieldProducts products = new FieldProducts(new Numbers.PrimeField(11));
        double[] c = {5, 1, 2, 5};
        products.add(1, 2, 2, new double[] {9, 1, 2}, 1, new double[] {9, 1, 2, 3, 4}, 1, c, 1);
        assertThat(c).containsExactly(5, 8, 1, 5);
    }

    @Test
    @DisplayName("wrong shapes and what is no residue are refused by name")
    void refusals() {
        FieldProducts products = new FieldProducts(new Numbers.PrimeField(11));
        assertThatThrownBy(() -> products.multiply(2, 2, 2, new double[3], new double[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Matrix A of 2×2");
        assertThatThrownBy(() -> products.multiply(2, 2, 2, new double[4], new double[] {0, 1, 2, 11}))
                .hasMessageContaining("(1, 1) of B is 11.0");
        assertThatThrownBy(() -> products.multiply(1 << 16, 1 << 16, 0, new double[0], new double[0]))
                .hasMessageContaining("does not fit into one array");
        double[] c = {Double.NaN};
        assertThatThrownBy(() -> products.subtract(1, 1, 1, new double[1], 0, new double[1], 0, c, 0))
                .hasMessageContaining("of C is NaN");
        assertThatThrownBy(() -> new Numbers.PrimeField(4194319)).hasMessageContaining("4194304");
    }
}
