package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * Which elementwise operations run in one pass. An operation joins the pass of its users if all of them are in one pass, so
 * that its value need not be stored; a sum or maximum can be the end of a pass. A value that leaves the program joins too, and
 * is stored on the way. No value is computed twice.
 */
final class Grouping {
    /** Registers of a pass stay in the first-level cache. */
    private static final int LARGEST = 40;

    private final Map<Expr, Expr> head = new IdentityHashMap<>();
    private final Map<Expr, List<Expr>> members = new IdentityHashMap<>();

    private Grouping() {}

    /** Every operation on its own. */
    static Grouping none() {
        return new Grouping();
    }

    /**
     * Groups the operations of a graph.
     *
     * @param order all nodes, operands first
     * @param kept nodes whose value is needed after the run
     * @param fixed nodes that depend on no variable: they are constants to their users
     */
    static Grouping of(List<Expr> order, Set<Expr> kept, Set<Expr> fixed) {
        Grouping grouping = new Grouping();
        Map<Expr, List<Expr>> users = Graph.users(order);
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            if (fixed.contains(node)) {
                continue;
            }
            boolean reduction = node.op() instanceof Op.Reduce r && r.kind() != Op.ReduceKind.FIRST_MAX;
            if (reduction || node.op() instanceof Op.Elementwise) {
                grouping.add(node, users.getOrDefault(node, List.of()), kept);
            }
        }
        return grouping;
    }

    private void add(Expr node, List<Expr> users, Set<Expr> kept) {
        Expr common = node.op() instanceof Op.Elementwise ? commonHead(users, kept.contains(node)) : null;
        Expr of = common == null ? node : common;
        head.put(node, of);
        members.computeIfAbsent(of, h -> new ArrayList<>()).add(node);
    }

    private @org.jspecify.annotations.Nullable Expr commonHead(List<Expr> users, boolean kept) {
        Expr common = null;
        for (Expr user : users) {
            Expr of = head.get(user);
            if (of == null || common != null && of != common) {
                return null;
            }
            // A reduction is the end of a pass: nothing is computed after it, and nothing else is stored in its pass.
            if (user.op() instanceof Op.Reduce && kept) {
                return null;
            }
            common = of;
        }
        if (common != null && (kept && common.op() instanceof Op.Reduce || full(common))) {
            return null;
        }
        return common;
    }

    private boolean full(Expr of) {
        List<Expr> all = members.get(of);
        return all != null && all.size() >= LARGEST;
    }

    /** Whether a node is computed inside another one's pass. */
    boolean isInside(Expr node) {
        Expr of = head.get(node);
        return of != null && of != node;
    }

    /** The operation whose pass computes a node; the node itself if it is in no pass. */
    Expr headOf(Expr node) {
        Expr of = head.get(node);
        return of == null ? node : of;
    }

    /** The operations of a pass, operands first; the head is the last. */
    List<Expr> members(Expr of) {
        List<Expr> all = members.get(of);
        return all == null ? List.of(of) : all.reversed();
    }
}
