package org.quotient.interop.onnx;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/**
 * Recognises (x − mean)/√(variance + ε) spelt out in elementary operators, as exporters write layer normalisation before
 * opset 17 and as our own export writes normalisation by batch statistics. It becomes one {@link Op.Standardise}, so that
 * the rescaling group sees the normalisation that it is.
 */
final class Moments {
    /** What an expression is, relative to the values x that it was computed from. */
    private sealed interface Part {
        Expr x();

        List<Integer> axes();
    }

    private record Mean(Expr x, List<Integer> axes) implements Part {}

    private record Centred(Expr x, List<Integer> axes) implements Part {}

    private record Square(Expr x, List<Integer> axes) implements Part {}

    private record Variance(Expr x, List<Integer> axes) implements Part {}

    private record Shifted(Expr x, List<Integer> axes, double epsilon) implements Part {}

    private record Deviation(Expr x, List<Integer> axes, double epsilon) implements Part {}

    private final Map<Expr, Part> parts = new IdentityHashMap<>();

    /** A node's result got its name. */
    void renamed(Expr from, Expr to) {
        Part part = parts.get(from);
        if (part != null) {
            parts.put(to, part);
        }
    }

    /** {@code result} is the mean of x over axes that are kept at size 1. */
    void mean(Expr result, Expr x, List<Integer> axes) {
        boolean variance =
                parts.get(x) instanceof Square square && square.axes().equals(axes);
        Part part = parts.get(x);
        parts.put(result, variance && part != null ? new Variance(part.x(), axes) : new Mean(x, axes));
    }

    /** {@code result} is a − b. */
    void difference(Expr result, Expr a, Expr b) {
        if (parts.get(b) instanceof Mean mean && mean.x() == a) {
            parts.put(result, new Centred(a, mean.axes()));
        }
    }

    /** {@code result} is a². */
    void square(Expr result, Expr a) {
        if (parts.get(a) instanceof Centred centred) {
            parts.put(result, new Square(centred.x(), centred.axes()));
        }
    }

    /** {@code result} is a + b. */
    void sum(Expr result, Expr a, Expr b) {
        Expr variance = parts.get(a) instanceof Variance ? a : b;
        Expr other = variance == a ? b : a;
        boolean constant = other.op() instanceof Op.Constant c
                && c.value().size() == 1
                && c.value().get(0) >= 0;
        if (constant && parts.get(variance) instanceof Variance v && other.op() instanceof Op.Constant c) {
            parts.put(result, new Shifted(v.x(), v.axes(), c.value().get(0)));
        }
    }

    /** {@code result} is √a. */
    void root(Expr result, Expr a) {
        Part part = parts.get(a);
        if (part instanceof Shifted shifted) {
            parts.put(result, new Deviation(shifted.x(), shifted.axes(), shifted.epsilon()));
        } else if (part instanceof Variance variance) {
            parts.put(result, new Deviation(variance.x(), variance.axes(), 0));
        }
    }

    /** a/b as a standardisation, null if it is none. */
    @Nullable
    Expr quotient(Expr a, Expr b) {
        boolean match = parts.get(a) instanceof Centred centred
                && parts.get(b) instanceof Deviation deviation
                && centred.x() == deviation.x()
                && centred.axes().equals(deviation.axes());
        return match && parts.get(b) instanceof Deviation deviation
                ? Expr.of(new Op.Standardise(deviation.axes(), deviation.epsilon()), deviation.x())
                : null;
    }
}
