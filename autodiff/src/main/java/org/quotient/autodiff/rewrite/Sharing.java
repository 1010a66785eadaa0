package org.quotient.autodiff.rewrite;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Common subexpressions by structural hashing: nodes with the same operation and the same (already shared) operands become the
 * first of them. Constants are the same if they hold the same tensor, or few and equal bits.
 */
final class Sharing {
    private final Map<Key, Expr> known = new HashMap<>();
    private final Map<Expr, Integer> number = new IdentityHashMap<>();

    private record Key(Object what, List<Integer> operands) {}

    /** The bits of a small constant. */
    private record Bits(Shape shape, DType dtype, List<Long> bits) {}

    /** The first node equal to this one, whose operands have been shared before. */
    Expr share(Expr node) {
        List<Integer> operands = node.operands().stream().map(this::numberOf).toList();
        Expr first = known.computeIfAbsent(new Key(identity(node.op()), operands), key -> node);
        numberOf(first);
        return first;
    }

    private int numberOf(Expr node) {
        return number.computeIfAbsent(node, key -> number.size());
    }

    private static Object identity(Op op) {
        if (op instanceof Op.Constant c && c.value().size() <= 64) {
            Tensor value = c.value();
            List<Long> bits = Arrays.stream(value.data())
                    .mapToObj(Double::doubleToLongBits)
                    .toList();
            return new Bits(value.shape(), value.dtype(), bits);
        }
        return op;
    }
}
