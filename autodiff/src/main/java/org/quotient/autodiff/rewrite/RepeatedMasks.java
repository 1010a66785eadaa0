package org.quotient.autodiff.rewrite;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * Drops a mask of 0 and 1 where the result is masked by it again: {@code m∘(a + b∘m) = m∘(a + b)}, through sums, products,
 * numerators and signs. It is an equation in every field; in floating point it assumes that what is masked is finite,
 * and the sign of a zero may change. The dense
 * part of a masked update is then free of the mask, and only the last one, which says which elements are kept, remains.
 *
 * <p>It is a pass, not a {@link Rule}: it may be made only where nobody else needs what is masked.
 */
public final class RepeatedMasks {
    private final Map<Expr, List<Expr>> users;
    private final Set<Expr> roots = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Expr> used = Collections.newSetFromMap(new IdentityHashMap<>());

    private RepeatedMasks(List<Expr> outputs) {
        this.users = Graph.users(Graph.topological(outputs));
        this.roots.addAll(outputs);
    }

    /**
     * Expressions without repeated masks.
     *
     * @param outputs any expressions
     * @return as many, of the same shapes, dtypes and values
     */
    public static List<Expr> apply(List<Expr> outputs) {
        RepeatedMasks pass = new RepeatedMasks(outputs);
        return Graph.map(outputs, pass::rewritten);
    }

    private Expr rewritten(Expr node, List<Expr> operands) {
        Expr result = node.withOperands(operands);
        if (isProduct(node)) {
            for (int i = 0; i < 2; i++) {
                if (isMask(operands.get(i))) {
                    Expr bare = without(operands.get(1 - i), operands.get(i));
                    result = bare == operands.get(1 - i) ? result : bare.times(operands.get(i));
                    break;
                }
            }
        }
        if (!roots.contains(node) && users.getOrDefault(node, List.of()).size() == 1) {
            used.add(result);
        }
        return result;
    }

    private static boolean isProduct(Expr node) {
        return node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
    }

    private static boolean isMask(Expr node) {
        return node.op() instanceof Op.Constant c
                && c.value().size() > 1
                && Arrays.stream(c.value().data()).allMatch(m -> m == 0 || m == 1);
    }

    /** The same where the mask is 1, anything where it is 0. */
    private Expr without(Expr x, Expr mask) {
        if (!used.contains(x)) {
            return x;
        }
        if (isProduct(x) && (x.operand(0) == mask || x.operand(1) == mask)) {
            return without(x.operand(x.operand(0) == mask ? 1 : 0), mask);
        }
        boolean both = x.op() instanceof Op.Binary b
                && (b.kind() == Op.BinaryKind.ADD || b.kind() == Op.BinaryKind.SUB || b.kind() == Op.BinaryKind.MUL);
        boolean first = both
                || (x.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.DIV)
                || (x.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.NEG);
        if (!first) {
            return x;
        }
        Expr left = without(x.operand(0), mask);
        List<Expr> operands = x.operands().size() == 1
                ? List.of(left)
                : List.of(left, both ? without(x.operand(1), mask) : x.operand(1));
        Expr result = x.withOperands(operands);
        used.add(result);
        return result;
    }
}
