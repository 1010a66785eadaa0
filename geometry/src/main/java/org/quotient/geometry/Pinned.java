package org.quotient.geometry;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;

/**
 * An operation that holds a scale at 0.
 *
 * @param where the operation's label, or its description
 * @param why the reason, in a few words
 */
public record Pinned(String where, String why) {

    static String reason(Expr node) {
        return switch (node.op()) {
            case Op.Softmax s -> "softmax is not positively homogeneous";
            case Op.Custom c -> "'" + c.definition().name() + "' states no homogeneity that random numbers confirm";
            case Op.Binary b -> "a power with a varying exponent is not positively homogeneous";
            default -> Names.of(node.op()) + " is not positively homogeneous";
        };
    }
}
