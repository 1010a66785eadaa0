package org.quotient.autodiff.network.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.quotient.autodiff.Differentiation;
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
 * product of activations counts pairs of paths. The derivative of that number says which nodes lie on a path.
 */
final class PathBudget {
    private final Network network;
    private final Map<Expr, Expr> image = new IdentityHashMap<>();
    private final Expr total;

    private PathBudget(Network network) {
        this.network = network;
        List<Expr> sinks = new ArrayList<>();
        List<Expr> counted = Graph.map(network.outputs(), (node, operands) -> {
            boolean cut = cuts(node.op());
            if (cut) {
                sinks.add(operands.get(0));
            }
            Expr counting = cut ? Ops.fullLike(node, 1) : counting(node, operands);
            image.put(node, counting);
            return counting;
        });
        Expr sum = counted.get(0).sum();
        for (int i = 1; i < counted.size(); i++) {
            sum = sum.plus(counted.get(i).sum());
        }
        for (Expr sink : sinks) {
            sum = sum.plus(sink.sum());
        }
        this.total = sum;
    }

    static PathBudget of(Network network) {
        return new PathBudget(network);
    }

    /** Paths into all outputs and into everything that is not homogeneous. */
    double paths() {
        return evaluate(List.of(total)).get(0).item();
    }

    /** Those of the nodes that lie on a path, with at least one of their elements. */
    Set<Expr> alive(List<Expr> nodes) {
        List<Expr> counts =
                nodes.stream().filter(image::containsKey).map(image::get).toList();
        List<Expr> flows = new ArrayList<>();
        List<Expr> gradients = Differentiation.gradient(total, counts);
        for (int i = 0; i < counts.size(); i++) {
            flows.add(counts.get(i).times(gradients.get(i)).sum());
        }
        List<Tensor> values = evaluate(flows);
        Set<Expr> alive = Collections.newSetFromMap(new IdentityHashMap<>());
        int i = 0;
        for (Expr node : nodes) {
            if (image.containsKey(node) && values.get(i++).item() > 0) {
                alive.add(node);
            }
        }
        return alive;
    }

    private List<Tensor> evaluate(List<Expr> expressions) {
        Map<String, Tensor> ones = new HashMap<>();
        for (List<Expr> group : List.of(network.inputs(), network.parameters(), network.buffers())) {
            for (Expr variable : group) {
                ones.put(Network.nameOf(variable), Tensor.fill(variable.shape().bind(1), variable.dtype(), i -> 1));
            }
        }
        List<Expr> all = new ArrayList<>(expressions);
        all.addAll(network.inputs()); // they bind the batch even if everything is cut off
        return Evaluator.evaluate(all, ones).subList(0, expressions.size());
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
            case Op.Unary u -> same(operands.get(0));
            case Op.Binary b ->
                switch (b.kind()) {
                    case MUL -> node.withOperands(operands);
                    case DIV, PRELU, POW -> same(operands.get(0));
                    case ADD, SUB, MAX -> operands.get(0).plus(operands.get(1));
                };
            case Op.Reduce r -> Expr.of(new Op.Reduce(Op.ReduceKind.SUM, r.axes()), operands);
            case Op.Pool p -> Ops.sumPool2d(operands.get(0), p.window());
            default -> node.withOperands(operands);
        };
    }

    /** A node of its own, so that derivatives tell it from its operand. */
    private static Expr same(Expr x) {
        return Expr.of(
                new Op.Transpose(IntStream.range(0, x.shape().rank()).boxed().toList()), x);
    }
}
