package org.quotient.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.autodiff.Shape.N;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors name the operation, what was given (both shapes) and what was expected. */
class ErrorsTest {
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(N, 3));
    private static final Expr W = Expr.parameter("w", DType.F64, Shape.of(4, 5));
    private static final Expr V = Expr.parameter("v", DType.F64, Shape.of(3));
    private static final Expr I = Expr.input("i", DType.F64, Shape.of(N, 2, 4, 4));
    private static final Expr K = Expr.parameter("k", DType.F64, Shape.of(3, 1, 3, 3));

    /** A mistake and what its message contains. */
    record Mistake(String name, ThrowingCallable build, String... parts) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mistake m(String name, ThrowingCallable build, String... parts) {
        return new Mistake(name, build, parts);
    }

    static Stream<Mistake> shapes() {
        Window w3 = Window.square(3, 1, 1);
        return Stream.of(
                m("add", () -> X.plus(W), "add", "[N, 3]", "[4, 5]"),
                m(
                        "raw add",
                        () -> Expr.of(new Op.Binary(Op.BinaryKind.ADD), X, V),
                        "add",
                        "equal shape",
                        "[N, 3]",
                        "[3]"),
                m("arity", () -> Expr.of(new Op.Unary(Op.UnaryKind.EXP), X, X), "exp", "1 operand", "[N, 3]"),
                m("matmul", () -> X.matmul(W), "einsum", "[N, 3]", "[4, 5]", "same size"),
                m("batched matmul", () -> I.matmul(K), "matmul", "[N, 2, 4, 4]", "[3, 1, 3, 3]"),
                m("matmul of a scalar", () -> Ops.scalar(1, DType.F64).matmul(X), "matmul", "[]", "[N, 3]"),
                m(
                        "einsum letters",
                        () -> Ops.einsum("ni,io->no", V, W),
                        "einsum",
                        "one letter per axis",
                        "[3]",
                        "[4, 5]"),
                m("einsum lost letter", () -> Ops.einsum("ni,ab->ab", X, W), "einsum", "letter 'n'"),
                m("einsum text", () -> Ops.einsum("ni", X, W), "einsum", "\"ni\""),
                m("conv", () -> Ops.conv2d(I, K, w3, 1), "conv", "[N, 2, 4, 4]", "[3, 1, 3, 3]", "2/1"),
                m("conv image", () -> Ops.conv2d(X, K, w3, 1), "conv2d", "[N, C, H, W]", "[N, 3]"),
                m("conv extent", () -> Ops.conv2d(I, K, Window.square(9, 1, 0), 1), "conv", "extent"),
                m("pool", () -> Ops.maxPool2d(I, Window.square(6, 1, 0)), "maxPool", "extent", "[N, 2, 4, 4]"),
                m("reshape", () -> Ops.reshape(W, Shape.of(3, 7)), "reshape", "[4, 5]", "[3, 7]"),
                m("reshape batch", () -> Ops.reshape(X, Shape.of(3, N)), "reshape", "batch", "[N, 3]", "[3, N]"),
                m("broadcast", () -> Ops.broadcastTo(W, Shape.of(4, 6)), "broadcast", "[4, 5]", "[4, 6]"),
                m("transpose", () -> W.transpose(0, 0), "transpose", "[4, 5]"),
                m("slice", () -> Ops.slice(W, 1, 2, 9), "slice", "axis 1", "[4, 5]"),
                m("slice of the batch", () -> Ops.slice(X, 0, 0, 2), "slice", "batch", "[N, 3]"),
                m("pad", () -> Ops.pad(V, List.of(-1), List.of(0)), "pad", "0 or more", "[3]"),
                m("concat", () -> Ops.concat(0, List.of(W, V)), "concat", "[4, 5]", "[3]"),
                m("gather", () -> Ops.gather(W, 1, 5), "gather", "0 to 4", "[4, 5]"),
                m("axes", () -> Expr.of(new Op.Softmax(2), X), "softmax", "0..1", "[N, 3]"),
                m(
                        "statistics",
                        () -> Expr.of(new Op.StandardiseWith(List.of(0), 0), X, V, W),
                        "standardiseWith",
                        "[3]",
                        "[4, 5]"),
                m("dtypes", () -> Expr.of(new Op.Concat(0), V, Expr.input("f", DType.F32, Shape.of(3))), "F64 and F32"),
                m("gradient", () -> Differentiation.gradient(W, W), "scalar", "[4, 5]"),
                m(
                        "cotangent",
                        () -> Differentiation.vjp(List.of(W), List.of(V), List.of(W)),
                        "cotangent",
                        "[4, 5]",
                        "[3]"),
                m("window", () -> Window.square(0, 1, 0), "at least 1", "0x0"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void messagesNameOperationAndShapes(Mistake mistake) {
        assertThatThrownBy(mistake.build())
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(mistake.parts());
    }

    @Test
    void namesOfNodesAppear() {
        assertThatThrownBy(() -> X.named("hidden layer").plus(W)).hasMessageContaining("hidden layer");
    }

    @Test
    void missingAndWrongValues() {
        Tensor x = Tensor.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Tensor v = Tensor.of(Shape.of(3), 1, 2, 3);
        Expr sum = X.plus(V);
        assertThatThrownBy(() -> Evaluator.evaluate(sum, Map.of("x", x)))
                .hasMessageContaining("No value was given for 'v' [3]")
                .hasMessageContaining("[x]");
        assertThatThrownBy(() -> Evaluator.evaluate(sum, Map.of("x", x, "v", x)))
                .hasMessageContaining("'v' has shape [3]")
                .hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Evaluator.evaluate(sum, Map.of("x", x, "v", v.cast(DType.F32))))
                .hasMessageContaining("dtype F64")
                .hasMessageContaining("F32");
        Expr y = Expr.input("y", DType.F64, Shape.of(N, 3));
        assertThatThrownBy(() -> Evaluator.evaluate(X.plus(y), Map.of("x", x, "y", Tensor.of(Shape.of(1, 3), 1, 2, 3))))
                .hasMessageContaining("different batch sizes");
        assertThatThrownBy(() -> Evaluator.evaluate(Expr.of(new Op.BatchSize(DType.F64)), Map.of()))
                .hasMessageContaining("batch size");
        assertThatThrownBy(() -> Tensor.of(Shape.of(2), 1, 2, 3))
                .hasMessageContaining("[2]")
                .hasMessageContaining("3");
    }

    /** A chain of 50,000 nodes: building, printing, evaluating and differentiating twice use no recursion. */
    @Test
    void depthIsNoLimit() {
        Expr x = Expr.input("x", DType.F64, Shape.of(2));
        Expr deep = x;
        for (int i = 0; i < 25_000; i++) {
            deep = deep.relu().plus(x);
        }
        Map<String, Tensor> values = Map.of("x", Tensor.of(Shape.of(2), 1, -1));
        assertThat(Evaluator.evaluate(deep, values).data()).containsExactly(25_001, -1);
        Expr gradient = Differentiation.gradient(deep.sum(), x);
        assertThat(Evaluator.evaluate(gradient, values).data()).containsExactly(25_001, 1);
        Expr squared = deep.times(deep).sum();
        Expr curvature = Differentiation.hessianVectorProduct(squared, List.of(x), List.of(x))
                .get(0);
        assertThat(Evaluator.evaluate(curvature, values).data()).containsExactly(2.0 * 25_001 * 25_001, -2);
        assertThat(deep.toString()).startsWith("let");
    }
}
