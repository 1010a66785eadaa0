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
            case Op.Custom c -> custom(node, c);
            case Op.Binary b -> "a power with a varying exponent is not positively homogeneous";
            default -> Names.of(node.op()) + " is not positively homogeneous";
        };
    }

    private static String custom(Expr node, Op.Custom c) {
        boolean silent = false;
        for (int i = 0; i < node.operands().size(); i++) {
            silent |= c.definition().elementwiseDegree(i).isEmpty();
        }
        String name = "'" + c.definition().name() + "' ";
        return name
                + (silent
                        ? "states no degree of homogeneity"
                        : "states a degree of homogeneity that random numbers refute");
    }
}
