package org.quotient.autodiff.program;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/**
 * Vectors that are put together from parts, computed with number by number, and only read in parts again, such as the norms of all
 * units of a network, are computed in these parts instead: no part waits for another, and none is copied.
 */
final class Sinking {
    /** More nodes than so many times those that were there are not made. */
    private static final int GROWTH = 4;

    private final Map<Expr, Expr> image = new IdentityHashMap<>();
    private final Map<Expr, Map<Long, Expr>> made = new IdentityHashMap<>();
    private final Set<Expr> parted;
    private int count;

    private Sinking(Set<Expr> parted) {
        this.parted = parted;
    }

    /** Expressions of the same values, bit for bit; the same objects where there is nothing to do. */
    static List<Expr> apply(List<Expr> outputs) {
        List<Expr> order = Graph.topological(outputs);
        Set<Expr> parted = parted(outputs, order);
        boolean padded =
                parted.stream().anyMatch(node -> node.operands().stream().anyMatch(x -> x.op() instanceof Op.Pad));
        if (!padded) {
            return outputs;
        }
        Sinking sinking = new Sinking(parted);
        for (Expr node : order) {
            if (!parted.contains(node)) {
                sinking.image.put(node, sinking.rebuilt(node));
            }
        }
        return sinking.count > GROWTH * parted.size()
                ? outputs
                : outputs.stream().map(sinking::imageOf).toList();
    }

    private Expr rebuilt(Expr node) {
        if (node.op() instanceof Op.Slice s && parted.contains(node.operand(0))) {
            int from = s.starts().get(0);
            return part(node.operand(0), from, from + node.shape().size(0));
        }
        return node.withOperands(node.operands().stream().map(this::imageOf).toList());
    }

    private Expr imageOf(Expr node) {
        Expr found = image.get(node);
        if (found == null) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        return found;
    }

    private static boolean isVector(Expr node) {
        return node.shape().rank() == 1 && !node.shape().isSymbolic();
    }

    private static boolean isPart(Expr node) {
        return node.op() instanceof Op.Slice s && isVector(node) && s.steps().get(0) == 1;
    }

    /** Number-by-number results of which only parts are read, by whatever is made of them. */
    private static Set<Expr> parted(List<Expr> outputs, List<Expr> order) {
        Map<Expr, List<Expr>> users = Graph.users(order);
        Set<Expr> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(outputs);
        Set<Expr> parted = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Expr node : order.reversed()) {
            if (node.op() instanceof Op.Elementwise
                    && isVector(node)
                    && !kept.contains(node)
                    && users.getOrDefault(node, List.of()).stream()
                            .allMatch(user -> isPart(user) || parted.contains(user))) {
                parted.add(node);
            }
        }
        return parted;
    }

    /** Elements from one index to before another. */
    private Expr part(Expr node, int from, int to) {
        Map<Long, Expr> parts = made.computeIfAbsent(node, n -> new HashMap<>());
        long key = ((long) from << 32) + to;
        Expr found = parts.get(key);
        if (found == null) {
            found = make(node, from, to);
            parts.put(key, found);
        }
        return found;
    }

    private Expr make(Expr node, int from, int to) {
        if (from == 0 && to == node.shape().size(0)) {
            return parted.contains(node) ? elementwise(node, from, to) : imageOf(node);
        }
        if (parted.contains(node)) {
            return elementwise(node, from, to);
        }
        Expr whole = imageOf(node);
        if (whole.op() instanceof Op.Pad pad && pad.interior().get(0) == 0) {
            int before = pad.before().get(0);
            int end = before + whole.operand(0).shape().size(0);
            if (from >= before && to <= end) {
                return Ops.slice(whole.operand(0), 0, from - before, to - before);
            }
            if (to <= before || from >= end) {
                return Ops.broadcastTo(Ops.scalar(0, node.dtype()), Shape.of(to - from));
            }
        }
        if (whole.op() instanceof Op.Broadcast && whole.operand(0).shape().rank() == 0) {
            return Ops.broadcastTo(whole.operand(0), Shape.of(to - from));
        }
        return Ops.slice(whole, 0, from, to);
    }

    private Expr elementwise(Expr node, int from, int to) {
        count++;
        return node.withOperands(
                node.operands().stream().map(x -> part(x, from, to)).toList());
    }
}
