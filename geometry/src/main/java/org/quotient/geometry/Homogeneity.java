package org.quotient.geometry;

import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** Degrees of positive homogeneity that are not fixed by the operation alone. */
final class Homogeneity {
    private Homogeneity() {}

    /**
     * A rational degree.
     *
     * @param numerator any integer
     * @param denominator at least 1
     */
    record Degree(int numerator, int denominator) {}

    /** The constant exponent of a power, if it is one rational number (denominator up to 64) over the whole tensor. */
    static Optional<Degree> exponent(Expr pow) {
        Expr node = pow.operand(1);
        while (node.op() instanceof Op.Move && node.operands().size() == 1) {
            node = node.operand(0);
        }
        if (!(node.op() instanceof Op.Constant c) || c.value().size() == 0) {
            return Optional.empty();
        }
        double value = c.value().get(0);
        for (double other : c.value().data()) {
            if (other != value) {
                return Optional.empty();
            }
        }
        for (int denominator = 1; denominator <= 64; denominator++) {
            double numerator = value * denominator;
            if (numerator == Math.rint(numerator) && Math.abs(numerator) < 1 << 20) {
                return Optional.of(new Degree((int) numerator, denominator));
            }
        }
        return Optional.empty();
    }
}
