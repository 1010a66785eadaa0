package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;

/** Live, idle and dead parameters; operations from outside. */
class LivenessTest {
    private static Liveness of(Flow... outputs) {
        return Liveness.of(outputs[0].builder().build(outputs).network());
    }

    @Test
    void aBiasBeforeBatchNormalisationIsIdle() {
        NetworkBuilder build = NetworkBuilder.named("test");
        Flow y = build.input("x", 3).dense("fc", 4).batchNorm("norm").relu().dense("out", 2);
        Liveness liveness = of(y);
        assertThat(liveness.idleCount()).isEqualTo(4);
        assertThat(liveness.deadCount()).isZero();
    }

    @Test
    void aBiasTwoLinearLayersBeforeANormalisationIsIdleToo() {
        NetworkBuilder build = NetworkBuilder.named("test");
        Flow y = build.input("x", 3)
                .dense("a", 4)
                .dense("b", 5)
                .batchNorm("norm")
                .relu()
                .dense("out", 2);
        assertThat(of(y).idleCount()).isEqualTo(4 + 5);
    }

    @Test
    void aBiasBehindAnActivationIsNot() {
        NetworkBuilder build = NetworkBuilder.named("test");
        Flow y = build.input("x", 3)
                .dense("a", 4)
                .relu()
                .dense("b", 5)
                .batchNorm("norm")
                .relu()
                .dense("out", 2);
        assertThat(of(y).idleCount()).isEqualTo(5);
    }

    @Test
    void aShiftSurvivesPaddingButNotAValidConvolution() {
        for (int pad = 0; pad <= 1; pad++) {
            NetworkBuilder build = NetworkBuilder.named("test");
            Flow y = build.input("x", 1, 5, 5)
                    .conv("a", 2, Window.square(3, 1, pad))
                    .conv("b", 2, Window.square(3, 1, pad))
                    .batchNorm("norm")
                    .relu()
                    .flatten()
                    .dense("out", 2);
            assertThat(of(y).idleCount()).as("padding " + pad).isEqualTo(pad == 0 ? 4 : 2);
        }
    }

    @Test
    void aBiasThatSomethingElseReadsIsNotIdle() {
        NetworkBuilder build = NetworkBuilder.named("test");
        Flow h = build.input("x", 3).dense("fc", 4);
        Flow y = h.batchNorm("norm").add(h).relu().dense("out", 2);
        assertThat(of(y).idleCount()).isZero();
    }

    @Test
    void whatReachesNoOutputIsDead() {
        NetworkBuilder build = NetworkBuilder.named("test");
        Flow h = build.input("x", 3).dense("fc", 4).relu();
        h.dense("unused", 7);
        Expr kept = Ops.slice(h.value(), 1, 0, 3);
        Flow y = build.flow(kept).dense("out", 2);
        Liveness liveness = of(y);
        assertThat(liveness.deadCount()).isEqualTo(7 * 4 + 7 + 3 + 1);
        assertThat(liveness.liveCount()).isEqualTo(3 * 4 + 3 * 2 + 2);
    }

    /** An elementwise operation from outside, of one operand. */
    private record Outside(String name, DoubleUnaryOperator f, int degree) implements CustomOp {
        @Override
        public Shape shape(List<Shape> operands) {
            return operands.get(0);
        }

        @Override
        public Tensor value(List<Tensor> operands) {
            Tensor x = operands.get(0);
            return Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i)));
        }

        @Override
        public List<Expr> vjp(List<Expr> operands, Expr gradient) {
            return List.of(gradient);
        }

        @Override
        public Expr jvp(List<Expr> operands, List<Expr> tangents) {
            return tangents.get(0);
        }

        @Override
        public OptionalInt elementwiseDegree(int operand) {
            return OptionalInt.of(degree);
        }
    }

    private static RescalingGroup through(CustomOp op) {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr a = Expr.parameter("a", DType.F64, Shape.of(3, 2));
        Expr b = Expr.parameter("b", DType.F64, Shape.of(1, 3));
        Expr h = Expr.of(new Op.Custom(op), Ops.einsum("ni,oi->no", x, a)).named("outside");
        Expr y = Ops.einsum("ni,oi->no", h, b);
        return RescalingGroup.of(new Network("test", List.of(x), List.of(a, b), List.of(), List.of(y)));
    }

    @Test
    void aHomogeneousOperationFromOutsideKeepsItsSymmetries() {
        assertThat(through(new Outside("leakyAbs", v -> v > 0 ? v : -0.5 * v, 1))
                        .rank())
                .isEqualTo(3);
        RescalingGroup square = through(new Outside("square", v -> v * Math.abs(v), 2));
        assertThat(square.rank()).isEqualTo(3);
        assertThat(DimensionCount.of(square).certificate().proved()).isTrue();
    }

    @Test
    void aFalseClaimOfHomogeneityIsNotBelieved() {
        RescalingGroup group = through(new Outside("shifted", v -> Math.max(v, 0) + 1, 1));
        assertThat(group.rank()).isZero();
        assertThat(DimensionCount.of(group).certificate().proved()).isTrue();
        assertThat(group.pinned()).singleElement().satisfies(p -> {
            assertThat(p.where()).isEqualTo("outside");
            assertThat(p.why()).contains("shifted");
        });
    }
}
