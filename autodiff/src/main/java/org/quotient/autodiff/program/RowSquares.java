package org.quotient.autodiff.program;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/**
 * Sums of squares of the rows of a matrix that a product reads as well. The product has each row in the first-level cache, so
 * the sums cost next to nothing there, and a pass over the matrix of their own otherwise: the norms of units, which updates
 * invariant under rescaling ask for in every step.
 */
final class RowSquares {
    private RowSquares() {}

    /**
     * Which sums can be made on the way.
     *
     * @param order of the nodes
     * @param grouping which operations run in one pass
     * @param direct nodes whose value goes straight into a variable, which must not happen early
     * @return by the product, the sum over the second axis of the squares of a variable that it reads
     */
    static Map<Expr, Expr> of(List<Expr> order, Grouping grouping, Set<Expr> direct) {
        Map<Expr, Expr> readers = new IdentityHashMap<>();
        Map<Expr, Expr> found = new IdentityHashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Einsum e) {
                for (int i = 0; i < 2; i++) {
                    Expr x = node.operand(i);
                    String own = i == 0 ? e.left() : e.right();
                    if (isMatrix(x)
                            && e.out().indexOf(own.charAt(1)) < 0
                            && e.out().indexOf(own.charAt(0)) >= 0) {
                        readers.putIfAbsent(x, node);
                    }
                }
            } else if (node.op() instanceof Op.Reduce r
                    && r.kind() == Op.ReduceKind.SUM
                    && r.axes().equals(List.of(1))
                    && !direct.contains(node)) {
                List<Expr> members = grouping.members(node);
                Expr square = node.operand(0);
                if (members.size() == 2
                        && members.contains(square)
                        && square.op() instanceof Op.Binary b
                        && b.kind() == Op.BinaryKind.MUL
                        && square.operand(0) == square.operand(1)
                        && isMatrix(square.operand(0))) {
                    Expr product = readers.get(square.operand(0));
                    if (product != null) {
                        found.putIfAbsent(product, node);
                    }
                }
            }
        }
        return found;
    }

    private static boolean isMatrix(Expr x) {
        return x.op() instanceof Op.Variable
                && x.shape().rank() == 2
                && !x.shape().isSymbolic();
    }
}
