package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * The order in which nodes are computed, and which updates may be written straight into their variable: an update waits until
 * everything else has read the old value, so that it needs no second copy.
 *
 * @param order all nodes, operands first
 * @param direct updates that nothing reads the old value of their variable after, with that variable's name
 */
record Schedule(List<Expr> order, Map<Expr, String> direct) {

    /**
     * Makes a schedule.
     *
     * @param definition what to compute
     * @param grouping which nodes are computed with which
     * @param given all nodes, operands first
     */
    static Schedule of(Definition definition, Grouping grouping, List<Expr> given) {
        Map<Expr, List<Expr>> users = Graph.users(given);
        Map<Expr, Expr> source = sources(given);
        Map<Expr, Integer> position = positions(given);
        Map<Integer, List<Expr>> delayed = new TreeMap<>();
        Set<Expr> moved = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
        for (Map.Entry<String, Expr> update : definition.updates().entrySet()) {
            Expr root = update.getValue();
            int last = lastReader(update.getKey(), root, given, source, grouping, position);
            if (last > position(position, root)
                    && !users.containsKey(root)
                    && !isNeeded(root, last, grouping, users, position)
                    && moved.add(root)) {
                delayed.computeIfAbsent(last, k -> new ArrayList<>()).add(root);
            }
        }
        List<Expr> order = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (!moved.contains(given.get(i))) {
                order.add(given.get(i));
            }
            order.addAll(delayed.getOrDefault(i, List.of()));
        }
        return new Schedule(order, direct(definition, grouping, order, source));
    }

    /** Whether something up to a position needs a value that the pass of an update stores besides. */
    private static boolean isNeeded(
            Expr root, int last, Grouping grouping, Map<Expr, List<Expr>> users, Map<Expr, Integer> position) {
        return grouping.members(root).stream()
                .flatMap(member -> users.getOrDefault(member, List.of()).stream())
                .anyMatch(user -> grouping.headOf(user) != root && position(position, grouping.headOf(user)) <= last);
    }

    static Map<Expr, String> direct(
            Definition definition, Grouping grouping, List<Expr> order, Map<Expr, Expr> source) {
        Map<Expr, Integer> position = positions(order);
        Map<Expr, String> direct = new IdentityHashMap<>();
        for (Map.Entry<String, Expr> update : definition.updates().entrySet()) {
            Expr root = update.getValue();
            boolean computed = source.get(root) == null;
            int last = lastReader(update.getKey(), root, order, source, grouping, position);
            if (computed && last < position(position, grouping.headOf(root)) && !direct.containsKey(root)) {
                direct.put(root, update.getKey());
            }
        }
        return direct;
    }

    /** The position of the last node, outside the pass that computes the update, that reads a variable; −1 if none. */
    static int lastReader(
            String variable,
            Expr update,
            Collection<Expr> order,
            Map<Expr, Expr> source,
            Grouping grouping,
            Map<Expr, Integer> position) {
        int last = -1;
        Expr own = grouping.headOf(update);
        for (Expr node : order) {
            for (Expr operand : node.operands()) {
                Expr from = source.get(operand);
                if (from != null
                        && from.op() instanceof Op.Variable v
                        && v.name().equals(variable)
                        && source.get(node) == null
                        && grouping.headOf(node) != own) {
                    last = Math.max(last, position(position, grouping.headOf(node)));
                }
            }
        }
        return last;
    }

    /** For each variable, and each node that only shows one under other strides, that variable. */
    static Map<Expr, Expr> sources(List<Expr> order) {
        Map<Expr, Expr> source = new IdentityHashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable) {
                source.put(node, node);
            } else if (isView(node.op())) {
                @Nullable Expr from = source.get(node.operand(0));
                if (from != null) {
                    source.put(node, from);
                }
            }
        }
        return source;
    }

    /** Whether an operation only rearranges: its value may lie in its operand's memory. */
    static boolean isView(Op op) {
        return op instanceof Op.Reshape
                || op instanceof Op.Transpose
                || op instanceof Op.Broadcast
                || op instanceof Op.Slice;
    }

    static Map<Expr, Integer> positions(List<Expr> order) {
        Map<Expr, Integer> position = new IdentityHashMap<>();
        for (int i = 0; i < order.size(); i++) {
            position.put(order.get(i), i);
        }
        return position;
    }

    static int position(Map<Expr, Integer> position, Expr node) {
        Integer found = position.get(node);
        if (found == null) {
            throw new IllegalStateException("Not in the schedule: " + node.describe());
        }
        return found;
    }
}
