package org.quotient.autodiff.rewrite;

import java.util.Optional;
import java.util.function.Function;
import org.quotient.autodiff.Expr;

/**
 * A local rewriting of expressions.
 *
 * @param name a short name, unique within a list of rules
 * @param statement the equation in words or symbols, with the condition under which it holds
 * @param rewrite from a node to its replacement of the same shape and dtype; empty where the rule does not apply
 */
public record Rule(String name, String statement, Function<Expr, Optional<Expr>> rewrite) {

    /**
     * The replacement of a node.
     *
     * @throws IllegalStateException if the replacement has another shape or dtype, which is a mistake in the rule
     */
    public Optional<Expr> apply(Expr node) {
        Optional<Expr> result = rewrite.apply(node);
        result.ifPresent(fresh -> {
            if (!fresh.shape().equals(node.shape()) || fresh.dtype() != node.dtype()) {
                throw new IllegalStateException("The rule '" + name + "' turns " + node.describe() + " of "
                        + node.dtype() + " into " + fresh.describe() + " of " + fresh.dtype());
            }
        });
        return result;
    }
}
