package org.quotient.interop.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Operators that only move elements, the same for floating-point values and for integers. */
final class Movement {
    private Movement() {}

    /** A movement of input 0. */
    static Value of(Node node, Function<Expr, Expr> movement) {
        return of(node, List.of(node.value(0)), operands -> movement.apply(operands.get(0)));
    }

    /** A movement of values that are all of one kind. Known integers move as the numbers of their places do. */
    static Value of(Node node, List<Value> values, Function<List<Expr>, Expr> movement) {
        List<Expr> operands = new ArrayList<>();
        List<Long> pool = new ArrayList<>();
        Class<?> kind = values.get(0).getClass();
        for (Value value : values) {
            if (value.getClass() != kind) {
                throw node.fail("mixes floating-point values and integers.");
            }
            switch (value) {
                case Value.Real real -> operands.add(real.expr());
                case Value.Ids ids -> operands.add(ids.expr());
                case Value.Ints ints -> {
                    int first = pool.size();
                    node.within(
                            "a number of integers of", first + (long) ints.values().length, 0, IntegerArithmetic.MOST);
                    operands.add(Expr.constant(Tensor.fill(Shape.of(ints.dims()), DType.F64, i -> first + (double) i)));
                    for (long each : ints.values()) {
                        pool.add(each);
                    }
                }
                case Value.Stored stored -> throw node.fail("has an unresolved input.");
                case Value.Missing missing -> throw missing.refused();
            }
        }
        Expr moved = movement.apply(operands);
        return switch (values.get(0)) {
            case Value.Real real -> new Value.Real(moved);
            case Value.Ids ids -> new Value.Ids(moved);
            default -> places(node, moved, pool);
        };
    }

    private static Value places(Node node, Expr moved, List<Long> pool) {
        node.within("a number of integers of", Shaping.count(node, moved.shape(), 0), 0, IntegerArithmetic.MOST);
        Tensor places = Evaluator.evaluate(moved, Map.of());
        long[] values = new long[places.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = pool.get((int) places.get(i));
        }
        return new Value.Ints(places.shape().sizes(), values);
    }
}
