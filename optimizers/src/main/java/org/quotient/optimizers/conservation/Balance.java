package org.quotient.optimizers.conservation;

/**
 * An identity of one generator with its numbers.
 *
 * @param generator its position in z
 * @param kind whether the identity has to hold
 * @param expected what the identity says
 * @param actual what was found
 * @param scale the sum of the absolute values of the terms, to which rounding is relative; not negative
 */
public record Balance(int generator, LawKind kind, double expected, double actual, double scale) {

    /** actual − expected. */
    public double residual() {
        return actual - expected;
    }

    /** |residual|/scale, 0 if there is no residual, not a number if one of the numbers is none. */
    public double relative() {
        double residual = Math.abs(residual());
        return residual == 0 ? 0 : residual / scale;
    }

    /** Such as {@code generator 3: -2.88 expected, -2.87 found (3.5e-03 relative)}. */
    @Override
    public String toString() {
        return "generator " + generator + ": " + expected + " expected, " + actual + " found ("
                + String.format(java.util.Locale.ROOT, "%.1e", relative()) + " relative"
                + (kind == LawKind.EXACT ? "" : ", " + kind) + ")";
    }
}
