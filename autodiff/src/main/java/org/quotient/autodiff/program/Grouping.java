package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * Which elementwise operations run in one pass. An operation joins the pass of its earliest user; its value is stored only if
 * it has users elsewhere or leaves the program. A sum or maximum can be the end of a pass. No value is computed twice.
 */
final class Grouping {
    /** Registers of a pass stay in the first-level cache. */
    private static final int LARGEST = 40;

    private final Map<Expr, Expr> head = new IdentityHashMap<>();
    private final Map<Expr, List<Expr>> members = new IdentityHashMap<>();
    private final Map<Expr, Integer> position = new IdentityHashMap<>();
    private final Set<Expr> stored = Collections.newSetFromMap(new IdentityHashMap<>());

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
     * @param apart nodes that are computed in another way
     */
    static Grouping of(List<Expr> order, Set<Expr> kept, Set<Expr> fixed, Predicate<Expr> apart) {
        Grouping grouping = new Grouping();
        Map<Expr, List<Expr>> users = Graph.users(order);
        for (int i = 0; i < order.size(); i++) {
            grouping.position.put(order.get(i), i);
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            if (fixed.contains(node) || apart.test(node)) {
                continue;
            }
            boolean reduction = node.op() instanceof Op.Reduce r && r.kind() != Op.ReduceKind.FIRST_MAX;
            if (reduction || node.op() instanceof Op.Elementwise) {
                grouping.add(node, users.getOrDefault(node, List.of()), kept.contains(node));
            }
        }
        return grouping;
    }

    private void add(Expr node, List<Expr> users, boolean kept) {
        Expr joined = node.op() instanceof Op.Elementwise ? joined(users, kept) : null;
        Expr of = joined == null ? node : joined;
        head.put(node, of);
        members.computeIfAbsent(of, h -> new ArrayList<>()).add(node);
        if (of != node && (kept || users.stream().anyMatch(u -> headOf(u) != of))) {
            stored.add(node);
        }
    }

    /**
     * The pass that a node joins: that of its earliest user, so that its value is there for all others. None if that user is
     * in no pass, or if the value must be stored and the pass ends in a reduction, which stores nothing else.
     */
    private @Nullable Expr joined(List<Expr> users, boolean kept) {
        Expr earliest = null;
        boolean single = !kept;
        for (Expr user : users) {
            Expr of = headOf(user);
            single &= earliest == null || of == earliest;
            earliest = earliest == null || at(of) < at(earliest) ? of : earliest;
        }
        if (earliest == null || !head.containsKey(earliest) || full(earliest)) {
            return null;
        }
        return earliest.op() instanceof Op.Reduce && !single ? null : earliest;
    }

    private int at(Expr node) {
        Integer found = position.get(node);
        return found == null ? Integer.MAX_VALUE : found;
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

    /** Whether a node's value is stored by the pass that computes it. */
    boolean isStored(Expr node) {
        return !isInside(node) || stored.contains(node);
    }

    /** The operations of a pass, operands first; the head is the last. */
    List<Expr> members(Expr of) {
        List<Expr> all = members.get(of);
        return all == null ? List.of(of) : all.reversed();
    }
}
