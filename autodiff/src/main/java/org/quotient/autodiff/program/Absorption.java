package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * Updates of the form {@code w ± s·(a·b)}, the last step of every optimizer that is linear in the gradient: the product is
 * added to the variable where it lies, and the gradient itself is never stored. The factor s, one number, may be known only
 * at run time; then the smaller operand of the product is multiplied by it first.
 */
final class Absorption {

    /**
     * One such update.
     *
     * @param product the summation
     * @param alpha the known part of the factor, with its sign
     * @param factors unknown scalars to multiply by
     */
    record Update(Expr product, double alpha, List<Expr> factors) {}

    private final Map<Expr, Update> updates = new IdentityHashMap<>();
    private final Set<Expr> absorbed = Collections.newSetFromMap(new IdentityHashMap<>());

    private Absorption() {}

    static Absorption none() {
        return new Absorption();
    }

    static Absorption of(Schedule schedule, Grouping grouping, Set<Expr> kept, Set<Expr> fixed, Lowering lowering) {
        Absorption found = new Absorption();
        Map<Expr, List<Expr>> users = Graph.users(schedule.order());
        schedule.direct().forEach((root, variable) -> {
            if (grouping.headOf(root) == root && root.op() instanceof Op.Binary b) {
                Update update = found.match(root, b.kind(), variable, users, kept, fixed, lowering);
                if (update != null) {
                    found.updates.put(root, update);
                    found.absorbed.add(update.product);
                }
            }
        });
        return found;
    }

    /** How the update is computed without storing its product, or null if it is of another form. */
    @Nullable
    Update of(Expr root) {
        return updates.get(root);
    }

    boolean isAbsorbed(Expr node) {
        return absorbed.contains(node);
    }

    private @Nullable Update match(
            Expr root,
            Op.BinaryKind kind,
            String variable,
            Map<Expr, List<Expr>> users,
            Set<Expr> kept,
            Set<Expr> fixed,
            Lowering lowering) {
        if (kind != Op.BinaryKind.ADD && kind != Op.BinaryKind.SUB) {
            return null;
        }
        for (int i = 0; i < (kind == Op.BinaryKind.ADD ? 2 : 1); i++) {
            if (isVariable(root.operand(i), variable) && !isVariable(root.operand(1 - i), variable)) {
                return scaled(root.operand(1 - i), kind == Op.BinaryKind.SUB ? -1 : 1, users, kept, fixed, lowering);
            }
        }
        return null;
    }

    private static boolean isVariable(Expr node, String name) {
        return node.op() instanceof Op.Variable v && v.name().equals(name);
    }

    private @Nullable Update scaled(
            Expr start, double sign, Map<Expr, List<Expr>> users, Set<Expr> kept, Set<Expr> fixed, Lowering lowering) {
        Expr node = start;
        double alpha = sign;
        List<Expr> factors = new ArrayList<>();
        while (true) {
            if (kept.contains(node) || users.getOrDefault(node, List.of()).size() != 1 || absorbed.contains(node)) {
                return null;
            }
            switch (node.op()) {
                case Op.Einsum e -> {
                    return EinsumPlan.storesInOrder(e) ? new Update(node, alpha, factors) : null;
                }
                case Op.Unary u
                when u.kind() == Op.UnaryKind.NEG -> {
                    alpha = -alpha;
                    node = node.operand(0);
                }
                case Op.Binary b
                when b.kind() == Op.BinaryKind.MUL -> {
                    int which = isScalar(node.operand(0)) ? 0 : isScalar(node.operand(1)) ? 1 : -1;
                    if (which < 0) {
                        return null;
                    }
                    Expr factor = node.operand(which);
                    Double number = fixed.contains(factor) ? lowering.number(factor) : null;
                    if (number != null) {
                        alpha *= number;
                    } else {
                        factors.add(factor.operand(0));
                    }
                    node = node.operand(1 - which);
                }
                default -> {
                    return null;
                }
            }
        }
    }

    /** One number repeated. */
    private static boolean isScalar(Expr node) {
        return node.op() instanceof Op.Broadcast && node.operand(0).shape().rank() == 0;
    }
}
