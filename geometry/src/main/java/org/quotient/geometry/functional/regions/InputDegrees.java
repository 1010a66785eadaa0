package org.quotient.geometry.functional.regions;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/** Whether a masked network is affine in its input once the masks are fixed. */
final class InputDegrees {
    private InputDegrees() {}

    /**
     * Refuses other networks.
     *
     * @throws IllegalArgumentException naming the operation that multiplies or divides by something that depends on the input
     */
    static void requireLinear(MaskedNetwork masked) {
        List<Expr> targets = new ArrayList<>();
        masked.kinks().stream().map(Kink::argument).forEach(targets::add);
        masked.heads().stream().map(Head::value).forEach(targets::add);
        IdentityHashMap<Expr, Integer> degrees = new IdentityHashMap<>();
        for (Expr node : Graph.topological(targets)) {
            int sum = 0;
            int largest = 0;
            for (Expr operand : node.operands()) {
                int d = degrees.getOrDefault(operand, 0);
                sum += d;
                largest = Math.max(largest, d);
            }
            boolean product = node.op() instanceof Op.Contraction
                    || (node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL);
            boolean divides = node.op() instanceof Op.Binary b
                    && b.kind() == Op.BinaryKind.DIV
                    && degrees.getOrDefault(node.operand(1), 0) > 0;
            int degree = masked.inputs().contains(node) ? 1 : product ? sum : largest;
            if (degree > 1 || divides) {
                throw new IllegalArgumentException(
                        "Regions are enumerated for networks that are piecewise linear in the" + " input; "
                                + node.describe() + " multiplies or divides values that depend on it");
            }
            degrees.put(node, degree);
        }
    }
}
