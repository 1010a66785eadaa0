package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Network;

/**
 * A network in training mode, and how its running means and variances follow: r ← 0.9·r + 0.1·(of the batch), with the
 * unbiased variance, as {@code torch.nn.BatchNorm2d} does (Ioffe and Szegedy 2015).
 *
 * @param trained the network with the statistics of the batch
 * @param updates per buffer its new value
 */
record RunningStatistics(Network trained, Map<Expr, Expr> updates) {
    private static final double MOMENTUM = 0.1;

    static RunningStatistics of(Network network) {
        Map<Expr, Expr> updates = new LinkedHashMap<>();
        List<Expr> outputs = Graph.map(network.outputs(), (node, operands) -> {
            if (node.op() instanceof Op.StandardiseWith s && isBuffer(node.operand(1)) && isBuffer(node.operand(2))) {
                Expr x = operands.getFirst();
                int[] axes = s.axes().stream().mapToInt(Integer::intValue).toArray();
                Expr mean = x.mean(axes);
                List<Integer> kept = java.util.stream.IntStream.range(
                                0, x.shape().rank())
                        .filter(i -> !s.axes().contains(i))
                        .boxed()
                        .toList();
                Expr centred = x.minus(Expr.of(new Op.Broadcast(x.shape(), kept), mean));
                Expr count = Ops.count(x, s.axes());
                // A batch of a single number has no unbiased variance; there the biased one, 0, is taken.
                Expr unbiased = centred.times(centred).sum(axes).over(Ops.max(count.plus(-1), Ops.fullLike(count, 1)));
                updates.put(node.operand(1), follow(node.operand(1), mean));
                updates.put(node.operand(2), follow(node.operand(2), unbiased));
                return Expr.of(new Op.Standardise(s.axes(), s.epsilon()), x).named(node.label());
            }
            return node.withOperands(operands);
        });
        return new RunningStatistics(network.withOutputs(outputs), updates);
    }

    private static Expr follow(Expr running, Expr fresh) {
        return running.times(1 - MOMENTUM).plus(fresh.times(MOMENTUM));
    }

    private static boolean isBuffer(Expr node) {
        return node.op() instanceof Op.Variable v && v.role() == Op.Role.BUFFER;
    }
}
