package org.quotient.autodiff.rewrite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** Evaluation of what is constant, where the result is small. */
final class Folding {
    /** The largest number of elements of a folded constant. */
    static final int LIMIT = 4096;

    private Folding() {}

    static Rule rule() {
        return new Rule(
                "constant folding",
                "an operation on constants is a constant (of at most " + LIMIT
                        + " elements), rounded as the operation rounds",
                Folding::fold);
    }

    private static Optional<Expr> fold(Expr node) {
        boolean closed = !node.operands().isEmpty()
                && node.operands().stream().allMatch(Folding::isConstant)
                && !node.shape().isSymbolic();
        // A broadcast constant is kept: it says more in fewer numbers. Operations from outside are left alone.
        boolean foldable = closed && !(node.op() instanceof Op.Broadcast) && !(node.op() instanceof Op.Custom);
        if (!foldable || node.shape().elements() > LIMIT) {
            return Optional.empty();
        }
        return Optional.of(
                Expr.constant(Evaluator.evaluate(List.of(node), Map.of()).get(0)));
    }

    private static boolean isConstant(Expr node) {
        Expr core = node.op() instanceof Op.Broadcast ? node.operand(0) : node;
        return core.op() instanceof Op.Constant
                && !node.shape().isSymbolic()
                && node.shape().elements() <= 16 * LIMIT;
    }
}
