package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.List;

/** NumPy's rules of broadcasting. */
final class Broadcasting {
    private Broadcasting() {}

    /** The NumPy-broadcast shape of two operands. */
    static Shape shape(String name, Expr x, Expr y) {
        int rank = Math.max(x.shape().rank(), y.shape().rank());
        int[] sizes = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int a = i <= x.shape().rank() ? x.shape().size(x.shape().rank() - i) : 1;
            int b = i <= y.shape().rank() ? y.shape().size(y.shape().rank() - i) : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException(name + " expects shapes that broadcast together; given "
                        + x.describe() + " and " + y.describe());
            }
            sizes[rank - i] = a == 1 ? b : a;
        }
        return Shape.of(sizes);
    }

    /** x repeated to a shape by NumPy's rules: trailing axes align, axes of size 1 stretch. */
    static Expr to(Expr x, Shape to) {
        Shape from = x.shape();
        if (from.equals(to)) {
            return x;
        }
        int offset = to.rank() - from.rank();
        List<Integer> kept = new ArrayList<>();
        List<Integer> squeezed = new ArrayList<>();
        for (int i = 0; i < from.rank(); i++) {
            boolean fits = offset >= 0 && (from.size(i) == to.size(i + offset) || from.size(i) == 1);
            if (!fits) {
                throw new IllegalArgumentException(
                        "broadcast expects a shape that " + x.describe() + " stretches to; given " + to);
            }
            if (from.size(i) == to.size(i + offset)) {
                kept.add(i + offset);
            } else {
                squeezed.add(i);
            }
        }
        if (offset < 0) {
            throw new IllegalArgumentException(
                    "broadcast expects at least as many axes as " + x.describe() + "; given " + to);
        }
        Expr core = squeezed.isEmpty() ? x : Ops.reshape(x, from.without(squeezed));
        return Expr.of(new Op.Broadcast(to, kept), core);
    }
}
