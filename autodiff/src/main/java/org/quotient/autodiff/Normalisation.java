package org.quotient.autodiff;

import java.util.List;
import java.util.Optional;

/** Derivatives of the normalising operations, in both modes; the Jacobians of standardise and softmax are symmetric. */
final class Normalisation {
    private Normalisation() {}

    /** The symmetric Jacobian of x̂ = (x − mean)/√(var + ε) applied to v: (v − mean(v) − x̂·mean(x̂ v))/√(var + ε). */
    static Expr standardiseAdjoint(Expr node, Op.Standardise op, Expr v) {
        Expr x = node.operand(0);
        List<Integer> axes = op.axes();
        Expr centred = x.minus(average(x, x, axes));
        Expr deviation = Ops.sqrt(reducedAverage(centred.times(centred), axes).plus(op.epsilon()));
        Expr projected = v.minus(average(v, x, axes)).minus(node.times(average(node.times(v), x, axes)));
        return projected.over(Ops.restore(deviation, x, axes));
    }

    private static Expr reducedAverage(Expr x, List<Integer> axes) {
        return axes.isEmpty()
                ? x
                : Ops.mean(x, axes.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Expr average(Expr x, Expr like, List<Integer> axes) {
        return Ops.restore(reducedAverage(x, axes), like, axes);
    }

    static List<Optional<Expr>> standardiseWithAdjoint(Expr node, Op.StandardiseWith op, Expr g) {
        Expr x = node.operand(0);
        Expr inverse = inverseDeviation(node, op);
        Expr scaled = g.times(Ops.restore(inverse, x, op.axes()));
        Expr total = total(scaled, op.axes());
        Expr centred = x.minus(Ops.restore(node.operand(1), x, op.axes()));
        Expr variance = total(g.times(centred), op.axes())
                .times(inverse.times(inverse).times(inverse))
                .times(-0.5);
        return List.of(Optional.of(scaled), Optional.of(total.neg()), Optional.of(variance));
    }

    static Expr standardiseWithTangent(
            Expr node, Op.StandardiseWith op, Optional<Expr> dx, Optional<Expr> dMean, Optional<Expr> dVariance) {
        Expr x = node.operand(0);
        Expr inverse = Ops.restore(inverseDeviation(node, op), x, op.axes());
        Expr tangent = dx.orElseGet(() -> Ops.fullLike(x, 0));
        if (dMean.isPresent()) {
            tangent = tangent.minus(Ops.restore(dMean.get(), x, op.axes()));
        }
        tangent = tangent.times(inverse);
        if (dVariance.isPresent()) {
            Expr change =
                    Ops.restore(dVariance.get(), x, op.axes()).times(inverse).times(inverse);
            tangent = tangent.minus(node.times(change).times(0.5));
        }
        return tangent;
    }

    private static Expr inverseDeviation(Expr node, Op.StandardiseWith op) {
        Expr deviation = Ops.sqrt(node.operand(2).plus(op.epsilon()));
        return Ops.fullLike(deviation, 1).over(deviation);
    }

    private static Expr total(Expr x, List<Integer> axes) {
        return axes.isEmpty()
                ? x
                : Ops.sum(x, axes.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The symmetric Jacobian of s = softmax(x) applied to v: s·(v − Σ s v). */
    static Expr softmaxAdjoint(Expr node, Op.Softmax op, Expr v) {
        Expr inner = Ops.restore(Ops.sum(node.times(v), op.axis()), node, List.of(op.axis()));
        return node.times(v.minus(inner));
    }
}
