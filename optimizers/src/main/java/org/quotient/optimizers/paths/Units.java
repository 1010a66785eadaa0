package org.quotient.optimizers.paths;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/** The units of a network: the values that its activations read, then its outputs. */
final class Units {
    private Units() {}

    /**
     * The units in the order of the graph.
     *
     * @param network any
     * @param strict the method that needs homogeneous activations, for the message; empty if only the outputs are asked for
     * @throws IllegalArgumentException naming the operation, if one is not homogeneous
     */
    static List<Expr> of(Network network, String strict) {
        if (strict.isEmpty()) {
            return network.outputs();
        }
        List<Expr> order = Graph.topological(network.outputs());
        Set<Expr> units = Collections.newSetFromMap(new IdentityHashMap<>(order.size()));
        for (Expr node : order) {
            if (cuts(node) && dependsOnData(node)) {
                throw new IllegalArgumentException(strict + " needs homogeneous activations and no normalisation; '"
                        + network.name() + "' has " + node.describe()
                        + " (alpha = 0 does not, nor does alpha = 1 where samples do not influence each other)");
            }
            boolean activation =
                    node.op() instanceof Op.Unary u && (u.kind() == Op.UnaryKind.RELU || u.kind() == Op.UnaryKind.ABS)
                            || node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.PRELU;
            if (activation && node.operand(0).shape().isSymbolic()) {
                units.add(node.operand(0));
            }
        }
        units.addAll(network.outputs());
        return order.stream().filter(units::contains).toList();
    }

    private static boolean dependsOnData(Expr node) {
        return Graph.topological(List.of(node)).stream()
                .anyMatch(e -> e.op() instanceof Op.Variable v && v.role() != Op.Role.BUFFER);
    }

    private static boolean cuts(Expr node) {
        return switch (node.op()) {
            case Op.Unary u ->
                switch (u.kind()) {
                    case NEG, ABS, RELU, DETACH, SQRT -> false;
                    case STEP, EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> true;
                };
            case Op.Normalise n -> true;
            case Op.Custom c -> true;
            default -> false;
        };
    }
}
