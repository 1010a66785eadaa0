package org.quotient.geometry.functional.pattern;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/** Degrees of the expressions of masked networks as polynomials, or fractions of such, in the nodes that count as variables. */
public final class Degrees {
    private Degrees() {}

    /**
     * A bound of the degree of the entries of the Jacobian in parameters, inputs and masks together. If anything is divided by a
     * variable, values are fractions whose degree is the larger one of numerator and denominator: then sums over common denominators
     * add degrees, and a derivative may have twice the degree.
     *
     * @param masked the network
     * @return at least 1
     */
    public static double ofJacobian(MaskedNetwork masked) {
        List<Expr> order = Graph.topological(masked.values());
        Predicate<Expr> variable = node -> node.op() instanceof Op.Variable;
        Map<Expr, Double> degrees = walk(order, variable, false);
        boolean fractions = order.stream().anyMatch(node -> divides(node, degrees));
        Map<Expr, Double> bounds = fractions ? walk(order, variable, true) : degrees;
        double most = bounds.values().stream().reduce(1.0, Math::max);
        return fractions ? 2 * most : most;
    }

    /**
     * What keeps expressions from being affine.
     *
     * @param targets expressions
     * @param variables in these; all other variables count as constants
     * @return the first operation that multiplies variables or divides by one; nothing if all expressions are affine
     */
    public static Optional<Expr> firstNotAffine(List<Expr> targets, List<Expr> variables) {
        List<Expr> order = Graph.topological(targets);
        Map<Expr, Double> degrees = walk(order, variables::contains, false);
        return order.stream()
                .filter(node -> degrees.getOrDefault(node, 0.0) > 1 || divides(node, degrees))
                .findFirst();
    }

    private static Map<Expr, Double> walk(List<Expr> order, Predicate<Expr> variable, boolean fractions) {
        Map<Expr, Double> degrees = new IdentityHashMap<>();
        for (Expr node : order) {
            double sum = 0;
            double largest = 0;
            for (Expr operand : node.operands()) {
                double degree = degrees.getOrDefault(operand, 0.0);
                sum += degree;
                largest = Math.max(largest, degree);
            }
            double ofOperation = fractions ? sum * Math.max(1, terms(node)) : multiplies(node) ? sum : largest;
            degrees.put(node, variable.test(node) ? 1 : ofOperation);
        }
        return degrees;
    }

    private static boolean multiplies(Expr node) {
        return node.op() instanceof Op.Contraction
                || (node.op() instanceof Op.Binary b
                        && (b.kind() == Op.BinaryKind.MUL || b.kind() == Op.BinaryKind.DIV));
    }

    private static boolean divides(Expr node, Map<Expr, Double> degrees) {
        return node.op() instanceof Op.Binary b
                && b.kind() == Op.BinaryKind.DIV
                && degrees.getOrDefault(node.operand(1), 0.0) > 0;
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
