package org.quotient.geometry.functional.pattern;

import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;

/**
 * Double precision with running error bounds (Wilkinson 1963; Higham 2002, chapter 3) on the nodes of a masked network: middles by
 * the ordinary kernels, radii by the same kernels on absolute values. The bound for a sum of k products holds for any order of
 * summation and with or without fused multiplication.
 *
 * <p>With u = 2^−53: |fl(Σ xy) − Σ xy| ≤ γ_k Σ|x||y| + k η for γ_k = ku/(1 − ku) and η the smallest positive double (underflow).
 * Radii are themselves computed in floating point, with relative error at most (k + 6)u, and inflated by (k + 8)·2^−52 for that.
 */
final class BallArithmetic {
    private static final Numbers REAL = new Numbers.Real(DType.F64);

    private BallArithmetic() {}

    static Ball apply(Expr node, List<Ball> operands, int batch) {
        return switch (node.op()) {
            case Op.Constant c -> Ball.constant(c.value());
            case Op.Unary u
            when u.kind() == Op.UnaryKind.NEG -> {
                Ball x = operands.get(0);
                yield new Ball(value(node, List.of(x.middle()), batch), x.radius(), x.nonzero());
            }
            case Op.Binary b -> binary(b.kind(), operands.get(0), operands.get(1), node);
            case Op.Reduce r
            when r.kind() == Op.ReduceKind.SUM ->
                linear(node, operands, batch, Math.max(1, ratio(operands.get(0).middle(), node, batch)));
            case Op.Einsum e -> einsum(node, e, operands.get(0), operands.get(1), batch);
            case Op.Scatter s -> linear(node, operands, batch, s.indices().size());
            case Op.Move m -> linear(node, operands, batch, 0);
            default -> throw new IllegalStateException("Not in a masked graph: " + node.describe());
        };
    }

    private static Tensor value(Expr node, List<Tensor> operands, int batch) {
        return Evaluator.apply(node, operands, batch, REAL);
    }

    private static int ratio(Tensor x, Expr node, int batch) {
        int out = node.shape().bind(batch).elements();
        return out == 0 ? 1 : x.size() / out;
    }

    /** Sums of k terms; a move if k is 0. */
    private static Ball linear(Expr node, List<Ball> operands, int batch, int k) {
        Tensor middle = value(node, operands.stream().map(Ball::middle).toList(), batch);
        Tensor radius = value(node, operands.stream().map(Ball::radius).toList(), batch);
        Tensor nonzero = value(node, operands.stream().map(Ball::nonzero).toList(), batch);
        if (k > 0) {
            List<Tensor> sizes = operands.stream().map(x -> abs(x.middle())).toList();
            double[] total = value(node, sizes, batch).data();
            double[] r = radius.data();
            double g = gamma(k);
            for (int i = 0; i < r.length; i++) {
                r[i] = (r[i] + g * total[i]) * (1 + g);
            }
        }
        flags(nonzero.data());
        return new Ball(middle, radius, nonzero);
    }

    private static double gamma(int k) {
        return (k + 8) * 0x1p-52;
    }

    private static void flags(double[] counts) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = counts[i] == 0 ? 0 : 1;
        }
    }

    private static Tensor abs(Tensor x) {
        double[] out = new double[x.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.abs(x.get(i));
        }
        return Tensor.of(x.shape(), out);
    }

    private static Ball einsum(Expr node, Op.Einsum op, Ball x, Ball y, int batch) {
        int k = 1;
        for (int i = 0; i < op.left().length(); i++) {
            if (op.out().indexOf(op.left().charAt(i)) < 0) {
                k = Math.multiplyExact(k, x.shape().size(i));
            }
        }
        double g = gamma(k);
        Tensor middle = value(node, List.of(x.middle(), y.middle()), batch);
        Tensor nonzero = value(node, List.of(x.nonzero(), y.nonzero()), batch);
        flags(nonzero.data());
        Tensor radius = value(node, List.of(abs(x.middle()), reach(y, g, g)), batch);
        double[] r = radius.data();
        boolean rounded = false;
        for (double d : x.radius().data()) {
            rounded |= d != 0;
        }
        if (rounded) {
            double[] more =
                    value(node, List.of(x.radius(), reach(y, 1, 1)), batch).data();
            for (int i = 0; i < r.length; i++) {
                r[i] += more[i];
            }
        }
        for (int i = 0; i < r.length; i++) {
            r[i] = r[i] * (1 + g) + nonzero.get(i) * (2 * k + 8) * Double.MIN_VALUE;
        }
        return new Ball(middle, radius, nonzero);
    }

    /** factor·|y| + radius, rounded up. */
    private static Tensor reach(Ball y, double factor, double inflation) {
        double[] out = new double[y.middle().size()];
        double up = inflation == 1 ? 1 + 0x1p-50 : 1 + inflation;
        for (int i = 0; i < out.length; i++) {
            out[i] = (factor * Math.abs(y.middle().get(i)) + y.radius().get(i)) * up;
        }
        return Tensor.of(y.shape(), out);
    }

    private static Ball binary(Op.BinaryKind kind, Ball x, Ball y, Expr node) {
        int n = x.middle().size();
        double[] middle = new double[n];
        double[] radius = new double[n];
        double[] nonzero = new double[n];
        for (int i = 0; i < n; i++) {
            double a = x.middle().get(i);
            double b = y.middle().get(i);
            double ra = x.radius().get(i);
            double rb = y.radius().get(i);
            double either = Math.max(x.nonzero().get(i), y.nonzero().get(i));
            double both = x.nonzero().get(i) * y.nonzero().get(i);
            double error = 0;
            switch (kind) {
                case ADD -> {
                    middle[i] = a + b;
                    error = ra + rb;
                    nonzero[i] = either;
                }
                case SUB -> {
                    middle[i] = a - b;
                    error = ra + rb;
                    nonzero[i] = either;
                }
                case MUL -> {
                    middle[i] = a * b;
                    error = Math.abs(a) * rb + ra * (Math.abs(b) + rb) + 8 * both * Double.MIN_VALUE;
                    nonzero[i] = both;
                }
                case DIV -> {
                    middle[i] = a / b;
                    double least = Math.nextDown(Math.abs(b) - rb);
                    error = least > 0
                            ? (ra + Math.abs(middle[i]) * (1 + 0x1p-50) * rb) / least + 8 * Double.MIN_VALUE
                            : Double.POSITIVE_INFINITY;
                    nonzero[i] = x.nonzero().get(i);
                }
                case POW, MAX, PRELU -> throw new IllegalStateException("Not in a masked graph: " + node.describe());
            }
            radius[i] = nonzero[i] == 0 ? 0 : (error + Math.abs(middle[i]) * 0x1p-52) * (1 + 0x1p-49);
        }
        return new Ball(Tensor.of(x.shape(), middle), Tensor.of(x.shape(), radius), Tensor.of(x.shape(), nonzero));
    }
}
