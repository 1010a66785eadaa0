package org.quotient.autodiff.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

class ChecksTest {
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
    private static final Map<String, Tensor> POINT = Map.of("x", Tensor.of(Shape.of(2, 2), 0.3, -0.7, 1.1, 0.4));

    /** x³ with derivatives scaled by chosen factors: 1 is right. */
    private record Cube(double reverse, double forward) implements CustomOp {
        @Override
        public String name() {
            return "cube";
        }

        @Override
        public Shape shape(List<Shape> operands) {
            return operands.get(0);
        }

        @Override
        public Tensor value(List<Tensor> operands) {
            Tensor x = operands.get(0);
            return Tensor.fill(x.shape(), x.dtype(), i -> Math.pow(x.get(i), 3));
        }

        @Override
        public List<Expr> vjp(List<Expr> operands, Expr gradient) {
            return List.of(
                    operands.get(0).times(operands.get(0)).times(3 * reverse).times(gradient));
        }

        @Override
        public Expr jvp(List<Expr> operands, List<Expr> tangents) {
            return operands.get(0).times(operands.get(0)).times(3 * forward).times(tangents.get(0));
        }
    }

    private static Subject cube(double reverse, double forward) {
        return Subject.of("cube", Expr.of(new Op.Custom(new Cube(reverse, forward)), X), List.of(X), POINT);
    }

    @Test
    void rightDerivativesPassToThirdOrder() {
        Report report = Checks.derivatives(cube(1, 1), 3, 1);
        assertThat(report.passed()).as(report::toString).isTrue();
        assertThat(report.findings()).hasSize(3 + 1 + 2 * (3 + 1) + 4 * 3);
    }

    @Test
    void aWrongReverseModeBreaksTheAdjointIdentityOnly() {
        Report report = Checks.derivatives(cube(1.001, 1), 1, 1);
        assertThat(report.failures()).singleElement().isInstanceOf(Finding.Adjoint.class);
        assertThat(report.toString()).contains("FAIL  Adjoint of cube", "differ by");
    }

    @Test
    void consistentlyWrongModesHaveSlopeOne() {
        Finding.Slope slope = Checks.taylor(cube(1.001, 1.001), 1, 1);
        assertThat(slope.passed()).isFalse();
        assertThat(slope.slope()).isCloseTo(1, within(0.01));
        assertThat(Checks.finiteDifferences(cube(1.001, 1.001), 1).passed()).isFalse();
        assertThat(Checks.adjoint(cube(1.001, 1.001), 1).passed()).isTrue();
    }

    /** The first derivative is right; the derivative of the derivative forgets that the mask moves with x. */
    @Test
    void aDerivativeDetachedFromThePointHasSlopeTwoInTheSecondOrderModel() {
        CustomOp half = new CustomOp() {
            @Override
            public String name() {
                return "square";
            }

            @Override
            public Shape shape(List<Shape> operands) {
                return operands.get(0);
            }

            @Override
            public Tensor value(List<Tensor> operands) {
                Tensor x = operands.get(0);
                return Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) * x.get(i));
            }

            @Override
            public List<Expr> vjp(List<Expr> operands, Expr gradient) {
                return List.of(Ops.detach(operands.get(0)).times(2).times(gradient));
            }

            @Override
            public Expr jvp(List<Expr> operands, List<Expr> tangents) {
                return Ops.detach(operands.get(0)).times(2).times(tangents.get(0));
            }
        };
        Subject subject = Subject.of("square", Expr.of(new Op.Custom(half), X), List.of(X), POINT);
        assertThat(Checks.derivatives(subject, 1, 1).passed()).isTrue();
        assertThat(Checks.derivatives(subject, 2, 1).passed()).isFalse();
        assertThat(Checks.taylor(subject, 2, 1).slope()).isCloseTo(2, within(0.01));
    }

    @Test
    void theOrderOfTheRemainderIsOneMoreThanTheModels() {
        Subject subject = Subject.of("exp", Ops.exp(X), List.of(X), POINT);
        assertThat(Checks.taylor(subject, 1, 5).slope()).isCloseTo(2, within(0.02));
        assertThat(Checks.taylor(subject, 2, 5).slope()).isCloseTo(3, within(0.1));
    }

    @Test
    void linearFunctionsAreExact() {
        Finding.Slope slope = Checks.taylor(Subject.of("3x", X.times(3), List.of(X), POINT), 1, 1);
        assertThat(slope.exact()).isTrue();
        assertThat(slope.passed()).isTrue();
        assertThat(slope.slope()).isNaN();
        assertThat(slope.reason()).startsWith("exact");
    }

    /** 1/x is finite, the values are not: the comparisons with values fail, the adjoint identity does not. */
    @Test
    void valuesThatAreNotNumbersFail() {
        Subject subject = Subject.of("log of a negative number", Ops.log(X), List.of(X), POINT);
        assertThat(Checks.derivatives(subject, 1, 1).failures()).hasSize(2);
    }

    @Test
    void singlePrecisionHasItsOwnTolerances() {
        Expr x = Expr.input("x", DType.F32, Shape.of(3));
        Map<String, Tensor> point = Map.of("x", Tensor.of(Shape.of(3), DType.F32, 0.5, -1, 2));
        Report report = Checks.derivatives(Subject.of("tanh", Ops.tanh(x), List.of(x), point), 2, 1);
        assertThat(report.passed()).as(report::toString).isTrue();
        Subject wrong = Subject.of(
                "cube",
                Expr.of(new Op.Custom(new Cube(1.5, 1.5)), x),
                List.of(x),
                Map.of("x", Tensor.of(Shape.of(3), DType.F32, 0.5, -1, 2)));
        assertThat(Checks.finiteDifferences(wrong, 1).passed()).isFalse();
    }

    @Test
    void errorsSayWhatIsMissing() {
        assertThatThrownBy(() -> Subject.of("f", X, List.of(X), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a value for 'x'");
        assertThatThrownBy(() -> Subject.of("f", X, List.of(), POINT)).hasMessageContaining("0 arguments");
        assertThatThrownBy(() -> Checks.derivatives(cube(1, 1), 0, 1)).hasMessageContaining("order of 1 or more");
        assertThatThrownBy(() -> Checks.taylor(cube(1, 1), 3, 1)).hasMessageContaining("given 3");
    }

    /** A second node for the same variable would count as a constant, so it is refused. */
    @Test
    void eachVariableIsOneNode() {
        Expr twin = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        assertThatThrownBy(() -> Checks.adjoint(Subject.of("f", X.times(X), List.of(twin), POINT), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another node for the variable 'x'");
    }
}
