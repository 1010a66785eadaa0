package org.quotient.autodiff.network.random;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/**
 * The number of paths of a network, to keep random ones small enough for enumeration: every weight, input and constant
 * becomes 1, maxima become sums, homogeneous activations the identity, and what is not homogeneous begins anew at 1. A
 * product of activations counts pairs of paths.
 */
final class PathBudget {
    private PathBudget() {}

    /** Paths into all outputs and into everything that is not homogeneous. */
    static double paths(Network network) {
        List<Expr> sinks = new ArrayList<>();
        List<Expr> counted = Graph.map(network.outputs(), (node, operands) -> {
            if (cuts(node.op())) {
                sinks.add(operands.get(0));
                return Ops.fullLike(node, 1);
            }
            return counting(node, operands);
        });
        Map<String, Tensor> ones = new HashMap<>();
        for (List<Expr> group : List.of(network.inputs(), network.parameters(), network.buffers())) {
            for (Expr variable : group) {
                ones.put(Network.nameOf(variable), Tensor.fill(variable.shape().bind(1), variable.dtype(), i -> 1));
            }
        }
        List<Expr> all = new ArrayList<>(counted);
        all.addAll(sinks);
        int relevant = all.size();
        all.addAll(network.inputs()); // they bind the batch even if everything is cut off
        double total = 0;
        for (Tensor tensor : Evaluator.evaluate(all, ones).subList(0, relevant)) {
            for (double value : tensor.data()) {
                total += value;
            }
        }
        return total;
    }

    private static boolean cuts(Op op) {
        return switch (op) {
            case Op.Unary u ->
                switch (u.kind()) {
                    case NEG, ABS, RELU, DETACH -> false;
                    case EXP, LOG, SQRT, STEP, TANH, SIGMOID, SOFTPLUS, ERF -> true;
                };
            case Op.Binary b -> b.kind() == Op.BinaryKind.POW;
            case Op.Normalise n -> true;
            default -> false;
        };
    }

    private static Expr counting(Expr node, List<Expr> operands) {
        return switch (node.op()) {
            case Op.Constant c ->
                Expr.constant(Tensor.fill(
                        c.value().shape(), node.dtype(), i -> c.value().get(i) == 0 ? 0 : 1));
            case Op.Unary u -> operands.get(0);
            case Op.Binary b ->
                switch (b.kind()) {
                    case MUL -> node.withOperands(operands);
                    case DIV, PRELU, POW -> operands.get(0);
                    case ADD, SUB, MAX -> operands.get(0).plus(operands.get(1));
                };
            case Op.Reduce r -> Expr.of(new Op.Reduce(Op.ReduceKind.SUM, r.axes()), operands);
            case Op.Pool p -> Ops.sumPool2d(operands.get(0), p.window());
            default -> node.withOperands(operands);
        };
    }
}
