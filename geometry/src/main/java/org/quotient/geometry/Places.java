package org.quotient.geometry;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;

/**
 * What reports call the nodes of a graph: a node's own label, else that of the nearest labelled operation that it is a part
 * of (its first user, and so on), else its description.
 */
final class Places {
    private final Map<Expr, String> names = new IdentityHashMap<>();

    Places(List<Expr> topological) {
        for (int i = topological.size() - 1; i >= 0; i--) {
            Expr node = topological.get(i);
            String name = node.label().isEmpty() ? names.getOrDefault(node, "") : node.label();
            names.put(node, name);
            for (Expr operand : node.operands()) {
                names.merge(operand, name, (old, fresh) -> old.isEmpty() ? fresh : old);
            }
        }
    }

    String of(Expr node) {
        String name = names.getOrDefault(node, "");
        return name.isEmpty() ? node.describe() : name;
    }
}
