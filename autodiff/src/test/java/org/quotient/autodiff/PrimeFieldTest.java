package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values over a prime field are the residues of the exact ones. */
class PrimeFieldTest {
    private static final Numbers.PrimeField LARGEST = Numbers.PrimeField.largest();

    private static Tensor residues(Numbers.PrimeField field, Tensor value) {
        return Tensor.fill(value.shape(), DType.F64, i -> field.residue(value.get(i)));
    }

    private static Map<String, Tensor> residues(Numbers.PrimeField field, Map<String, Tensor> values) {
        Map<String, Tensor> map = new HashMap<>();
        values.forEach((name, value) -> map.put(name, residues(field, value)));
        return map;
    }

    /** Wherever double precision is exact (all numbers whole and below 2^50), residues are those of its values. */
    @Property(seed = "20261", tries = 300, edgeCases = EdgeCasesMode.NONE)
    void polynomialGraphs(@ForAll long seed) {
        RandomGraph graph = RandomGraph.of(seed, 14, true);
        Assume.that(graph.largest() < 0x1p50);
        for (int p : new int[] {2, 3, 10007, 4194301}) {
            Numbers.PrimeField field = new Numbers.PrimeField(p);
            List<Tensor> exact = Evaluator.evaluate(graph.outputs(), graph.values());
            List<Tensor> modular = Evaluator.evaluate(graph.outputs(), residues(field, graph.values()), field);
            for (int i = 0; i < exact.size(); i++) {
                assertThat(modular.get(i).data())
                        .containsExactly(residues(field, exact.get(i)).data());
            }
        }
    }

    /** Sums of far more than 256 products of the largest residues, against big integers. */
    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 1000, 5003})
    void longSumsAreExact(int n) {
        int p = LARGEST.p();
        CounterRandom random = CounterRandom.seeded(n);
        Tensor x = Tensor.fill(Shape.of(2, n), DType.F64, i -> p - 1 - random.below(i, 1000));
        Expr e = Expr.input("x", DType.F64, x.shape());
        double[] gram = Evaluator.evaluate(List.of(e.matmul(e.transpose())), Map.of("x", x), LARGEST)
                .get(0)
                .data();
        double sum = Evaluator.evaluate(List.of(e.sum()), Map.of("x", x), LARGEST)
                .get(0)
                .item();
        for (int i = 0; i < 4; i++) {
            int row = i / 2;
            int column = i % 2;
            BigInteger exact = IntStream.range(0, n)
                    .mapToObj(k -> big(x.get(row * n + k)).multiply(big(x.get(column * n + k))))
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(gram[i]).isEqualTo(exact.mod(BigInteger.valueOf(p)).doubleValue());
        }
        BigInteger total =
                IntStream.range(0, 2 * n).mapToObj(i -> big(x.get(i))).reduce(BigInteger.ZERO, BigInteger::add);
        assertThat(sum).isEqualTo(total.mod(BigInteger.valueOf(p)).doubleValue());
    }

    private static BigInteger big(double whole) {
        return BigInteger.valueOf((long) whole);
    }

    /** All three forms of the convolution, pooled sums and scatters, with a large batch of large residues. */
    @Test
    void convolutionsAreExact() {
        CounterRandom random = CounterRandom.seeded(8);
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 6, 7, 7));
        Expr k = Expr.parameter("k", DType.F64, Shape.of(4, 3, 3, 3));
        Expr y = Ops.sumPool2d(Ops.conv2d(x, k, Window.square(3, 2, 1), 2), Window.square(2, 1, 1));
        Expr loss = y.times(y).sum();
        List<Expr> outputs = List.of(y, loss, Differentiation.gradient(loss, x), Differentiation.gradient(loss, k));
        Map<String, Tensor> values = Map.of(
                "x", Tensor.fill(Shape.of(5, 6, 7, 7), DType.F64, i -> random.below(i, 2001) - 1000),
                "k", Tensor.fill(Shape.of(4, 3, 3, 3), DType.F64, i -> random.below(i + 9999L, 2001) - 1000));
        List<Tensor> exact = Evaluator.evaluate(outputs, values);
        List<Tensor> modular = Evaluator.evaluate(outputs, residues(LARGEST, values), LARGEST);
        for (int i = 0; i < outputs.size(); i++) {
            assertThat(exact.get(i).maxAbs()).isBetween(1e4, 0x1p53);
            assertThat(modular.get(i).data())
                    .containsExactly(residues(LARGEST, exact.get(i)).data());
        }
    }

    /** Quotients: a/b is the number whose product with b is a; dyadic constants are embedded exactly. */
    @Property(seed = "20261", tries = 200, edgeCases = EdgeCasesMode.NONE)
    void quotients(
            @ForAll @IntRange(min = -50, max = 50) int a,
            @ForAll @IntRange(min = 1, max = 50) int b,
            @ForAll @IntRange(min = -20, max = 20) int shift) {
        Expr x = Expr.input("x", DType.F64, Shape.SCALAR);
        Expr y = Expr.input("y", DType.F64, Shape.SCALAR);
        Map<String, Tensor> values = residues(LARGEST, Map.of("x", Tensor.scalar(a), "y", Tensor.scalar(b)));
        double quotient =
                Evaluator.evaluate(List.of(x.over(y)), values, LARGEST).get(0).item();
        assertThat((long) quotient * b % LARGEST.p()).isEqualTo(Math.floorMod(a, LARGEST.p()));
        double dyadic = LARGEST.residue(Math.scalb((double) a, shift));
        long back = shift < 0 ? (long) dyadic * LARGEST.power(2, -shift) : (long) dyadic;
        long direct =
                shift < 0 ? Math.floorMod(a, (long) LARGEST.p()) : Math.floorMod((long) a << shift, (long) LARGEST.p());
        assertThat(back % LARGEST.p()).isEqualTo(direct);
    }

    @Test
    void theSmallestField() {
        Numbers.PrimeField two = new Numbers.PrimeField(2);
        assertThat(two.residue(7)).isEqualTo(1);
        assertThat(two.residue(-6)).isEqualTo(0);
        assertThat(two.residue(0)).isEqualTo(0);
        assertThatThrownBy(() -> two.residue(0.5)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void mistakesAreNamed() {
        Expr x = Expr.input("x", DType.F64, Shape.of(2));
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(2), 1, 2));
        assertThatThrownBy(() -> Evaluator.evaluate(List.of(x.relu().named("act")), values, LARGEST))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("'act (relu) [2]'")
                .hasMessageContaining("Freeze");
        assertThatThrownBy(() -> Evaluator.evaluate(List.of(x.over(x.minus(x))), values, LARGEST))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("no inverse");
        for (double wrong : new double[] {-1, 0.5, 4194301, Double.NaN}) {
            assertThatThrownBy(() ->
                            Evaluator.evaluate(List.of(x), Map.of("x", Tensor.of(Shape.of(2), 0, wrong)), LARGEST))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'x' needs residues")
                    .hasMessageContaining(String.valueOf(wrong));
        }
        assertThatThrownBy(() -> new Numbers.PrimeField(4194304)).hasMessageContaining("prime");
        assertThatThrownBy(() -> new Numbers.PrimeField(15)).hasMessageContaining("given 15");
        assertThatThrownBy(() -> LARGEST.residue(Double.POSITIVE_INFINITY)).hasMessageContaining("finite");
    }
}
