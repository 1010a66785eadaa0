package org.quotient.autodiff.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;

/** Matrix products against their definition, bit for bit: every element is one chain of fused multiply-adds. */
class ProductsTest {

    @BeforeContainer
    static void compileTheVectorCode() {
        for (DType dtype : DType.values()) {
            Kernels.of(dtype).warmUp();
        }
    }

    /** A product with random sizes, orders of axes, gaps between rows, and a place within larger arrays. */
    private record Draw(Product product, int ao, int bo, int co, int aSize, int bSize, int cSize) {
        static Draw of(CounterRandom random, boolean large) {
            int batch = large ? 1 + random.below(0, 2) : 1 + random.below(0, 4);
            int most = large ? 150 : 14;
            int m = 1 + random.below(1, most);
            int n = 1 + random.below(2, large ? 200 : 14);
            int k = random.below(3, large ? 600 : 20);
            boolean aTurned = random.below(4, 2) == 0;
            boolean bTurned = random.below(5, 2) == 0;
            boolean cTurned = random.below(6, 3) == 0;
            int gap = random.below(7, 3);
            boolean shareA = random.below(8, 4) == 0;
            boolean shareB = random.below(9, 4) == 0;
            int aRow = aTurned ? 1 : k + gap;
            int aColumn = aTurned ? m + gap : 1;
            int bRow = bTurned ? 1 : n + gap;
            int bColumn = bTurned ? k + gap : 1;
            int cRow = cTurned ? 1 : n + gap;
            int cColumn = cTurned ? m + gap : 1;
            int aOne = (m + gap) * (k + gap) + 1;
            int bOne = (k + gap) * (n + gap) + 1;
            int cOne = (m + gap) * (n + gap) + 1;
            double alpha = List.of(1.0, -1.0, 0.37).get(random.below(10, 3));
            Product product = new Product(
                    batch,
                    m,
                    n,
                    k,
                    shareA ? 0 : aOne,
                    aRow,
                    aColumn,
                    shareB ? 0 : bOne,
                    bRow,
                    bColumn,
                    cOne,
                    cRow,
                    cColumn,
                    random.below(11, 2) == 0,
                    alpha);
            return new Draw(
                    product, gap, 2 * gap, 3 * gap, gap + batch * aOne, 2 * gap + batch * bOne, 3 * gap + batch * cOne);
        }
    }

    @Property(seed = "41", tries = 400, edgeCases = EdgeCasesMode.NONE)
    void smallProducts(@ForAll long seed) {
        check(Draw.of(CounterRandom.seeded(seed), false), seed);
    }

    @Property(seed = "42", tries = 60, edgeCases = EdgeCasesMode.NONE)
    void largeProducts(@ForAll long seed) {
        check(Draw.of(CounterRandom.seeded(seed), true), seed);
    }

    @Property(seed = "43", tries = 300, edgeCases = EdgeCasesMode.NONE)
    void factorsAreThoseOfAPassOfTheirOwn(@ForAll long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("factors");
        boolean large = random.below(0, 4) > 0;
        Draw any = Draw.of(CounterRandom.seeded(seed), large);
        Product p = any.product;
        int k = large && random.below(1, 10) == 0 ? p.k() + 1024 : p.k();
        Product one = new Product(
                1,
                p.m(),
                p.n(),
                k,
                0,
                p.aColumn() == 1 ? k : 1,
                p.aColumn() == 1 ? 1 : p.m(),
                0,
                p.bColumn() == 1 ? p.n() : 1,
                p.bColumn() == 1 ? 1 : k,
                0,
                p.cRow(),
                p.cColumn(),
                true,
                p.alpha());
        Draw draw = new Draw(one, 0, 0, any.co, p.m() * k, k * p.n(), any.cSize);
        boolean after = random.below(2, 2) == 0;
        int present = 1 + random.below(3, 3);
        double[] a = random(random.split("a"), draw.aSize);
        double[] b = random(random.split("b"), draw.bSize);
        double[] c = random(random.split("c"), draw.cSize);
        double[] rows = random(random.split("r"), p.m());
        double[] columns = random(random.split("g"), p.n());
        for (DType dtype : DType.values()) {
            Kernels kernels = Kernels.of(dtype);
            Factors factors = new Factors(
                    (present & 1) == 0 ? null : place(kernels, rows, 0),
                    (present & 2) == 0 ? null : place(kernels, columns, 0),
                    after);
            boolean rowsFirst = p.cColumn() == 1;
            double[] expected = c.clone();
            if (!after) {
                multiply(draw, dtype, rowsFirst, present, rows, columns, expected);
            }
            expected = run(draw, dtype, Factors.NONE, a, b, expected, false);
            if (after) {
                multiply(draw, dtype, rowsFirst, present, rows, columns, expected);
            }
            assertThat(run(draw, dtype, factors, a, b, c, false)).isEqualTo(expected);
            assertThat(run(draw, dtype, factors, a, b, c, true)).isEqualTo(expected);
        }
    }

    /** Each element times the number of its row and that of its column, in the order in which C lies. */
    private static void multiply(
            Draw draw, DType dtype, boolean rowsFirst, int present, double[] rows, double[] columns, double[] c) {
        Product p = draw.product;
        for (int i = 0; i < p.m(); i++) {
            for (int j = 0; j < p.n(); j++) {
                int at = draw.co + i * p.cRow() + j * p.cColumn();
                double row = (present & 1) == 0 ? 1 : dtype.round(rows[i]);
                double column = (present & 2) == 0 ? 1 : dtype.round(columns[j]);
                double once = dtype.round(dtype.round(c[at]) * (rowsFirst ? row : column));
                c[at] = dtype.round(once * (rowsFirst ? column : row));
            }
        }
    }

    private static void check(Draw draw, long seed) {
        CounterRandom values = CounterRandom.seeded(seed).split("values");
        double[] a = random(values.split("a"), draw.aSize);
        double[] b = random(values.split("b"), draw.bSize);
        double[] c = random(values.split("c"), draw.cSize);
        for (DType dtype : DType.values()) {
            double[] expected = c.clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = dtype.round(expected[i]);
            }
            reference(draw, dtype, a, b, expected);
            double[] actual = run(draw, dtype, a, b, c, false);
            if (Math.abs(draw.product.alpha()) == 1) {
                assertThat(actual).isEqualTo(expected);
            } else {
                // Which operand the factor is rounded into depends on the shape.
                assertThat(actual)
                        .usingComparatorWithPrecision(dtype == DType.F64 ? 1e-13 : 1e-4)
                        .containsExactly(expected);
            }
            assertThat(run(draw, dtype, a, b, c, true)).isEqualTo(actual);
        }
    }

    private static double[] random(CounterRandom random, int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.normal(i);
        }
        return values;
    }

    private static double[] run(Draw draw, DType dtype, double[] a, double[] b, double[] c, boolean reversed) {
        return run(draw, dtype, Factors.NONE, a, b, c, reversed);
    }

    private static double[] run(
            Draw draw, DType dtype, Factors factors, double[] a, double[] b, double[] c, boolean reversed) {
        Kernels kernels = Kernels.of(dtype);
        Place x = place(kernels, a, draw.ao);
        Place y = place(kernels, b, draw.bo);
        Place z = place(kernels, c, draw.co);
        Temporaries temporaries = new Temporaries();
        List<Step> steps = kernels.multiply(draw.product, factors, x, y, z, temporaries);
        temporaries.allocate(kernels);
        for (Step step : steps) {
            for (int s = 0; s < step.shards(); s++) {
                step.run(reversed ? step.shards() - 1 - s : s, new Scratch());
            }
        }
        double[] result = new double[c.length];
        kernels.store(new Place(z.array(), 0), result, 0, result.length);
        return result;
    }

    private static Place place(Kernels kernels, double[] values, int offset) {
        Place all = new Place(kernels.allocate(values.length), 0);
        kernels.load(values, 0, all, values.length);
        return new Place(all.array(), offset);
    }

    /** The definition. */
    private static void reference(Draw draw, DType dtype, double[] a, double[] b, double[] c) {
        Product p = draw.product;
        for (int q = 0; q < p.batch(); q++) {
            for (int i = 0; i < p.m(); i++) {
                for (int j = 0; j < p.n(); j++) {
                    int at = draw.co + q * p.cBatch() + i * p.cRow() + j * p.cColumn();
                    double sum = p.accumulate() ? c[at] : 0;
                    for (int k = 0; k < p.k(); k++) {
                        double x = a[draw.ao + q * p.aBatch() + i * p.aRow() + k * p.aColumn()];
                        double y = b[draw.bo + q * p.bBatch() + k * p.bRow() + j * p.bColumn()];
                        sum = dtype == DType.F64
                                ? Math.fma(x, p.alpha() * y, sum)
                                : Math.fma((float) x, (float) p.alpha() * (float) y, (float) sum);
                    }
                    c[at] = sum;
                }
            }
        }
    }
}
