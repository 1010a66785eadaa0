package org.quotient.geometry.functional.jacobian;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/** How much memory the evaluation of a graph takes: values are there from their making to their last use. */
final class Footprint {
    private Footprint() {}

    /**
     * The most numbers that are there at a time, the given values of variables included all the while.
     *
     * @param outputs what is evaluated
     * @param batch along the symbolic axis, at least 0
     */
    static long numbers(List<Expr> outputs, long batch) {
        List<Expr> order = Graph.topological(outputs);
        Map<Expr, Integer> uses = new IdentityHashMap<>();
        order.forEach(node -> node.operands().forEach(o -> uses.merge(o, 1, Integer::sum)));
        outputs.forEach(o -> uses.merge(o, 1, Integer::sum));
        long given = 0;
        long now = 0;
        long most = 0;
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable) {
                given += size(node, batch);
                continue;
            }
            now += size(node, batch);
            most = Math.max(most, now + beside(node, batch));
            for (Expr operand : node.operands()) {
                if (uses.merge(operand, -1, Integer::sum) == 0 && !(operand.op() instanceof Op.Variable)) {
                    now -= size(operand, batch);
                }
            }
        }
        return given + most;
    }

    /** Products are of matrices, into whose order operands and result are brought. */
    private static long beside(Expr node, long batch) {
        return node.op() instanceof Op.Einsum
                ? size(node, batch)
                        + node.operands().stream()
                                .mapToLong(o -> size(o, batch))
                                .sum()
                : 0;
    }

    private static long size(Expr node, long batch) {
        return node.shape().isSymbolic()
                ? batch * node.shape().bind(1).elements()
                : node.shape().elements();
    }
}
