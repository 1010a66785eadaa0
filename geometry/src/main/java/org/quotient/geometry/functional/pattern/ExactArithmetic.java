package org.quotient.geometry.functional.pattern;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Rational arithmetic on the nodes of a masked network, one sample at a time. Moves are found by moving the numbers 1, 2, 3, ...
 * of the elements with the ordinary kernels.
 */
public final class ExactArithmetic {
    private ExactArithmetic() {}

    /**
     * The value of a node.
     *
     * @param node an operation of a masked graph
     * @param operands the values of its operands
     */
    public static ExactValues apply(Expr node, List<ExactValues> operands) {
        Shape shape = node.shape().bind(1);
        return switch (node.op()) {
            case Op.Constant c -> ExactValues.constant(shape, c.value());
            case Op.Unary u when u.kind() == Op.UnaryKind.NEG -> negative(operands.get(0));
            case Op.Binary b -> binary(node, b.kind(), operands.get(0), operands.get(1));
            case Op.Reduce r when r.kind() == Op.ReduceKind.SUM -> sum(r, operands.get(0), shape);
            case Op.Einsum e -> new ExactEinsum(e, operands.get(0), operands.get(1)).into(ExactValues.zeros(shape));
            case Op.Scatter s -> scatter(s, operands.get(0), shape);
            case Op.Move m -> move(node, operands, shape);
            default -> throw new IllegalStateException("Not in a masked graph: " + node.describe());
        };
    }

    private static ExactValues negative(ExactValues x) {
        BigFraction[] out = new BigFraction[x.numbers().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x.numbers()[i].negate();
        }
        return new ExactValues(x.shape(), out, x.nonzero());
    }

    private static ExactValues binary(Expr node, Op.BinaryKind kind, ExactValues x, ExactValues y) {
        BigFraction[] out = new BigFraction[x.numbers().length];
        boolean[] nonzero = new boolean[out.length];
        for (int i = 0; i < out.length; i++) {
            BigFraction a = x.numbers()[i];
            BigFraction b = y.numbers()[i];
            boolean either = x.nonzero()[i] || y.nonzero()[i];
            boolean both = x.nonzero()[i] && y.nonzero()[i];
            switch (kind) {
                case ADD -> {
                    out[i] = a.add(b);
                    nonzero[i] = either;
                }
                case SUB -> {
                    out[i] = a.subtract(b);
                    nonzero[i] = either;
                }
                case MUL -> {
                    out[i] = a.multiply(b);
                    nonzero[i] = both;
                }
                case DIV -> {
                    if (y.sign(i) == 0) {
                        throw new IllegalArgumentException("Element " + i + " of " + node.describe()
                                + " divides by 0 at one of the points; leave that point out");
                    }
                    out[i] = a.divide(b);
                    nonzero[i] = x.nonzero()[i];
                }
                case POW, MAX, PRELU ->
                    throw new IllegalStateException("Not in a masked graph: " + Names.of(node.op()));
            }
        }
        return new ExactValues(x.shape(), out, nonzero);
    }

    private static ExactValues sum(Op.Reduce op, ExactValues x, Shape shape) {
        ExactValues out = ExactValues.zeros(shape);
        int[] group = Groups.of(x.shape(), op.axes());
        for (int i = 0; i < group.length; i++) {
            out.add(group[i], x.numbers()[i], x.nonzero()[i]);
        }
        return out;
    }

    private static ExactValues scatter(Op.Scatter op, ExactValues x, Shape shape) {
        // Its adjoint, a gather, says for each element where it goes.
        Expr places = Expr.constant(Tensor.fill(shape, DType.F64, i -> i));
        Tensor to = Evaluator.evaluate(Expr.of(new Op.Gather(op.axis(), op.indices()), places), java.util.Map.of());
        ExactValues out = ExactValues.zeros(shape);
        for (int i = 0; i < to.size(); i++) {
            out.add((int) to.get(i), x.numbers()[i], x.nonzero()[i]);
        }
        return out;
    }

    private static ExactValues move(Expr node, List<ExactValues> operands, Shape shape) {
        int[] start = new int[operands.size()];
        List<Tensor> numbers = new java.util.ArrayList<>();
        int total = 1;
        for (int k = 0; k < start.length; k++) {
            start[k] = total;
            int first = total;
            numbers.add(Tensor.fill(operands.get(k).shape(), DType.F64, i -> first + i));
            total += operands.get(k).numbers().length;
        }
        Tensor from = Evaluator.apply(node, numbers, 1, new Numbers.Real(DType.F64));
        ExactValues out = ExactValues.zeros(shape);
        for (int i = 0; i < from.size(); i++) {
            int source = (int) from.get(i);
            if (source > 0) {
                int k = start.length - 1;
                while (start[k] > source) {
                    k--;
                }
                int at = source - start[k];
                out.add(i, operands.get(k).numbers()[at], operands.get(k).nonzero()[at]);
            }
        }
        return out;
    }
}
