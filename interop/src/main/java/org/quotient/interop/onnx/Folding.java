package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.interop.InteropException;

/**
 * Runs a node's rule, turns results that depend on constants only into constants, and keeps hostile files within bounds:
 * a small file may describe huge arrays.
 */
final class Folding {
    /** The numbers that all computed constants of one file may hold together. */
    private static final long MOST_NUMBERS = 1L << 24;

    /** Sums of products are left to the evaluator: they are weights in disguise more often than shape arithmetic. */
    private static final Set<String> LEFT_ALONE = Set.of("MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum");

    private long folded;

    List<Value> apply(Node node, NodeProto proto, List<@Nullable Value> operands, Supplier<List<Value>> rule) {
        List<Value> results;
        try {
            results = rule.get();
        } catch (InteropException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InteropException("The " + NodeOrder.title(proto) + " does not fit: " + e.getMessage(), e);
        }
        boolean constant = !LEFT_ALONE.contains(node.operator())
                && operands.stream().allMatch(v -> v == null || isConstant(node, v));
        List<Value> bounded = new ArrayList<>();
        for (Value result : results) {
            bounded.add(check(node, result, constant));
        }
        return bounded;
    }

    private static boolean isConstant(Node node, Value value) {
        return switch (value) {
            case Value.Real real -> real.expr().op() instanceof Op.Constant;
            case Value.Ints ints -> !ints.hasBatch();
            case Value.Ids ids -> false;
            case Value.Stored stored -> node.isFixed(stored);
            case Value.Missing missing -> false;
        };
    }

    private Value check(Node node, Value result, boolean constant) {
        if (result instanceof Value.Ints ints) {
            spend(node, ints.values().length);
            return result;
        }
        if (!(result instanceof Value.Real real)) {
            return result;
        }
        Shape shape = real.expr().shape();
        long count = elements(node, shape);
        boolean foldable = constant && !shape.isSymbolic() && !(real.expr().op() instanceof Op.Leaf);
        if (!foldable) {
            return result;
        }
        spend(node, count);
        return new Value.Real(Expr.constant(Evaluator.evaluate(real.expr(), Map.of())));
    }

    private void spend(Node node, long count) {
        folded += count;
        if (folded > MOST_NUMBERS) {
            throw node.fail("would make the constants that this file computes exceed " + MOST_NUMBERS
                    + " numbers. Fold constants when exporting, or export a smaller network.");
        }
    }

    private static long elements(Node node, Shape shape) {
        long count = 1;
        for (int size : shape.sizes()) {
            int factor = size == Shape.N ? 1 : size;
            if (factor > 0 && count > Integer.MAX_VALUE / factor) {
                throw node.fail("yields " + shape + ", more numbers than an array can hold.");
            }
            count *= factor;
        }
        return count;
    }
}
