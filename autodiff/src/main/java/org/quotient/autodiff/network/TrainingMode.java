package org.quotient.autodiff.network;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/** From a network as it runs at inference to the network as it runs in training. */
public final class TrainingMode {
    private TrainingMode() {}

    /**
     * The network in which batch normalisation uses the statistics of the batch (Ioffe and Szegedy 2015) wherever it used a
     * running mean and variance that are buffers. Inputs, parameters and buffers stay; the buffers lose their use.
     *
     * @param network any
     * @return the same object graph where nothing changes
     */
    public static Network of(Network network) {
        return network.withOutputs(Graph.map(network.outputs(), (node, operands) -> {
            Expr same = node.withOperands(operands);
            if (node.op() instanceof Op.StandardiseWith s && isBuffer(node.operand(1)) && isBuffer(node.operand(2))) {
                return Expr.of(new Op.Standardise(s.axes(), s.epsilon()), operands.get(0))
                        .named(node.label());
            }
            return same;
        }));
    }

    private static boolean isBuffer(Expr node) {
        return node.op() instanceof Op.Variable v && v.role() == Op.Role.BUFFER;
    }
}
