package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/**
 * An output of a masked network, without a last operation that is not polynomial, and the directions in which it is
 * differentiated. The rows of the Jacobian of g∘z span the same space as those of the directions of z:
 *
 * <ul>
 *   <li>a strictly monotone function of each number multiplies each row by a number that is not 0;
 *   <li>softmax: ∂s = (diag s − s sᵀ) ∂z, whose matrix is symmetric with kernel R·1 as s &gt; 0, so its image is the space of
 *       differences e_i − e_last;
 *   <li>log-softmax: ∂ = (I − 1 sᵀ) ∂z, whose rows e_i − s span the same differences.
 * </ul>
 *
 * @param name of the output, for reports
 * @param value of shape [N, ...]
 * @param directions each a signed sum of elements of one sample
 */
public record Head(String name, Expr value, List<Direction> directions) {

    /**
     * One row per sample: element {@code plus}, minus element {@code minus} if that is not negative; row-major within a sample.
     *
     * @param plus an element
     * @param minus another one, or −1
     */
    public record Direction(int plus, int minus) {}

    /** An output as it is. */
    static Head plain(String name, Expr value) {
        return along(name, value, -1);
    }

    /** An output of which only differences along an axis count; no axis if negative. */
    static Head along(String name, Expr value, int axis) {
        Shape sample = value.shape().without(List.of(0));
        int inner = 1;
        for (int i = sample.rank() - 1; i >= axis && axis > 0; i--) {
            inner *= i == axis - 1 ? 1 : sample.size(i);
        }
        int size = axis > 0 ? sample.size(axis - 1) : 1;
        List<Direction> directions = new ArrayList<>();
        for (int e = 0; e < sample.elements(); e++) {
            int index = axis > 0 ? e / inner % size : 0;
            if (axis <= 0) {
                directions.add(new Direction(e, -1));
            } else if (index < size - 1) {
                directions.add(new Direction(e, e + (size - 1 - index) * inner));
            }
        }
        return new Head(name, value, List.copyOf(directions));
    }

    /** The logits under a log-softmax written as s − log Σ e^s, or the node itself. */
    static boolean isLogSoftmax(Expr node) {
        if (!(node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.SUB)) {
            return false;
        }
        Expr repeated = node.operand(1);
        if (!(repeated.op() instanceof Op.Broadcast)) {
            return false;
        }
        Expr log = repeated.operand(0);
        if (!(log.op() instanceof Op.Unary l && l.kind() == Op.UnaryKind.LOG)) {
            return false;
        }
        Expr sum = log.operand(0);
        if (!(sum.op() instanceof Op.Reduce r
                && r.kind() == Op.ReduceKind.SUM
                && r.axes().size() == 1)) {
            return false;
        }
        Expr exp = sum.operand(0);
        return exp.op() instanceof Op.Unary e && e.kind() == Op.UnaryKind.EXP && exp.operand(0) == node.operand(0);
    }

    /** The axis of a log-softmax. */
    static int logSoftmaxAxis(Expr node) {
        Expr sum = node.operand(1).operand(0).operand(0);
        return ((Op.Reduce) sum.op()).axes().get(0);
    }
}
