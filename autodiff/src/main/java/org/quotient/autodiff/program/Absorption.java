package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * Updates of the form {@code w∘(r cᵀ) ± s·(a·b)} or {@code (w ± s·(a·b))∘(r cᵀ)}, the last step of every optimizer that is linear in
 * the gradient: the product is added to the variable where it lies, after its rows and columns have been multiplied or before,
 * and the gradient itself is never stored.
 * The factor s, one number, may be known only at run time; then the smaller operand of the product is multiplied by it first.
 *
 * <p>What is made from such a sum, such as rows of a given norm, may follow: then the sum is what lies in the variable in between
 * (see {@link Betweens}).
 */
final class Absorption {

    /**
     * One such update.
     *
     * @param product the summation
     * @param alpha the known part of the factor, with its sign
     * @param factors unknown scalars to multiply by
     * @param rows broadcasts along axes of the rows of the product, by which the variable is multiplied
     * @param columns likewise along axes of its columns
     * @param after whether the sum is multiplied by them instead
     */
    record Update(Expr product, double alpha, List<Expr> factors, List<Expr> rows, List<Expr> columns, boolean after) {}

    private final Map<Expr, Update> updates = new IdentityHashMap<>();
    private final Set<Expr> absorbed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Expr, List<Expr>> users;
    private final Set<Expr> kept;
    private final Set<Expr> fixed;
    private final Lowering lowering;

    private Absorption(Map<Expr, List<Expr>> users, Set<Expr> kept, Set<Expr> fixed, Lowering lowering) {
        this.users = users;
        this.kept = kept;
        this.fixed = fixed;
        this.lowering = lowering;
    }

    static Absorption none(Lowering lowering) {
        return new Absorption(Map.of(), Set.of(), Set.of(), lowering);
    }

    static Absorption of(Schedule schedule, Grouping grouping, Set<Expr> kept, Set<Expr> fixed, Lowering lowering) {
        Absorption found = new Absorption(Graph.users(schedule.order()), kept, fixed, lowering);
        schedule.direct().forEach((root, variable) -> {
            Update update = grouping.headOf(root) == root ? found.match(root, variable) : null;
            if (update != null) {
                found.updates.put(root, update);
                found.absorbed.add(update.product);
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

    /**
     * The nodes of a graph that have this form, as far as that can be seen from their operations alone.
     *
     * @param order all nodes
     * @return each with the name of the variable; of a sum that is only needed times something, the product
     */
    static Map<Expr, String> candidates(List<Expr> order) {
        Map<Expr, String> found = new IdentityHashMap<>();
        Map<Expr, List<Expr>> users = Graph.users(order);
        for (Expr node : order) {
            if (isProduct(node)) {
                int which = node.operand(0).op() instanceof Op.Broadcast ? 0 : 1;
                Expr sum = node.operand(1 - which);
                String variable = found.get(sum);
                if (variable != null
                        && node.operand(which).op() instanceof Op.Broadcast
                        && sum.operands().stream().anyMatch(x -> x.op() instanceof Op.Variable)
                        && users.getOrDefault(sum, List.of()).size() == 1) {
                    found.remove(sum);
                    found.put(node, variable);
                }
            } else if (node.op() instanceof Op.Binary b
                    && (b.kind() == Op.BinaryKind.ADD || b.kind() == Op.BinaryKind.SUB)) {
                for (int i = 0; i < (b.kind() == Op.BinaryKind.ADD ? 2 : 1); i++) {
                    Expr from = node.operand(i);
                    while (isProduct(from)) {
                        from = from.operand(from.operand(0).op() instanceof Op.Broadcast ? 1 : 0);
                    }
                    if (from.op() instanceof Op.Variable v && endsInProduct(node.operand(1 - i))) {
                        found.put(node, v.name());
                    }
                }
            }
        }
        return found;
    }

    private static boolean endsInProduct(Expr start) {
        Expr node = start;
        while (true) {
            if (node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.NEG) {
                node = node.operand(0);
            } else if (isProduct(node) && (isScalar(node.operand(0)) || isScalar(node.operand(1)))) {
                node = node.operand(isScalar(node.operand(0)) ? 1 : 0);
            } else {
                return node.op() instanceof Op.Einsum e && EinsumPlan.storesInOrder(e);
            }
        }
    }

    private static boolean isProduct(Expr node) {
        return node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
    }

    private @Nullable Update match(Expr root, String variable) {
        List<Expr> after = new ArrayList<>();
        Expr sum = root;
        while (isProduct(sum)) {
            int which = sum.operand(0).op() instanceof Op.Broadcast ? 0 : 1;
            Expr factor = sum.operand(which);
            sum = sum.operand(1 - which);
            if (!(factor.op() instanceof Op.Broadcast) || !isOnlyHere(sum)) {
                return null;
            }
            after.add(factor);
        }
        if (!(sum.op() instanceof Op.Binary b) || (b.kind() != Op.BinaryKind.ADD && b.kind() != Op.BinaryKind.SUB)) {
            return null;
        }
        for (int i = 0; i < (b.kind() == Op.BinaryKind.ADD ? 2 : 1); i++) {
            List<Expr> multiplied = multiplied(sum.operand(i), variable);
            if (multiplied != null && (multiplied.isEmpty() || after.isEmpty())) {
                Update update = scaled(
                        sum.operand(1 - i),
                        b.kind() == Op.BinaryKind.SUB ? -1 : 1,
                        after.isEmpty() ? multiplied : after,
                        !after.isEmpty());
                if (update != null && !readsWhatChanges(update)) {
                    return update;
                }
            }
        }
        return null;
    }

    /**
     * Whether the product or a factor is made of variables that get new values themselves, this one or others: the product is made
     * when the sum is, which may be after that.
     */
    private boolean readsWhatChanges(Update update) {
        List<Expr> read = new ArrayList<>(update.product.operands());
        read.addAll(update.rows);
        read.addAll(update.columns);
        read.addAll(update.factors);
        return read.stream().anyMatch(x -> {
            Expr from = x;
            while (Schedule.isView(from.op())) {
                from = from.operand(0);
            }
            return from.op() instanceof Op.Variable v
                    && lowering.definition().updates().containsKey(v.name());
        });
    }

    /** By what the variable is multiplied, if it is multiplied by broadcasts and nothing else needs the results. */
    private @Nullable List<Expr> multiplied(Expr start, String name) {
        List<Expr> factors = new ArrayList<>();
        Expr node = start;
        while (!(node.op() instanceof Op.Variable)) {
            if (!isProduct(node) || !isOnlyHere(node)) {
                return null;
            }
            int which = node.operand(0).op() instanceof Op.Broadcast ? 0 : 1;
            if (!(node.operand(which).op() instanceof Op.Broadcast)) {
                return null;
            }
            factors.add(node.operand(which));
            node = node.operand(1 - which);
        }
        return ((Op.Variable) node.op()).name().equals(name) ? factors : null;
    }

    private boolean isOnlyHere(Expr node) {
        return !kept.contains(node) && users.getOrDefault(node, List.of()).size() == 1;
    }

    private @Nullable Update scaled(Expr start, double sign, List<Expr> multiplied, boolean after) {
        Expr node = start;
        double alpha = sign;
        List<Expr> factors = new ArrayList<>();
        while (true) {
            if (!isOnlyHere(node) || absorbed.contains(node)) {
                return null;
            }
            switch (node.op()) {
                case Op.Einsum e -> {
                    return EinsumPlan.storesInOrder(e) ? sides(node, e, alpha, factors, multiplied, after) : null;
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

    /** The update with every factor of the variable, or of the sum, at the rows or at the columns of the product, or null. */
    private static @Nullable Update sides(
            Expr product, Op.Einsum e, double alpha, List<Expr> factors, List<Expr> multiplied, boolean after) {
        List<Expr> rows = new ArrayList<>();
        List<Expr> columns = new ArrayList<>();
        for (Expr factor : multiplied) {
            Set<Character> letters = new HashSet<>();
            ((Op.Broadcast) factor.op()).axes().forEach(a -> letters.add(e.out().charAt(a)));
            if (letters.stream().allMatch(c -> e.right().indexOf(c) < 0)) {
                rows.add(factor);
            } else if (letters.stream().allMatch(c -> e.left().indexOf(c) < 0)) {
                columns.add(factor);
            } else {
                return null;
            }
        }
        boolean batched = e.out()
                .chars()
                .anyMatch(c -> e.left().indexOf(c) >= 0 && e.right().indexOf(c) >= 0);
        return batched && !multiplied.isEmpty() ? null : new Update(product, alpha, factors, rows, columns, after);
    }

    /** One number repeated. */
    private static boolean isScalar(Expr node) {
        return node.op() instanceof Op.Broadcast && node.operand(0).shape().rank() == 0;
    }
}
