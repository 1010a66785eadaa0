package org.quotient.autodiff.checks;

import java.util.List;
import java.util.Locale;

/** The outcome of one check, with its numbers. */
public sealed interface Finding {

    /** What was checked. */
    String subject();

    /** Whether it holds within the tolerances. */
    boolean passed();

    /** The numbers in words, saying why it passed or failed. */
    String reason();

    /**
     * ⟨u, Jv⟩ against ⟨Jᵀu, v⟩: forward and reverse mode are adjoint.
     *
     * @param subject what was checked
     * @param forward ⟨u, Jv⟩
     * @param reverse ⟨Jᵀu, v⟩
     * @param allowed the largest difference that passes
     */
    record Adjoint(String subject, double forward, double reverse, double allowed) implements Finding {
        @Override
        public boolean passed() {
            return Math.abs(forward - reverse) <= allowed;
        }

        @Override
        public String reason() {
            return format(
                    "<u, Jv> = %.17g and <J'u, v> = %.17g differ by %.3g; allowed %.3g",
                    forward, reverse, Math.abs(forward - reverse), allowed);
        }
    }

    /**
     * Central differences against forward mode along a random direction.
     *
     * @param subject what was checked
     * @param step the step h
     * @param error the largest absolute difference
     * @param allowed the largest one that passes
     */
    record Difference(String subject, double step, double error, double allowed) implements Finding {
        @Override
        public boolean passed() {
            return error <= allowed;
        }

        @Override
        public String reason() {
            return format(
                    "(f(x + hv) - f(x - hv))/2h and Jv differ by %.3g for h = %.3g; allowed %.3g",
                    error, step, allowed);
        }
    }

    /**
     * The order of a Taylor remainder along a random direction: its log-log slope is 2 if the first derivative is right, 3 if
     * the second is too (as Manopt's checkgradient and checkhessian; Boumal, Mishra, Absil and Sepulchre 2014).
     *
     * @param subject what was checked
     * @param order the expected slope
     * @param slope the fitted slope over the smallest steps whose errors are above rounding; NaN if exact
     * @param exact whether (nearly) all errors are at the level of rounding, so that there is no slope to fit
     * @param steps the steps h
     * @param errors the norms of the remainders
     * @param tolerance how far below the order the slope may lie; a higher slope passes
     */
    record Slope(
            String subject,
            int order,
            double slope,
            boolean exact,
            List<Double> steps,
            List<Double> errors,
            double tolerance)
            implements Finding {
        @Override
        public boolean passed() {
            return exact || slope >= order - tolerance;
        }

        @Override
        public String reason() {
            if (exact) {
                return format("exact: the remainders are at the level of rounding (largest %.3g)", largest());
            }
            return format("the remainder has slope %.3f; expected %d or more", slope, order);
        }

        private double largest() {
            return errors.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
