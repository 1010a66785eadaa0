package org.quotient.geometry.functional.bounds;

import java.util.IdentityHashMap;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Degrees of masked networks as polynomials in parameters, inputs and masks together. If anything is divided by a variable, values
 * are fractions whose degree is the larger one of numerator and denominator: then sums over common denominators add degrees.
 */
final class Degrees {
    private Degrees() {}

    /** A bound of the degree of the entries of the Jacobian. */
    static double ofJacobian(MaskedNetwork masked) {
        IdentityHashMap<Expr, Double> degrees = new IdentityHashMap<>();
        double most = 1;
        List<Expr> order =
                Graph.topological(masked.heads().stream().map(Head::value).toList());
        boolean quotients = order.stream().anyMatch(Degrees::dividesByVariable);
        for (Expr node : order) {
            double sum = 0;
            double largest = 0;
            for (Expr operand : node.operands()) {
                double d = degrees.getOrDefault(operand, 0.0);
                sum += d;
                largest = Math.max(largest, d);
            }
            boolean product = node.op() instanceof Op.Contraction
                    || (node.op() instanceof Op.Binary b
                            && (b.kind() == Op.BinaryKind.MUL || b.kind() == Op.BinaryKind.DIV));
            double degree = node.op() instanceof Op.Variable ? 1 : product ? sum : largest;
            if (quotients && !(node.op() instanceof Op.Variable)) {
                degree = sum * Math.max(1, terms(node));
            }
            degrees.put(node, degree);
            most = Math.max(most, degree);
        }
        return quotients ? 2 * most : most;
    }

    private static boolean dividesByVariable(Expr node) {
        return node.op() instanceof Op.Binary b
                && b.kind() == Op.BinaryKind.DIV
                && Graph.topological(List.of(node.operand(1))).stream().anyMatch(x -> x.op() instanceof Op.Variable);
    }

    /** How many terms a sum may have. */
    private static double terms(Expr node) {
        return switch (node.op()) {
            case Op.Reduce r -> ratio(node.operand(0), node);
            case Op.Einsum e ->
                node.operand(0).shape().bind(1).elements()
                        * (double) node.operand(1).shape().bind(1).elements();
            case Op.Scatter s -> s.indices().size();
            default -> 1;
        };
    }

    private static double ratio(Expr x, Expr node) {
        return (double) x.shape().bind(1).elements()
                / Math.max(1, node.shape().bind(1).elements());
    }
}
