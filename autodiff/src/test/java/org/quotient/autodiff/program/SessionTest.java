package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.autodiff.Shape.N;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;

class SessionTest {
    private static final Expr X = Expr.input("x", DType.F64, Shape.of(N, 2));
    private static final Expr W = Expr.parameter("w", DType.F64, Shape.of(2));

    private static final Expr F = X.times(W).sum(1);
    private static final Expr LOSS = F.times(F).times(0.5).mean();

    private static Program descent() {
        return Program.builder()
                .output(LOSS)
                .update(W, W.minus(Differentiation.gradient(LOSS, W).times(0.1)))
                .build();
    }

    @Test
    void stepsOfGradientDescentChangeTheVariable() {
        try (Session session = descent().session()) {
            session.set("w", Tensor.of(Shape.of(2), 3, 4));
            session.set("x", Tensor.of(Shape.of(1, 2), 1, 0));
            session.run();
            // f = 3, loss 4.5, gradient (3, 0)
            assertThat(session.scalar(0)).isEqualTo(4.5);
            assertThat(session.get("w").data()).containsExactly(2.7, 4);
            session.run();
            assertThat(session.output(0).item()).isCloseTo(3.645, org.assertj.core.data.Offset.offset(1e-15));
        }
    }

    @Test
    void aShorterLastBatchSharesTheParameters() {
        try (Session session = descent().session()) {
            session.set("w", Tensor.of(Shape.of(2), 3, 4));
            for (int n : new int[] {4, 4, 3, 4, 1, 2, 5, 6, 4}) {
                Tensor before = session.get("w");
                Tensor x = Tensor.fill(Shape.of(n, 2), DType.F64, i -> 0.1 * i - 0.3);
                session.set("x", x);
                session.run();
                List<Tensor> once = Program.of(LOSS).evaluate(Map.of("w", before, "x", x));
                assertThat(session.scalar(0)).isEqualTo(once.get(0).item());
            }
        }
    }

    @Test
    void aVariableThatIsOnlyWrittenNeedsNoValue() {
        Expr kept = Expr.buffer("kept", DType.F64, Shape.of(2));
        try (Session session =
                Program.builder().update(kept, W.times(2)).build().session()) {
            session.set("w", Tensor.of(Shape.of(2), 3, 4));
            session.run();
            assertThat(session.get("kept").data()).containsExactly(6, 8);
        }
    }

    @Test
    void variablesCanBeExchanged() {
        Expr u = Expr.parameter("u", DType.F64, Shape.of(2));
        try (Session session =
                Program.builder().update(W, u).update(u, W).build().session()) {
            session.set("w", Tensor.of(Shape.of(2), 1, 2));
            session.set("u", Tensor.of(Shape.of(2), 3, 4));
            session.run();
            assertThat(session.get("w").data()).containsExactly(3, 4);
            assertThat(session.get("u").data()).containsExactly(1, 2);
        }
    }

    @Test
    void whatIsMissingOrDoesNotFitIsNamed() {
        try (Session session = descent().session()) {
            session.set("w", Tensor.of(Shape.of(2), 3, 4));
            assertThatThrownBy(session::run).hasMessageContaining("batch");
            session.batch(3);
            assertThatThrownBy(session::run).hasMessage("No value was given for 'x' [N, 2] at batch size 3");
            assertThatThrownBy(() -> session.set("v", Tensor.scalar(1)))
                    .hasMessage("The program has no variable 'v'; it has [x, w]");
            assertThatThrownBy(() -> session.set("w", Tensor.of(Shape.of(3), 1, 2, 3)))
                    .hasMessage("'w' has shape [2]; the value given has [3]");
            assertThatThrownBy(() -> session.set("x", Tensor.of(Shape.of(1, 3), 1, 2, 3)))
                    .hasMessage("'x' has shape [N, 2]; the value given has [1, 3]");
            assertThatThrownBy(() -> session.set("w", Tensor.of(Shape.of(2), DType.F32, 1, 2)))
                    .hasMessageContaining("dtype F64");
            assertThatThrownBy(() -> session.copyIn("w", new double[3], 2))
                    .hasMessage("'w' needs 2 numbers; given 1 from index 2");
            assertThatThrownBy(() -> session.batch(-2)).hasMessageContaining("0 or more");
        }
        assertThatThrownBy(() -> descent().session(0)).hasMessageContaining("at least 1 thread");
        assertThatThrownBy(() -> Program.builder().build()).hasMessageContaining("output or an update");
        assertThatThrownBy(() -> Program.builder().update(W.plus(1), W)).hasMessageContaining("Only a variable");
        assertThatThrownBy(() -> Program.builder().update(W, X)).hasMessageContaining("F64[2]");
        assertThatThrownBy(() -> Program.builder().update(W, W).update(W, W)).hasMessageContaining("already");
        assertThatThrownBy(() -> Program.builder().update(X, X)).hasMessageContaining("batch axis");
        Program field =
                Program.builder().output(W).over(Numbers.PrimeField.largest()).build();
        assertThatThrownBy(() -> field.evaluate(Map.of("w", Tensor.of(Shape.of(2), 0.5, 1))))
                .hasMessageContaining("residues");
        assertThatThrownBy(() -> Program.builder()
                        .output(W.relu())
                        .over(Numbers.PrimeField.largest())
                        .build()
                        .evaluate(Map.of("w", Tensor.of(Shape.of(2), 5, 1))))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("relu");
    }

    @Test
    void aListingNamesTheInstructions() {
        assertThat(descent().listing(4)).contains("reduce").contains("instructions in");
    }

    @Test
    void aProfileTimesEveryInstruction() {
        try (Session session = descent().session()) {
            session.set("w", Tensor.of(Shape.of(2), 3, 4));
            session.set("x", Tensor.of(Shape.of(1, 2), 1, 0));
            assertThat(session.profile(3)).contains("reduce").contains("us in all");
            // One run to begin with and three that are timed: w is multiplied by 0.9 in each.
            assertThat(session.get("w").get(0))
                    .isCloseTo(3 * 0.9 * 0.9 * 0.9 * 0.9, org.assertj.core.data.Offset.offset(1e-14));
        }
    }

    @Test
    void anErrorInAThreadReachesTheCaller() {
        CustomOp broken = new CustomOp() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Shape shape(List<Shape> operands) {
                return operands.get(0);
            }

            @Override
            public Tensor value(List<Tensor> operands) {
                throw new ArithmeticException("no value today");
            }

            @Override
            public List<Expr> vjp(List<Expr> operands, Expr gradient) {
                return List.of(gradient);
            }

            @Override
            public Expr jvp(List<Expr> operands, List<Expr> tangents) {
                return tangents.get(0);
            }
        };
        Expr failing = Expr.of(new Op.Custom(broken), W);
        for (int threads : new int[] {1, 2}) {
            try (Session session = Program.of(failing).session(threads)) {
                session.set("w", Tensor.of(Shape.of(2), 3, 4));
                assertThatThrownBy(session::run).hasMessageContaining("no value today");
            }
        }
    }

    @Test
    void aNewValueThatShowsAnotherVariableIsItsOldOne() {
        Shape square = Shape.of(3, 3);
        Expr x = Expr.parameter("x", DType.F64, square);
        Expr y = Expr.parameter("y", DType.F64, square);
        Map<String, Tensor> values = Map.of(
                "x", Tensor.fill(square, DType.F64, i -> i + 1), "y", Tensor.fill(square, DType.F64, i -> 10 - i * i));
        Expr doubled = x.plus(x);
        for (List<Expr> both : List.of(
                List.of(y.transpose(), doubled),
                List.of(y, doubled),
                List.of(y, x),
                List.of(y.transpose(), x.transpose()),
                List.of(y.reshape(9).reshape(3, 3), y.plus(y)),
                List.of(x.transpose(), x),
                List.of(x, y.times(x)))) {
            Expr forX = both.get(0);
            Expr forY = both.get(1);
            Expr product = x.matmul(y);
            List<Tensor> expected = Evaluator.evaluate(List.of(forX, forY, product), values);
            Program program = Program.builder()
                    .update(x, forX)
                    .update(y, forY)
                    .output(product)
                    .build();
            try (Session session = program.session()) {
                values.forEach(session::set);
                session.run();
                assertThat(session.get("x").data())
                        .as("%s", both)
                        .containsExactly(expected.get(0).data());
                assertThat(session.get("y").data())
                        .as("%s", both)
                        .containsExactly(expected.get(1).data());
                assertThat(session.output(0).data())
                        .as("%s", both)
                        .containsExactly(expected.get(2).data());
            }
        }
    }

    @Test
    void aBatchOfNoSamplesHasNoGradient() {
        Model model = BuiltIns.model("lenet-5,input=1x12x12", 0);
        Expr output = model.network().outputs().get(0);
        Expr sum = output.sum(0, 1);
        List<Expr> all = new ArrayList<>(List.of(output, sum));
        all.addAll(Differentiation.gradient(sum, model.network().parameters()));
        Map<String, Tensor> values = model.weights()
                .with(model.network().inputs(), List.of(Tensor.fill(Shape.of(0, 1, 12, 12), DType.F64, i -> 0)));
        List<Tensor> results = Program.of(all).evaluate(values);
        assertThat(results.get(0).shape()).isEqualTo(Shape.of(0, 10));
        results.subList(1, results.size()).forEach(t -> assertThat(t.maxAbs()).isZero());
    }
}
