package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Which parameters act together linearly: connected through sums and products without a mask in between, such as the weights and
 * biases of one layer, two matrices with nothing between them, a normalisation with what it normalises, or all that is added to one
 * residual stream.
 */
public final class LinearNeighbours {
    private final MaskedNetwork masked;
    private final int[] parent;

    private LinearNeighbours(MaskedNetwork masked) {
        this.masked = masked;
        this.parent = new int[masked.parameters().size()];
        java.util.Arrays.setAll(parent, i -> i);
    }

    /** The classes, as lists of positions among the parameters. */
    public static List<List<Integer>> of(MaskedNetwork masked) {
        LinearNeighbours pass = new LinearNeighbours(masked);
        pass.walk();
        Map<Integer, List<Integer>> classes = new TreeMap<>();
        for (int i = 0; i < pass.parent.length; i++) {
            classes.computeIfAbsent(pass.root(i), k -> new ArrayList<>()).add(i);
        }
        return List.copyOf(classes.values());
    }

    private void walk() {
        IdentityHashMap<Expr, Integer> open = new IdentityHashMap<>();
        for (int i = 0; i < parent.length; i++) {
            open.put(masked.parameters().get(i), i);
        }
        Set<Expr> masks = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Kink kink : masked.kinks()) {
            masks.add(kink.mask());
        }
        for (Expr node : Graph.topological(masked.values())) {
            if (node.op() instanceof Op.Variable) {
                continue;
            }
            boolean masking = node.operands().stream().anyMatch(masks::contains);
            if (masking && node.operands().stream().noneMatch(open::containsKey)) {
                masks.add(node);
            }
            if (masking && node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL) {
                continue;
            }
            int common = -1;
            for (Expr operand : node.operands()) {
                Integer of = open.get(operand);
                if (of != null) {
                    common = common < 0 ? of : join(common, of);
                }
            }
            if (common >= 0) {
                open.put(node, common);
            }
        }
    }

    private int root(int i) {
        int at = i;
        while (parent[at] != at) {
            at = parent[at];
        }
        return at;
    }

    private int join(int a, int b) {
        int first = Math.min(root(a), root(b));
        parent[root(a)] = first;
        parent[root(b)] = first;
        return first;
    }
}
