package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/** Hidden units counted as for a multilayer perceptron: the channels of activations that feed a layer with weights. */
final class HiddenUnits {
    private static final int DENSE = 2;
    private static final int IMAGE = 4;

    private final Map<Expr, List<Expr>> consumers = new IdentityHashMap<>();
    private final List<Expr> order;

    private HiddenUnits(Network network) {
        order = Graph.topological(network.outputs());
        for (Expr node : order) {
            node.operands()
                    .forEach(o ->
                            consumers.computeIfAbsent(o, x -> new ArrayList<>()).add(node));
        }
    }

    /** Whether no parameter is used by two operations, seen through rearrangements. */
    static boolean weightsAreUsedOnce(Network network) {
        HiddenUnits graph = new HiddenUnits(network);
        return network.parameters().stream().allMatch(p -> graph.uses(p) <= 1);
    }

    /** The count; empty where an activation is neither a layer of units nor one of image channels. */
    static OptionalLong count(Network network) {
        HiddenUnits graph = new HiddenUnits(network);
        long count = 0;
        for (Expr node : graph.order) {
            if (isActivation(node.op()) && graph.feedsLayer(node)) {
                int rank = node.shape().rank();
                if (rank != DENSE && rank != IMAGE) {
                    return OptionalLong.empty();
                }
                count += node.shape().size(1);
            }
        }
        return OptionalLong.of(count);
    }

    private static boolean isActivation(Op op) {
        return (op instanceof Op.Unary u && u.kind() == Op.UnaryKind.RELU)
                || (op instanceof Op.Binary b && b.kind() == Op.BinaryKind.PRELU);
    }

    private List<Expr> consumers(Expr node) {
        return consumers.getOrDefault(node, List.of());
    }

    private int uses(Expr node) {
        return consumers(node).stream()
                .mapToInt(c -> c.op() instanceof Op.Move ? uses(c) : 1)
                .sum();
    }

    private boolean feedsLayer(Expr node) {
        return consumers(node).stream()
                .anyMatch(c -> c.op() instanceof Op.Contraction
                        || ((c.op() instanceof Op.Move || c.op() instanceof Op.Pool || c.op() instanceof Op.Reduce)
                                && feedsLayer(c)));
    }
}
