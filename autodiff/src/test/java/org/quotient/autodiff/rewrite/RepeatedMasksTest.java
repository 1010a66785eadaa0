package org.quotient.autodiff.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

class RepeatedMasksTest {
    private static final Expr MASK = Expr.constant(Tensor.of(Shape.of(4), 1, 0, 1, 0));
    private static final Expr OTHER = Expr.constant(Tensor.of(Shape.of(4), 0, 0, 1, 1));
    private static final Expr A = Expr.input("a", DType.F64, Shape.of(4));
    private static final Expr B = Expr.input("b", DType.F64, Shape.of(4));

    private static double[] value(Expr e) {
        return Evaluator.evaluate(
                        List.of(e),
                        Map.of("a", Tensor.of(Shape.of(4), 1, -2, 3, -4), "b", Tensor.of(Shape.of(4), 5, 6, -7, 8)))
                .getFirst()
                .data();
    }

    private static long uses(Expr e, Expr mask) {
        return Graph.users(Graph.topological(List.of(e)))
                .getOrDefault(mask, List.of())
                .size();
    }

    @Test
    void onlyTheLastOfEqualMasksRemains() {
        List<Expr> forms = List.of(
                A.plus(B.times(MASK)).times(MASK),
                MASK.times(A.minus(MASK.times(B).neg().times(3))),
                B.times(MASK).over(A).plus(A.times(MASK)).times(MASK));
        for (Expr form : forms) {
            Expr bare = RepeatedMasks.apply(List.of(form)).getFirst();
            assertThat(uses(bare, MASK)).isEqualTo(1);
            // Equal numbers; the sign of a zero may differ.
            assertThat(value(bare)).containsExactly(value(form), within(0.0));
        }
    }

    @Test
    void otherMasksAndWhatOthersNeedStay() {
        Expr different = A.plus(B.times(OTHER)).times(MASK);
        assertThat(RepeatedMasks.apply(List.of(different)).getFirst()).isSameAs(different);
        Expr masked = B.times(MASK);
        List<Expr> both = List.of(A.plus(masked).times(MASK), masked);
        assertThat(RepeatedMasks.apply(both)).isEqualTo(both);
        Expr factor = Expr.constant(Tensor.of(Shape.of(4), 2, 0, 1, 0));
        Expr numbers = A.plus(B.times(factor)).times(factor);
        assertThat(RepeatedMasks.apply(List.of(numbers)).getFirst()).isSameAs(numbers);
        Expr denominator = A.over(B.times(MASK)).times(MASK);
        assertThat(RepeatedMasks.apply(List.of(denominator)).getFirst()).isSameAs(denominator);
    }
}
