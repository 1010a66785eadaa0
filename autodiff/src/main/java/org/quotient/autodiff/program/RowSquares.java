package org.quotient.autodiff.program;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            } else {
                Expr squared = squared(node, grouping, direct);
                Expr product = squared == null || !isMatrix(squared) ? null : readers.get(squared);
                if (product != null) {
                    found.putIfAbsent(product, node);
                }
            }
        }
        return found;
    }

    /**
     * Which sums of squares are of a matrix that a product is added to.
     *
     * @param absorption which sums are made by adding a product to a variable
     * @return by that sum, the sum over the second axis of its squares
     */
    static Map<Expr, Expr> ofSums(List<Expr> order, Grouping grouping, Set<Expr> direct, Absorption absorption) {
        Map<Expr, Expr> found = new IdentityHashMap<>();
        for (Expr node : order) {
            Expr squared = squared(node, grouping, direct);
            Absorption.Update update = squared == null ? null : absorption.of(squared);
            if (squared != null
                    && update != null
                    && update.rows().isEmpty()
                    && update.columns().isEmpty()
                    && squared.shape().rank() == 2) {
                found.putIfAbsent(squared, node);
            }
        }
        return found;
    }

    /** What a node sums the squares of, along the second axis and in a pass of its own; null if it does something else. */
    private static @Nullable Expr squared(Expr node, Grouping grouping, Set<Expr> direct) {
        if (!(node.op() instanceof Op.Reduce r)
                || r.kind() != Op.ReduceKind.SUM
                || !r.axes().equals(List.of(1))
                || direct.contains(node)) {
            return null;
        }
        List<Expr> members = grouping.members(node);
        Expr square = node.operand(0);
        boolean isSquare = members.size() == 2
                && members.contains(square)
                && square.op() instanceof Op.Binary b
                && b.kind() == Op.BinaryKind.MUL
                && square.operand(0) == square.operand(1);
        return isSquare ? square.operand(0) : null;
    }

    private static boolean isMatrix(Expr x) {
        return x.op() instanceof Op.Variable
                && x.shape().rank() == 2
                && !x.shape().isSymbolic();
    }
}
