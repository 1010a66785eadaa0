package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The derivative conventions where there is no derivative, in both modes. */
class KinksTest {
    private static Expr in(String name, int... sizes) {
        return Expr.input(name, DType.F64, Shape.of(sizes));
    }

    /** Gradient of the sum by reverse mode, after checking that forward mode gives the same along unit vectors. */
    private static double[] derivative(Expr output, Expr with, Map<String, Tensor> values) {
        double[] reverse = Evaluator.evaluate(Differentiation.gradient(output.sum(), with), values)
                .data();
        for (int i = 0; i < reverse.length; i++) {
            int one = i;
            Expr unit = Expr.constant(Tensor.fill(with.shape(), DType.F64, k -> k == one ? 1 : 0));
            Expr forward = Differentiation.jvp(List.of(output.sum()), List.of(with), List.of(unit))
                    .get(0);
            assertThat(Evaluator.evaluate(forward, values).item()).isEqualTo(reverse[i]);
        }
        return reverse;
    }

    private static Map<String, Tensor> at(double... x) {
        return Map.of("x", Tensor.of(Shape.of(x.length), x));
    }

    @Test
    void elementwise() {
        Expr x = in("x", 3);
        assertThat(derivative(x.relu(), x, at(-1, 0, 2))).containsExactly(0, 0, 1);
        assertThat(derivative(Ops.abs(x), x, at(-1, 0, 2))).containsExactly(-1, 0, 1);
        assertThat(derivative(Ops.step(x), x, at(-1, 0, 2))).containsExactly(0, 0, 0);
        assertThat(derivative(Ops.sign(x), x, at(-1, 0, 2))).containsExactly(0, 0, 0);
        assertThat(derivative(Ops.leakyRelu(x, 0.25), x, at(-1, 0, 2))).containsExactly(0.25, 0.25, 1);
        assertThat(derivative(Ops.detach(x).times(x), x, at(-1, 0, 2))).containsExactly(-1, 0, 2);
    }

    @Test
    void theSlopeOfPrelu() {
        Expr x = in("x", 3);
        Expr a = in("a", 3);
        Map<String, Tensor> values =
                Map.of("x", Tensor.of(Shape.of(3), -2, 0, 3), "a", Tensor.of(Shape.of(3), 0.5, 0.5, 0.5));
        assertThat(derivative(Ops.prelu(x, a), a, values)).containsExactly(-2, 0, 0);
    }

    @Test
    void ofTwoEqualOperandsTheFirstHasTheDerivative() {
        Expr x = in("x", 3);
        Expr y = in("y", 3);
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(3), 1, 2, 3), "y", Tensor.of(Shape.of(3), 2, 2, 2));
        assertThat(derivative(Ops.max(x, y), x, values)).containsExactly(0, 1, 1);
        assertThat(derivative(Ops.max(x, y), y, values)).containsExactly(1, 0, 0);
        assertThat(derivative(Ops.min(x, y), x, values)).containsExactly(1, 1, 0);
        assertThat(derivative(Ops.min(x, y), y, values)).containsExactly(0, 0, 1);
    }

    @Test
    void reductionsTakeTheFirstMaximumInRowMajorOrder() {
        Expr x = in("x", 2, 3);
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(2, 3), 1, 5, 5, 5, 5, 1));
        assertThat(derivative(Ops.maxOver(x), x, values)).containsExactly(0, 1, 0, 0, 0, 0);
        assertThat(derivative(Ops.maxOver(x, 0), x, values)).containsExactly(0, 1, 1, 1, 0, 0);
        assertThat(derivative(Ops.maxOver(x, 1), x, values)).containsExactly(0, 1, 0, 1, 0, 0);
    }

    @Test
    void windowsTakeTheFirstMaximumInRowMajorOrder() {
        Expr x = in("x", 1, 1, 3, 3);
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(1, 1, 3, 3), 0, 7, 7, 7, 0, 7, 1, 1, 1));
        assertThat(derivative(Ops.maxPool2d(x, Window.square(2, 1, 0)), x, values))
                .containsExactly(0, 2, 0, 1, 0, 1, 0, 0, 0);
        assertThat(derivative(Ops.maxPool2d(x, Window.square(3, 3, 0)), x, values))
                .containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Padding never wins, not even against negative numbers. */
    @Test
    void paddingHasNoShareInAMaximum() {
        Expr x = in("x", 1, 1, 1, 1);
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(1, 1, 1, 1), -3));
        Expr pooled = Ops.maxPool2d(x, Window.square(3, 1, 1));
        assertThat(Evaluator.evaluate(pooled, values).data()).containsExactly(-3);
        assertThat(derivative(pooled, x, values)).containsExactly(1);
    }

    @Test
    void notANumberIsNotHidden() {
        Expr x = in("x", 2);
        Map<String, Tensor> values = at(Double.NaN, 1);
        for (Expr e : List.of(x.relu(), Ops.abs(x), Ops.max(x, Ops.scalar(0, DType.F64)), Ops.leakyRelu(x, 0.1))) {
            assertThat(Evaluator.evaluate(e, values).get(0)).isNaN();
        }
        assertThat(Evaluator.evaluate(Ops.maxOver(x), values).item()).isNaN();
        assertThat(Evaluator.evaluate(Ops.max(Ops.scalar(0, DType.F64), x), values)
                        .get(0))
                .isNaN();
    }
}
