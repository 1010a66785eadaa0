package org.quotient.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Walks over expression graphs; iterative, so that depth is no limit. */
public final class Graph {
    private Graph() {}

    /** Every node that the outputs need, each once, operands before users; the order is deterministic. */
    public static List<Expr> topological(Collection<Expr> outputs) {
        List<Expr> order = new ArrayList<>();
        Set<Expr> done = identitySet();
        Set<Expr> opened = identitySet();
        Deque<Expr> stack = new ArrayDeque<>();
        for (Expr output : outputs) {
            stack.push(output);
            while (!stack.isEmpty()) {
                Expr node = stack.peek();
                if (done.contains(node)) {
                    stack.pop();
                } else if (opened.add(node)) {
                    List<Expr> operands = node.operands();
                    for (int i = operands.size() - 1; i >= 0; i--) {
                        if (!done.contains(operands.get(i))) {
                            stack.push(operands.get(i));
                        }
                    }
                } else {
                    stack.pop();
                    done.add(node);
                    order.add(node);
                }
            }
        }
        return order;
    }

    /** The nodes that use each node as an operand (once per use). */
    public static Map<Expr, List<Expr>> users(Collection<Expr> nodes) {
        Map<Expr, List<Expr>> users = new IdentityHashMap<>();
        for (Expr node : nodes) {
            for (Expr operand : node.operands()) {
                users.computeIfAbsent(operand, k -> new ArrayList<>()).add(node);
            }
        }
        return users;
    }

    /** The leaves with a role, in topological order, each operation once. */
    public static List<Expr> variables(Collection<Expr> outputs, Op.Role role) {
        return topological(outputs).stream()
                .filter(e -> e.op() instanceof Op.Variable v && v.role() == role)
                .toList();
    }

    /**
     * Rebuilds graphs bottom up.
     *
     * @param outputs the graphs
     * @param rebuild from a node and its rebuilt operands to its replacement
     * @return the replacements of the outputs
     */
    public static List<Expr> map(List<Expr> outputs, BiFunction<Expr, List<Expr>, Expr> rebuild) {
        Map<Expr, Expr> image = new IdentityHashMap<>();
        for (Expr node : topological(outputs)) {
            List<Expr> operands = new ArrayList<>(node.operands().size());
            for (Expr operand : node.operands()) {
                operands.add(lookup(image, operand));
            }
            image.put(node, rebuild.apply(node, operands));
        }
        return outputs.stream().map(o -> lookup(image, o)).toList();
    }

    private static Expr lookup(Map<Expr, Expr> image, Expr node) {
        Expr found = image.get(node);
        if (found == null) {
            throw new IllegalStateException("The graph has no node " + node.describe());
        }
        return found;
    }

    /** Replaces nodes by others of the same shape wherever they occur. */
    public static List<Expr> substitute(List<Expr> outputs, Map<Expr, Expr> replacement) {
        Map<Expr, Expr> byIdentity = new IdentityHashMap<>(replacement);
        return map(outputs, (node, operands) -> byIdentity.getOrDefault(node, node.withOperands(operands)));
    }

    static <T> Set<T> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
