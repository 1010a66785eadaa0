package org.quotient.autodiff.rewrite;

import java.util.Optional;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.BinaryKind;
import org.quotient.autodiff.Op.UnaryKind;
import org.quotient.autodiff.Ops;

/** What the rules look for. */
final class Patterns {
    private Patterns() {}

    /** The number that every element is, if the node is such a constant (possibly behind moves that only copy). */
    static OptionalDouble uniform(Expr node) {
        Expr core = node;
        while (core.op() instanceof Op.Broadcast
                || core.op() instanceof Op.Reshape
                || core.op() instanceof Op.Transpose) {
            core = core.operand(0);
        }
        if (!(core.op() instanceof Op.Constant c) || c.value().size() == 0) {
            return OptionalDouble.empty();
        }
        double first = c.value().get(0);
        for (double value : c.value().data()) {
            if (value != first) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(first);
    }

    /** Whether every element is exactly this number. */
    static boolean is(Expr node, double number) {
        OptionalDouble uniform = uniform(node);
        return uniform.isPresent() && uniform.getAsDouble() == number;
    }

    static boolean isUnary(Expr node, UnaryKind kind) {
        return node.op() instanceof Op.Unary u && u.kind() == kind;
    }

    static boolean isBinary(Expr node, BinaryKind kind) {
        return node.op() instanceof Op.Binary b && b.kind() == kind;
    }

    /** The operand of a negation, or empty. */
    static Optional<Expr> negated(Expr node) {
        return isUnary(node, UnaryKind.NEG) ? Optional.of(node.operand(0)) : Optional.empty();
    }

    static Expr full(Expr like, double value) {
        return Ops.fullLike(like, value);
    }
}
