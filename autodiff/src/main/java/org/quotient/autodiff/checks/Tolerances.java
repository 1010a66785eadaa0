package org.quotient.autodiff.checks;

import org.quotient.autodiff.DType;

/**
 * What the checks allow, one row per dtype.
 *
 * @param epsilon the spacing of numbers at 1
 * @param adjoint allowed |⟨u, Jv⟩ − ⟨Jᵀu, v⟩| relative to the sum of the absolute products
 * @param step h of central differences, near ε^(1/3), where truncation and rounding balance
 * @param difference allowed largest |(f(x + hv) − f(x − hv))/2h − Jv| relative to 1 + the largest value and derivative
 * @param firstStep the largest step of a Taylor series; steps halve from there
 * @param rounding errors below this multiple of ε times the values are rounding
 * @param slope how far below the expected order the fitted slope may lie
 */
public record Tolerances(
        double epsilon,
        double adjoint,
        double step,
        double difference,
        double firstStep,
        double rounding,
        double slope) {

    private static final Tolerances F64 = new Tolerances(0x1p-52, 1e-11, 0x1p-17, 1e-6, 0x1p-6, 64, 0.15);
    private static final Tolerances F32 = new Tolerances(0x1p-23, 1e-4, 0x1p-8, 5e-3, 0x1p-3, 16, 0.5);

    /** The row of a dtype. */
    public static Tolerances of(DType dtype) {
        return switch (dtype) {
            case F64 -> F64;
            case F32 -> F32;
        };
    }
}
