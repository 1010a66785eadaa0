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
     * Evaluates graphs of sums, products, linear maps and quotients, for one sample.
     *
     * @throws IllegalStateException on any other operation
     */
    static List<ScaledTensor> evaluate(List<Expr> outputs, Map<String, ScaledTensor> values) {
        Map<Expr, ScaledTensor> known = new IdentityHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            List<ScaledTensor> operands = new ArrayList<>();
            for (Expr operand : node.operands()) {
                operands.add(get(known, operand));
            }
            known.put(node, evaluate(node, operands, values));
        }
        return outputs.stream().map(o -> get(known, o)).toList();
    }

    private static ScaledTensor get(Map<Expr, ScaledTensor> known, Expr node) {
        ScaledTensor found = known.get(node);
        if (found == null) {
            throw new IllegalStateException("Not evaluated: " + node.describe());
        }
        return found;
    }

    private static ScaledTensor evaluate(Expr node, List<ScaledTensor> operands, Map<String, ScaledTensor> values) {
        return switch (node.op()) {
            case Op.Variable v -> {
                ScaledTensor given = values.get(v.name());
                if (given == null) {
                    throw new IllegalStateException("No value for '" + v.name() + "'");
                }
                yield ScaledTensor.normalised(given.value(), given.exponent());
            }
            case Op.Leaf leaf -> ScaledTensor.normalised(Evaluator.apply(node, List.of(), 1, REAL), 0);
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

    private static ScaledTensor binary(Op.BinaryKind kind, Expr node, List<ScaledTensor> operands) {
        return switch (kind) {
            case ADD, SUB -> aligned(node, operands);
            case MUL -> product(node, operands);
            case DIV ->
                ScaledTensor.normalised(
                        apply(
                                node,
                                List.of(operands.get(0).value(), operands.get(1).value())),
                        operands.get(0).exponent() - operands.get(1).exponent());
            case POW, MAX, PRELU -> throw new IllegalStateException("No operation of a path sum: " + node.describe());
        };
    }

    private static ScaledTensor product(Expr node, List<ScaledTensor> operands) {
        return ScaledTensor.normalised(
                apply(node, List.of(operands.get(0).value(), operands.get(1).value())),
                operands.get(0).exponent() + operands.get(1).exponent());
    }

    private static ScaledTensor linear(Expr node, ScaledTensor x) {
        return ScaledTensor.normalised(apply(node, List.of(x.value())), x.exponent());
    }

    private static ScaledTensor aligned(Expr node, List<ScaledTensor> operands) {
        long common = Long.MIN_VALUE;
        for (ScaledTensor operand : operands) {
            if (operand.value().maxAbs() > 0) {
                common = Math.max(common, operand.exponent());
            }
        }
        long to = common == Long.MIN_VALUE ? 0 : common;
        return ScaledTensor.normalised(
                apply(node, operands.stream().map(o -> o.at(to)).toList()), to);
    }

    private static Tensor apply(Expr node, List<Tensor> operands) {
        return Evaluator.apply(node, operands, 1, REAL);
    }
}
