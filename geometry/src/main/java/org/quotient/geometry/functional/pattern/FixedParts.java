package org.quotient.geometry.functional.pattern;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * A network as a function of its inputs and parameters alone, in double precision: buffers and all that depends only on them
 * become constants, and normalisation with fixed statistics becomes the affine map (x − mean)·(variance + ε)^(−1/2) that it is.
 *
 * <p>The rescaling group of this network, not of the one with buffers, belongs to the function of the parameters: where a
 * rescaling would have to carry buffers along, it does not leave that function as it is.
 */
public final class FixedParts {
    private final Weights weights;
    private final Map<Expr, Boolean> fixed = new IdentityHashMap<>();

    private FixedParts(Weights weights) {
        this.weights = weights;
    }

    /**
     * The network with its buffers written in.
     *
     * @param network the network
     * @param weights of which the buffers are read
     */
    public static Network fold(Network network, Weights weights) {
        FixedParts pass = new FixedParts(weights);
        List<Expr> all = new java.util.ArrayList<>(network.outputs());
        all.addAll(network.inputs());
        all.addAll(network.parameters());
        List<Expr> images = Graph.map(all, pass::replace);
        int outputs = network.outputs().size();
        int inputs = outputs + network.inputs().size();
        return new Network(
                network.name(),
                images.subList(outputs, inputs),
                images.subList(inputs, images.size()),
                List.of(),
                images.subList(0, outputs));
    }

    private boolean isFixed(Expr node) {
        Boolean known = fixed.get(node);
        if (known == null) {
            known = node.op() instanceof Op.Variable v
                    ? v.role() == Op.Role.BUFFER
                    : node.operands().stream().allMatch(this::isFixed);
            fixed.put(node, known);
        }
        return known;
    }

    private Expr replace(Expr node, List<Expr> operands) {
        if (node.op() instanceof Op.Variable v) {
            return v.role() == Op.Role.BUFFER
                    ? Expr.constant(weights.get(v.name()).cast(DType.F64))
                    : Expr.of(new Op.Variable(v.name(), v.role(), v.shape(), DType.F64), List.of());
        }
        if (node.op() instanceof Op.Constant c) {
            return Expr.constant(c.value().cast(DType.F64));
        }
        if (node.op() instanceof Op.BatchSize) {
            return Expr.of(new Op.BatchSize(DType.F64));
        }
        if (isFixed(node) && !node.shape().isSymbolic() && operands.stream().allMatch(FixedParts::isConstant)) {
            List<Tensor> values = operands.stream().map(FixedParts::constant).toList();
            return Expr.constant(Evaluator.apply(node, values, 0, new Numbers.Real(DType.F64)));
        }
        if (node.op() instanceof Op.StandardiseWith s
                && operands.stream().skip(1).allMatch(FixedParts::isConstant)) {
            return labelled(node, standardise(node.shape(), s, operands));
        }
        if (isFixed(node) && node.op() instanceof Op.Unary && operands.get(0).op() instanceof Op.Broadcast b) {
            // A function of a repeated number is a repeated number.
            Expr inner = Expr.of(node.op(), operands.get(0).operand(0));
            return isConstant(operands.get(0).operand(0))
                    ? Expr.of(b, Expr.constant(Evaluator.evaluate(inner, Map.of())))
                    : node.withOperands(operands);
        }
        return node.withOperands(operands);
    }

    private static boolean isConstant(Expr node) {
        return node.op() instanceof Op.Constant;
    }

    private static Tensor constant(Expr node) {
        if (node.op() instanceof Op.Constant c) {
            return c.value();
        }
        throw new IllegalStateException("Not a constant: " + node.describe());
    }

    private static Expr labelled(Expr old, Expr fresh) {
        return old.label().isEmpty() ? fresh : fresh.named(old.label());
    }

    private static Expr standardise(Shape shape, Op.StandardiseWith op, List<Expr> operands) {
        List<Integer> kept = IntStream.range(0, shape.rank())
                .filter(i -> !op.axes().contains(i))
                .boxed()
                .toList();
        Op repeat = new Op.Broadcast(shape, kept);
        double[] variance = constant(operands.get(2)).data();
        double[] inverse = new double[variance.length];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = 1 / Math.sqrt(variance[i] + op.epsilon());
        }
        Expr scale = Expr.constant(Tensor.of(operands.get(2).shape(), inverse));
        Expr centred = Ops.sub(operands.get(0), Expr.of(repeat, operands.get(1)));
        return Ops.mul(centred, Expr.of(repeat, scale));
    }
}
