package org.quotient.autodiff.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
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

class ScaledContractionsTest {
    private static final Expr DELTA = Expr.input("delta", DType.F64, Shape.of(Shape.N, 200));
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(Shape.N, 300));
    private static final Expr ROWS = Expr.buffer("rows", DType.F64, Shape.of(200));
    private static final Expr COLUMNS = Expr.buffer("columns", DType.F64, Shape.of(300));
    private static final Expr RATE = Expr.buffer("rate", DType.F64, Shape.SCALAR);
    private static final Expr PRODUCT = Ops.einsum("no,ni->oi", DELTA, X);

    private static Expr rows() {
        return Expr.of(new Op.Broadcast(Shape.of(200, 300), List.of(0)), ROWS);
    }

    private static Expr columns() {
        return Expr.of(new Op.Broadcast(Shape.of(200, 300), List.of(1)), COLUMNS);
    }

    private static boolean largeProducts(Expr e) {
        return Graph.topological(List.of(e)).stream()
                .filter(n -> n.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL)
                .anyMatch(n -> n.shape().equals(Shape.of(200, 300))
                        && !(n.operand(1).op() instanceof Op.Broadcast b
                                && b.axes().isEmpty()));
    }

    private static Tensor value(Expr e) {
        CounterRandom random = CounterRandom.seeded(1);
        Map<String, Tensor> values = Map.of(
                "delta", Tensor.fill(Shape.of(5, 200), DType.F64, random.split("d")::normal),
                "x", Tensor.fill(Shape.of(5, 300), DType.F64, random.split("x")::normal),
                "rows", Tensor.fill(Shape.of(200), DType.F64, random.split("r")::normal),
                "columns", Tensor.fill(Shape.of(300), DType.F64, random.split("c")::normal),
                "rate", Tensor.scalar(0.3));
        return Evaluator.evaluate(List.of(e), values).getFirst();
    }

    @Test
    void factorsOfRowsAndColumnsGoIntoTheOperandsWhateverTheOrder() {
        List<Expr> forms = List.of(
                PRODUCT.times(rows()),
                columns().times(PRODUCT),
                PRODUCT.times(rows().times(columns())),
                PRODUCT.times(RATE).times(rows()).times(columns()),
                PRODUCT.times(rows()).times(RATE.neg()).times(columns()));
        for (Expr form : forms) {
            Expr moved = ScaledContractions.apply(List.of(form)).getFirst();
            assertThat(largeProducts(form)).isTrue();
            assertThat(largeProducts(moved)).isFalse();
            assertThat(value(moved).data()).containsExactly(value(form).data(), within(1e-12));
        }
    }

    @Test
    void aProductThatOthersNeedStaysAsItIs() {
        Expr scaled = PRODUCT.times(rows());
        List<Expr> both = List.of(scaled, PRODUCT);
        assertThat(ScaledContractions.apply(both)).isEqualTo(both);
    }

    @Test
    void operandsLargerThanTheProductAreNotScaled() {
        Expr small = Ops.einsum(
                "no,ni->oi",
                Expr.input("a", DType.F64, Shape.of(Shape.N, 10)),
                Expr.input("b", DType.F64, Shape.of(Shape.N, 20)));
        Expr scaled = small.times(
                Expr.of(new Op.Broadcast(Shape.of(10, 20), List.of(0)), Expr.buffer("r", DType.F64, Shape.of(10))));
        assertThat(ScaledContractions.apply(List.of(scaled)).getFirst()).isSameAs(scaled);
    }

    @Test
    void aMatrixOfFactorsStaysOutside() {
        Expr matrix = Expr.buffer("matrix", DType.F64, Shape.of(200, 300));
        Expr scaled = PRODUCT.times(matrix);
        assertThat(ScaledContractions.apply(List.of(scaled)).getFirst()).isSameAs(scaled);
    }

    @Test
    void aNumberAndAVectorAreMultipliedFirst() {
        // Of something that is no product of matrices: its elements are multiplied once, not twice.
        Expr root = Ops.sqrt(Ops.abs(PRODUCT));
        for (Expr form : List.of(
                root.times(rows()).times(RATE),
                RATE.times(root).times(columns()),
                rows().times(root.times(RATE.neg())))) {
            Expr moved = ScaledContractions.apply(List.of(form)).getFirst();
            assertThat(elementwiseProducts(form)).isEqualTo(2);
            assertThat(elementwiseProducts(moved)).isEqualTo(1);
            assertThat(value(moved).data()).containsExactly(value(form).data(), within(1e-12));
        }
        Expr needed = root.times(rows());
        List<Expr> both = List.of(needed.times(RATE), needed);
        assertThat(ScaledContractions.apply(both)).isEqualTo(both);
    }

    private static long elementwiseProducts(Expr e) {
        return Graph.topological(List.of(e)).stream()
                .filter(n -> n.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL)
                .filter(n -> n.shape().equals(Shape.of(200, 300)))
                .count();
    }
}
