package org.quotient.cli;

import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/**
 * A network with an ε in its normalisations that no other number notices: with their own, scales before them are symmetries up to
 * ε only.
 */
final class ExactSymmetries {
    private ExactSymmetries() {}

    /** The network with such ε. */
    static Network of(Network network) {
        return network.withOutputs(Graph.map(network.outputs(), (node, operands) -> {
            Expr same = node.withOperands(operands);
            double tiny = node.dtype() == DType.F64 ? 0x1p-1000 : 0x1p-120;
            return switch (node.op()) {
                case Op.Standardise s ->
                    Expr.of(new Op.Standardise(s.axes(), tiny), operands).named(node.label());
                case Op.StandardiseWith s ->
                    Expr.of(new Op.StandardiseWith(s.axes(), tiny), operands).named(node.label());
                default -> same;
            };
        }));
    }
}
