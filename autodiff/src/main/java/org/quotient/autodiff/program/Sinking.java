package org.quotient.autodiff.program;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
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

    /** From one index to before another. */
    private record Range(int from, int to) {}

    private final Map<Expr, Expr> image = new IdentityHashMap<>();
    private final Map<Expr, Map<Range, Expr>> made = new IdentityHashMap<>();
    private final Set<Expr> parted;

    private Sinking(Set<Expr> parted) {
        this.parted = parted;
    }

    /** Expressions of the same values, bit for bit; the same objects where there is nothing to do. */
    static List<Expr> apply(List<Expr> outputs) {
        List<Expr> order = Graph.topological(outputs);
        Map<Expr, Set<Range>> ranges = parted(outputs, order);
        boolean padded = ranges.keySet().stream()
                .anyMatch(node -> node.operands().stream().anyMatch(x -> x.op() instanceof Op.Pad));
        int count = ranges.values().stream().mapToInt(Set::size).sum();
        if (!padded || count > GROWTH * ranges.size()) {
            return outputs;
        }
        Sinking sinking = new Sinking(ranges.keySet());
        for (Expr node : order) {
            if (!ranges.containsKey(node)) {
                sinking.image.put(node, sinking.rebuilt(node));
            }
        }
        return outputs.stream().map(sinking::imageOf).toList();
    }

    private Expr rebuilt(Expr node) {
        if (isPart(node) && parted.contains(node.operand(0))) {
            return part(node.operand(0), range(node));
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

    private static Range range(Expr part) {
        int from = ((Op.Slice) part.op()).starts().get(0);
        return new Range(from, from + part.shape().size(0));
    }

    /** Number-by-number results of which only parts are read, by whatever is made of them, and these parts. */
    private static Map<Expr, Set<Range>> parted(List<Expr> outputs, List<Expr> order) {
        Map<Expr, List<Expr>> users = Graph.users(order);
        Set<Expr> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(outputs);
        Map<Expr, Set<Range>> parted = new IdentityHashMap<>();
        int count = 0;
        for (Expr node : order.reversed()) {
            List<Expr> by = users.getOrDefault(node, List.of());
            if (node.op() instanceof Op.Elementwise
                    && isVector(node)
                    && !kept.contains(node)
                    && count <= GROWTH * order.size()
                    && by.stream().allMatch(user -> isPart(user) || parted.containsKey(user))) {
                Set<Range> ranges = new HashSet<>();
                for (Expr user : by) {
                    ranges.addAll(isPart(user) ? Set.of(range(user)) : parted.getOrDefault(user, Set.of()));
                }
                count += ranges.size();
                parted.put(node, ranges);
            }
        }
        return parted;
    }

    private Expr part(Expr node, Range range) {
        Map<Range, Expr> parts = made.computeIfAbsent(node, n -> new HashMap<>());
        Expr found = parts.get(range);
        if (found == null) {
            found = make(node, range);
            parts.put(range, found);
        }
        return found;
    }

    private Expr make(Expr node, Range range) {
        if (parted.contains(node)) {
            return node.withOperands(
                    node.operands().stream().map(x -> part(x, range)).toList());
        }
        Expr whole = imageOf(node);
        int from = range.from();
        int to = range.to();
        if (from == 0 && to == node.shape().size(0)) {
            return whole;
        }
        if (whole.op() instanceof Op.Pad pad && pad.interior().get(0) == 0) {
            int before = pad.before().get(0);
            int end = before + whole.operand(0).shape().size(0);
            if (from == before && to == end) {
                return whole.operand(0);
            }
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
}
