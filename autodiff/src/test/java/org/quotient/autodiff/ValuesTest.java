package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.quotient.autodiff.Shape.N;

import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values against plain loops over the definitions. Small whole numbers, so that sums are exact in any order. */
class ValuesTest {
    private static Tensor whole(String name, int... sizes) {
        CounterRandom random = CounterRandom.seeded(5).split(name);
        return Tensor.fill(Shape.of(sizes), DType.F64, i -> random.below(i, 19) - 9);
    }

    private static Tensor run(Expr output, Tensor... values) {
        Map<String, Tensor> map = new java.util.HashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put("x" + i, values[i]);
        }
        return Evaluator.evaluate(output, map);
    }

    private static Expr in(int i, Tensor value) {
        return Expr.input("x" + i, DType.F64, value.shape());
    }

    @Property(seed = "20261", tries = 150, edgeCases = EdgeCasesMode.NONE)
    void convolution(
            @ForAll @IntRange(min = 1, max = 3) int groups,
            @ForAll @IntRange(min = 1, max = 3) int kh,
            @ForAll @IntRange(min = 1, max = 3) int kw,
            @ForAll @IntRange(min = 1, max = 3) int sh,
            @ForAll @IntRange(min = 1, max = 3) int sw,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(min = 0, max = 80) int pads) {
        Window w = new Window(kh, kw, sh, sw, pads % 3, pads / 3 % 3, pads / 9 % 3, pads / 27, dilation, 3 - dilation);
        Tensor x = whole("image", 2, 2 * groups, 6, 5);
        Tensor k = whole("kernel", 3 * groups, 2, kh, kw);
        Tensor y = run(Ops.conv2d(in(0, x), in(1, k), w, groups), x, k);
        assertThat(y.sameBits(Naive.conv(x, k, w, groups))).isTrue();
    }

    @Property(seed = "20261", tries = 100, edgeCases = EdgeCasesMode.NONE)
    void pooling(
            @ForAll @IntRange(min = 1, max = 3) int kh,
            @ForAll @IntRange(min = 1, max = 3) int kw,
            @ForAll @IntRange(min = 1, max = 3) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll @IntRange(min = 0, max = 15) int pads) {
        Window w = new Window(
                kh, kw, stride, 4 - stride, pads % 2, pads / 2 % 2, pads / 4 % 2, pads / 8, dilation, 3 - dilation);
        Tensor x = whole("image", 2, 2, 6, 5);
        Tensor max = run(Ops.maxPool2d(in(0, x), w), x);
        Tensor sum = run(Ops.sumPool2d(in(0, x), w), x);
        for (int i = 0; i < max.size(); i++) {
            int[] p = Naive.index(max.shape(), i);
            double[] expected = Naive.window(x, w, p[0], p[1], p[2], p[3]);
            assertThat(new double[] {sum.get(i), max.get(i)}).containsExactly(expected);
        }
    }

    @Test
    void averagesCountThePaddingOrNot() {
        Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 4, 8, 12, 16);
        Window w = Window.square(2, 2, 1);
        assertThat(run(Ops.averagePool2d(in(0, x), w, true), x).data()).containsExactly(1, 2, 3, 4);
        assertThat(run(Ops.averagePool2d(in(0, x), w, false), x).data()).containsExactly(4, 8, 12, 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ij,jk->ik",
                "ij,kj->ik",
                "ij,jk->ki",
                "bij,bjk->bik",
                "bij,kjb->ikb",
                "i,j->ij",
                "ij,ij->ij",
                "ij,ij->",
                "ij,i->j",
                "bhqd,bhkd->bhqk",
                "ai,bi->ab",
                "ij,ji->",
                "i,i->i",
                ",ij->ji"
            })
    void einsum(String equation) {
        Map<Character, Integer> sizes = Map.of('i', 2, 'j', 3, 'k', 4, 'b', 2, 'h', 3, 'q', 2, 'd', 5, 'a', 3);
        String[] parts = equation.split(",|->", -1);
        Tensor x = whole("left", parts[0].chars().map(c -> sizes.get((char) c)).toArray());
        Tensor y = whole("right", parts[1].chars().map(c -> sizes.get((char) c)).toArray());
        Expr product = Ops.einsum(equation, in(0, x), in(1, y));
        Tensor expected = Naive.einsum((Op.Einsum) product.op(), x, y, product.shape());
        assertThat(run(product, x, y).sameBits(expected)).isTrue();
    }

    /** Sizes beyond one block of the matrix product in every direction. */
    @Test
    void largeMatrixProducts() {
        Tensor x = whole("left", 5, 131);
        Tensor y = whole("right", 131, 1031);
        Expr product = in(0, x).matmul(in(1, y));
        assertThat(run(product, x, y).sameBits(Naive.einsum((Op.Einsum) product.op(), x, y, product.shape())))
                .isTrue();
    }

    @Test
    void broadcastingFollowsNumPy() {
        Tensor x = whole("x", 3, 1, 4);
        Tensor y = whole("y", 2, 1);
        Tensor sum = run(in(0, x).plus(in(1, y)), x, y);
        assertThat(sum.shape()).isEqualTo(Shape.of(3, 2, 4));
        for (int i = 0; i < sum.size(); i++) {
            int[] p = Naive.index(sum.shape(), i);
            assertThat(sum.get(i)).isEqualTo(Naive.at(x, p[0], 0, p[2]) + Naive.at(y, p[1], 0));
        }
    }

    @Test
    void matmulBroadcastsLeadingAxesAndTakesVectors() {
        Tensor x = whole("x", 2, 1, 3, 4);
        Tensor y = whole("y", 5, 4, 2);
        Tensor z = run(in(0, x).matmul(in(1, y)), x, y);
        assertThat(z.shape()).isEqualTo(Shape.of(2, 5, 3, 2));
        for (int i = 0; i < z.size(); i++) {
            int[] p = Naive.index(z.shape(), i);
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += Naive.at(x, p[0], 0, p[2], k) * Naive.at(y, p[1], k, p[3]);
            }
            assertThat(z.get(i)).isEqualTo(sum);
        }
        Tensor v = Tensor.of(Shape.of(3), 1, 2, 3);
        assertThat(run(in(0, v).matmul(in(1, v)), v, v).item()).isEqualTo(14);
    }

    @Test
    void slicesAndPads() {
        Tensor x = whole("x", 5, 7);
        Tensor slice = run(Ops.slice(Ops.slice(in(0, x), 0, 1, 5, 3), 1, 2, 7, 2), x);
        assertThat(slice.shape()).isEqualTo(Shape.of(2, 3));
        Tensor pad = run(Expr.of(new Op.Pad(List.of(1, 2), List.of(0, 1), List.of(1, 2)), in(0, slice)), slice);
        assertThat(pad.shape()).isEqualTo(Shape.of(4, 10));
        for (int i = 0; i < pad.size(); i++) {
            int[] p = Naive.index(pad.shape(), i);
            boolean taken = (p[0] - 1) % 2 == 0 && p[0] >= 1 && p[1] >= 2 && (p[1] - 2) % 3 == 0;
            double expected = taken ? Naive.at(x, 1 + 3 * ((p[0] - 1) / 2), 2 + 2 * ((p[1] - 2) / 3)) : 0;
            assertThat(pad.get(i)).isEqualTo(expected);
        }
    }

    @Test
    void gatherScatterConcatTranspose() {
        Tensor x = whole("x", 2, 3, 2);
        Tensor gathered = run(Ops.gather(in(0, x), 1, 2, 0, 2, 1), x);
        Tensor back = run(Expr.of(new Op.Scatter(1, List.of(2, 0, 2, 1), 4), in(0, gathered)), gathered);
        Tensor turned =
                run(Ops.concat(-1, List.of(in(0, x), in(0, x).times(10))).transpose(2, 0, 1), x);
        for (int i = 0; i < x.size(); i++) {
            int[] p = Naive.index(x.shape(), i);
            assertThat(Naive.at(gathered, p[0], new int[] {1, 3, 0}[p[1]], p[2]))
                    .isEqualTo(x.get(i));
            assertThat(Naive.at(back, p)).isEqualTo((p[1] == 2 ? 2 : 1) * x.get(i));
            assertThat(Naive.at(turned, p[2], p[0], p[1])).isEqualTo(x.get(i));
            assertThat(Naive.at(turned, 2 + p[2], p[0], p[1])).isEqualTo(10 * x.get(i));
        }
        assertThat(Naive.at(back, 0, 3, 0)).isZero();
    }

    @Test
    void upsamplingRepeats() {
        Tensor x = Tensor.of(Shape.of(1, 1, 1, 2), 1, 2);
        assertThat(run(Ops.upsampleNearest(in(0, x), 2, 3), x).data())
                .containsExactly(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
    }

    @Test
    void statistics() {
        Tensor x = Tensor.of(Shape.of(2, 2), 1, 10, 3, 30);
        Expr e = Expr.input("x0", DType.F64, Shape.of(N, 2));
        assertThat(run(Expr.of(new Op.Standardise(List.of(0), 0), e), x).data()).containsExactly(-1, -1, 1, 1);
        assertThat(run(Expr.of(new Op.Standardise(List.of(1), 0), e), x).data()).containsExactly(-1, 1, -1, 1);
        assertThat(run(e.mean(), x).item()).isEqualTo(11);
        assertThat(run(Ops.maxOver(e, 0), x).data()).containsExactly(3, 30);
        assertThat(run(Ops.softmax(e.times(Math.log(2)), 0), x).data())
                .containsExactly(
                        new double[] {0.2, 1 / (1 + Math.pow(2, 20)), 0.8, 1 / (1 + Math.pow(2, -20))}, within(1e-12));
    }

    /** ½‖(1, 2) − (0, 0)‖² averaged with ½‖(3, 4)‖²: (2.5 + 12.5)/2; cross-entropy of equal logits: log K. */
    @Test
    void losses() {
        Tensor x = Tensor.of(Shape.of(2, 2), 1, 2, 3, 4);
        Expr e = Expr.input("x0", DType.F64, Shape.of(N, 2));
        assertThat(run(Layers.halfSquaredError(e, Ops.fullLike(e, 0)), x).item())
                .isEqualTo(7.5);
        Expr labels = Expr.input("x1", DType.F64, Shape.of(N));
        Expr loss = Layers.crossEntropy(e.times(0), labels);
        assertThat(run(loss, x, Tensor.of(Shape.of(2), 0, 1)).item()).isCloseTo(Math.log(2), within(1e-15));
        Tensor huge = Tensor.of(Shape.of(2, 2), 1e4, 0, 0, 1e4);
        assertThat(run(Layers.crossEntropy(e, labels), huge, Tensor.of(Shape.of(2), 0, 0))
                        .item())
                .isEqualTo(5000);
    }

    /** F32: each operation's result is the double result rounded once. */
    @Test
    void singlePrecisionRoundsEachOperationOnce() {
        Expr x = Expr.input("x", DType.F32, Shape.of(3));
        Tensor value = Tensor.of(Shape.of(3), DType.F32, 0.1, 16777216, 1);
        assertThat(value.get(0)).isEqualTo(0.1f);
        Map<String, Tensor> values = Map.of("x", value);
        assertThat(Evaluator.evaluate(x.plus(1), values).get(1)).isEqualTo(16777216);
        assertThat(Evaluator.evaluate(x.sum(), values).item()).isEqualTo((double) (float) (0.1f + 16777216.0 + 1));
        assertThat(Evaluator.evaluate(Ops.exp(x), values).get(0)).isEqualTo((float) Math.exp(0.1f));
        assertThat(Evaluator.evaluate(x.matmul(x), values).dtype()).isEqualTo(DType.F32);
        for (Expr e : List.of(x.times(x), x.over(x.plus(2)), Ops.softmax(x, 0), Ops.tanh(x))) {
            for (double d : Evaluator.evaluate(e, values).data()) {
                assertThat(d).isEqualTo((float) d);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 0})
    void oneGraphServesEveryBatchSize(int batch) {
        Expr x = Expr.input("x", DType.F64, Shape.of(N, 2));
        Tensor value = whole("x", batch, 2);
        List<Tensor> results = Evaluator.evaluate(
                List.of(x.times(2), x.sum(1), Expr.of(new Op.BatchSize(DType.F64)), x.sum(0)), Map.of("x", value));
        assertThat(results.get(0).shape()).isEqualTo(Shape.of(batch, 2));
        assertThat(results.get(1).shape()).isEqualTo(Shape.of(batch));
        assertThat(results.get(2).item()).isEqualTo(batch);
        assertThat(results.get(3).shape()).isEqualTo(Shape.of(2));
    }

    /** The gradient of a mean does not contain x: the batch size is then given. */
    @Test
    void theBatchSizeCanBeGiven() {
        Expr x = Expr.input("x", DType.F64, Shape.of(N, 2));
        Expr gradient = Differentiation.gradient(x.mean(), x);
        assertThat(Evaluator.evaluate(List.of(gradient), Map.of(), 2).get(0).data())
                .containsExactly(0.25, 0.25, 0.25, 0.25);
    }
}
