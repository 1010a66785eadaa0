package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * A product of variables that is only summed, but in several ways, such as the squares of a matrix along its rows and along its columns, is
 * made anew in each sum: that costs a multiplication per element, and a pass that stores it and passes that read it are saved.
 */
final class OwnSquares {
    private OwnSquares() {}

    /** The same expressions with a product of its own for each sum. */
    static List<Expr> apply(List<Expr> outputs) {
        return Graph.map(outputs, (node, operands) -> {
            List<Expr> now = new ArrayList<>(operands);
            if (node.op() instanceof Op.Reduce r && r.kind() == Op.ReduceKind.SUM && isProduct(operands.getFirst())) {
                Expr product = operands.getFirst();
                now.set(0, Expr.of(product.op(), product.operands()));
            }
            return node.withOperands(now);
        });
    }

    private static boolean isProduct(Expr node) {
        return node.op() instanceof Op.Binary b
                && b.kind() == Op.BinaryKind.MUL
                && node.operands().stream().allMatch(x -> x.op() instanceof Op.Variable);
    }
}
