package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;

/**
 * Evaluation of sums of products far beyond the range of double precision: every tensor carries an exponent of its own, so that
 * its largest number is near 1. Scaling is by powers of two and exact; only what is 10^300 times smaller than the largest number
 * of its tensor is lost.
 */
final class WideRange {
    private static final Numbers REAL = new Numbers.Real(DType.F64);

    private WideRange() {}

    /**
     * A tensor times a power of two.
     *
     * @param value with largest absolute value in [1, 2), or all zero
     * @param exponent of the power
     */
    record Scaled(Tensor value, long exponent) {
        static Scaled of(Tensor value, long exponent) {
            double most = value.maxAbs();
            if (Double.isNaN(most) || Double.isInfinite(most)) {
                throw new IllegalArgumentException("A path norm needs finite numbers; found " + most);
            }
            if (most == 0) {
                return new Scaled(value, 0);
            }
            int shift = Math.getExponent(most);
            return new Scaled(shifted(value, -shift), exponent + shift);
        }

        /** The natural logarithm of the absolute value of an element; −∞ for zero. */
        double log(int i) {
            return Math.log(Math.abs(value.get(i))) + exponent * Math.log(2);
        }

        private static Tensor shifted(Tensor value, long by) {
            int shift = (int) Math.clamp(by, -4_000, 4_000);
            return Tensor.fill(value.shape(), DType.F64, i -> Math.scalb(value.get(i), shift));
        }

        Tensor at(long common) {
            return shifted(value, exponent - common);
        }
    }

    /**
     * Evaluates graphs of sums, products, linear maps and quotients, for one sample.
     *
     * @throws IllegalStateException on any other operation
     */
    static List<Scaled> evaluate(List<Expr> outputs, Map<String, Tensor> values) {
        Map<Expr, Scaled> known = new IdentityHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            List<Scaled> operands = new ArrayList<>();
            for (Expr operand : node.operands()) {
                operands.add(get(known, operand));
            }
            known.put(node, evaluate(node, operands, values));
        }
        return outputs.stream().map(o -> get(known, o)).toList();
    }

    private static Scaled get(Map<Expr, Scaled> known, Expr node) {
        Scaled found = known.get(node);
        if (found == null) {
            throw new IllegalStateException("Not evaluated: " + node.describe());
        }
        return found;
    }

    private static Scaled evaluate(Expr node, List<Scaled> operands, Map<String, Tensor> values) {
        return switch (node.op()) {
            case Op.Variable v -> {
                Tensor given = values.get(v.name());
                if (given == null) {
                    throw new IllegalStateException("No value for '" + v.name() + "'");
                }
                yield Scaled.of(given, 0);
            }
            case Op.Leaf leaf -> Scaled.of(Evaluator.apply(node, List.of(), 1, REAL), 0);
            case Op.Contraction c -> product(node, operands);
            case Op.Binary b -> binary(b.kind(), node, operands);
            case Op.Concat c -> aligned(node, operands);
            case Op.Move m -> linear(node, operands.get(0));
            case Op.Reduce r when r.kind() == Op.ReduceKind.SUM -> linear(node, operands.get(0));
            case Op.Pool p
            when p.kind() == Op.PoolKind.SUM || p.kind() == Op.PoolKind.SUM_ADJOINT -> linear(node, operands.get(0));
            default -> throw new IllegalStateException("No operation of a path sum: " + node.describe());
        };
    }

    private static Scaled binary(Op.BinaryKind kind, Expr node, List<Scaled> operands) {
        return switch (kind) {
            case ADD, SUB -> aligned(node, operands);
            case MUL -> product(node, operands);
            case DIV ->
                Scaled.of(
                        apply(
                                node,
                                List.of(operands.get(0).value(), operands.get(1).value())),
                        operands.get(0).exponent() - operands.get(1).exponent());
            case POW, MAX, PRELU -> throw new IllegalStateException("No operation of a path sum: " + node.describe());
        };
    }

    private static Scaled product(Expr node, List<Scaled> operands) {
        return Scaled.of(
                apply(node, List.of(operands.get(0).value(), operands.get(1).value())),
                operands.get(0).exponent() + operands.get(1).exponent());
    }

    private static Scaled linear(Expr node, Scaled x) {
        return Scaled.of(apply(node, List.of(x.value())), x.exponent());
    }

    private static Scaled aligned(Expr node, List<Scaled> operands) {
        long common = Long.MIN_VALUE;
        for (Scaled operand : operands) {
            if (operand.value().maxAbs() > 0) {
                common = Math.max(common, operand.exponent());
            }
        }
        long to = common == Long.MIN_VALUE ? 0 : common;
        return Scaled.of(apply(node, operands.stream().map(o -> o.at(to)).toList()), to);
    }

    private static Tensor apply(Expr node, List<Tensor> operands) {
        return Evaluator.apply(node, operands, 1, REAL);
    }
}
