package org.quotient.autodiff.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
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

@DisplayName("Vectors that are only read in parts are computed in parts")
class SinkingTest {
    private static final int FEW = 3;
    private static final int MANY = 5;

    private final Expr a = Expr.input("a", DType.F64, Shape.of(FEW));
    private final Expr b = Expr.input("b", DType.F64, Shape.of(MANY));
    private final Expr scalar = Expr.input("s", DType.F64, Shape.of());
    private final Expr whole = Ops.pad(a, List.of(0), List.of(MANY)).plus(Ops.pad(b, List.of(FEW), List.of(0)));

    private static List<Tensor> values(List<Expr> outputs) {
        CounterRandom random = CounterRandom.seeded(1);
        return Evaluator.evaluate(
                outputs,
                Map.of(
                        "a", Tensor.fill(Shape.of(FEW), DType.F64, random.split("a")::normal),
                        "b", Tensor.fill(Shape.of(MANY), DType.F64, random.split("b")::normal),
                        "s", Tensor.scalar(0.3)));
    }

    private static long vectorsOf(int size, List<Expr> outputs) {
        return Graph.topological(outputs).stream()
                .filter(node -> node.shape().rank() == 1 && node.shape().size(0) == size)
                .count();
    }

    private static void assertSame(List<Expr> before, List<Expr> after) {
        List<Tensor> expected = values(before);
        List<Tensor> found = values(after);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).sameBits(expected.get(i))).as("output " + i).isTrue();
        }
    }

    @Test
    @DisplayName("each part goes its own way, across paddings, repeated numbers and constants")
    void apart() {
        double[] mask = {1, 0, 1, 1, 0, 1, 0, 1};
        Expr norms = Ops.sqrt(whole.times(whole).plus(1))
                .times(Expr.constant(Tensor.of(Shape.of(FEW + MANY), mask)))
                .times(Ops.broadcastTo(scalar, Shape.of(FEW + MANY)));
        List<Expr> outputs = List.of(
                Ops.slice(norms, 0, 0, FEW).times(a),
                Ops.slice(norms, 0, FEW, FEW + MANY).sum(0),
                // Across the border of two paddings.
                Ops.slice(norms, 0, 1, 5).plus(-1));
        List<Expr> sunk = Sinking.apply(outputs);
        assertSame(outputs, sunk);
        List<Expr> first = List.of(sunk.get(0), sunk.get(1));
        assertThat(Graph.topological(first)).noneMatch(node -> node.op() instanceof Op.Pad);
        assertThat(vectorsOf(FEW + MANY, first)).as("but the mask").isEqualTo(1);
    }

    @Test
    @DisplayName("what is read as a whole stays, and so does what would become much more")
    void stays() {
        Expr square = whole.times(whole);
        List<Expr> read = List.of(Ops.slice(square, 0, 0, FEW), square.sum(0));
        assertThat(Sinking.apply(read)).isEqualTo(read);
        List<Expr> kept = List.of(Ops.slice(square, 0, 0, FEW), square);
        assertThat(Sinking.apply(kept)).isEqualTo(kept);
        List<Expr> each = new ArrayList<>();
        for (int i = 0; i < FEW + MANY; i++) {
            each.add(Ops.slice(square, 0, i, i + 1));
        }
        assertThat(Sinking.apply(each)).isEqualTo(each);
    }
}
