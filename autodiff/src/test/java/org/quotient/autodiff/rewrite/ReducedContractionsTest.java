package org.quotient.autodiff.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

class ReducedContractionsTest {
    private static final Expr DELTA = Expr.input("delta", DType.F64, Shape.of(Shape.N, 200));
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(Shape.N, 300));
    private static final Expr W = Expr.parameter("w", DType.F64, Shape.of(200, 300));
    private static final Expr G = Ops.einsum("no,ni->oi", DELTA, X);
    private static final Expr FORWARD = Ops.einsum("ni,oi->no", X, W);
    private static final Expr BACKWARD = Ops.einsum("no,oi->ni", DELTA, W);

    private static double[] value(Expr e) {
        CounterRandom random = CounterRandom.seeded(1);
        Map<String, Tensor> values = Map.of(
                "delta", Tensor.fill(Shape.of(5, 200), DType.F64, random.split("d")::normal),
                "x", Tensor.fill(Shape.of(5, 300), DType.F64, random.split("x")::normal),
                "w", Tensor.fill(Shape.of(200, 300), DType.F64, random.split("w")::normal));
        return Evaluator.evaluate(List.of(e), values).getFirst().data();
    }

    /** Whether the matrix of the product is still made. */
    private static boolean needsProduct(Expr e) {
        return Graph.topological(List.of(e)).stream().anyMatch(n -> n.shape().equals(G.shape()) && n != W);
    }

    private static Expr reduced(Expr e, Expr... others) {
        List<Expr> all = new java.util.ArrayList<>(List.of(e));
        all.addAll(List.of(others));
        return ReducedContractions.apply(all).getFirst();
    }

    @Test
    void sumsOverRowsComeFromTheForwardPass() {
        for (Expr sum : List.of(W.times(G).sum(1), G.times(W).sum(1))) {
            Expr moved = reduced(sum, FORWARD);
            assertThat(needsProduct(moved)).isFalse();
            assertThat(value(moved)).containsExactly(value(sum), within(1e-10));
        }
    }

    @Test
    void sumsOverColumnsComeFromTheBackwardPass() {
        Expr sum = W.times(G).sum(0);
        Expr moved = reduced(sum, BACKWARD);
        assertThat(needsProduct(moved)).isFalse();
        assertThat(value(moved)).containsExactly(value(sum), within(1e-10));
    }

    @Test
    void withoutTheOtherOrderAtHandASumStaysAsItIs() {
        Expr rows = W.times(G).sum(1);
        assertThat(reduced(rows, BACKWARD)).isSameAs(rows);
        Expr columns = W.times(G).sum(0);
        assertThat(reduced(columns, FORWARD)).isSameAs(columns);
        Expr square = Ops.einsum("no,ni->oi", X, X);
        Expr v = Expr.parameter("v", DType.F64, Shape.of(300, 300));
        // The transposed matrix is another summation, though all sizes agree.
        Expr turned = v.times(square).sum(1);
        assertThat(reduced(turned, Ops.einsum("ni,io->no", X, v))).isSameAs(turned);
    }

    @Test
    void fewElementsAreComputedAlone() {
        Expr flat = G.reshape(60_000);
        int[] scattered = IntStream.range(0, 200)
                .map(i -> 300 * i + (7 * i * i + 3) % 300)
                .toArray();
        List<Expr> picks = List.of(
                Ops.gather(flat, 0, scattered), Ops.slice(flat, 0, 0, 60_000, 301), Ops.slice(flat, 0, 5, 2000, 300));
        for (Expr pick : picks) {
            Expr moved = reduced(pick);
            assertThat(needsProduct(moved)).isFalse();
            assertThat(value(moved)).containsExactly(value(pick), within(1e-11));
        }
        Expr many = Ops.slice(flat, 0, 0, 60_000, 2);
        assertThat(reduced(many)).isSameAs(many);
    }

    @Test
    void oneElementInMostRowsOrColumnsTakesOneGatherPerSample() {
        Expr flat = G.reshape(60_000);
        // All rows but one, in an order of their own; then most columns.
        int[] rows = IntStream.range(0, 200)
                .filter(i -> i != 77)
                .map(i -> 300 * ((i * 3) % 200) + (7 * i * i + 3) % 300)
                .toArray();
        int[] columns = IntStream.range(0, 250)
                .map(j -> 300 * ((11 * j * j) % 200) + (j * 7) % 300)
                .toArray();
        for (int[] places : List.of(rows, columns)) {
            Expr pick = Ops.gather(flat, 0, places);
            Expr moved = reduced(pick);
            assertThat(needsProduct(moved)).isFalse();
            assertThat(value(moved)).containsExactly(value(pick), within(1e-11));
            assertThat(Graph.topological(List.of(moved)).stream()
                            .filter(n -> n.op() instanceof Op.Gather
                                    && n.operand(0).shape().rank() == 2))
                    .hasSize(1);
        }
        // Two elements in one row: each is brought together with its factor.
        int[] twice = rows.clone();
        twice[0] = twice[1] / 300 * 300 + (twice[1] + 1) % 300;
        Expr pick = Ops.gather(flat, 0, twice);
        assertThat(value(reduced(pick))).containsExactly(value(pick), within(1e-11));
    }
}
