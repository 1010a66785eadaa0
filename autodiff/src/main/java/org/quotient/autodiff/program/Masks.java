package org.quotient.autodiff.program;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * The mask of a ReLU read off its output instead of its input: 1 where x &gt; 0 is 1 where relu(x) &gt; 0. Then the input need
 * not be kept for the gradient, and the ReLU can be computed where it lies.
 */
final class Masks {
    private Masks() {}

    static List<Expr> fromOutputs(List<Expr> outputs) {
        Map<Expr, Expr> relu = new IdentityHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            if (is(node, Op.UnaryKind.RELU)) {
                relu.put(node.operand(0), node);
            }
        }
        return Graph.map(outputs, (node, operands) -> {
            Expr activated = is(node, Op.UnaryKind.STEP) ? relu.get(node.operand(0)) : null;
            List<Expr> read = activated == null ? operands : List.of(activated.withOperands(operands));
            return node.withOperands(read);
        });
    }

    private static boolean is(Expr node, Op.UnaryKind kind) {
        return node.op() instanceof Op.Unary u && u.kind() == kind;
    }
}
