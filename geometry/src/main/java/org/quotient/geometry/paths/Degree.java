package org.quotient.geometry.paths;

import java.util.Optional;

/**
 * A rational exponent in lowest terms.
 *
 * @param numerator any but 0
 * @param denominator at least 1
 */
record Degree(int numerator, int denominator) {
    static final Degree ONE = new Degree(1, 1);
    static final Degree INVERSE = new Degree(-1, 1);
    static final Degree HALF = new Degree(1, 2);

    /** Denominators beyond this are taken for rounding, not for an exponent that somebody meant. */
    private static final int LARGEST_DENOMINATOR = 64;

    boolean isOne() {
        return numerator == denominator;
    }

    /** The rational number with a small denominator that a double stands for, if there is one. */
    static Optional<Degree> of(double value) {
        for (int q = 1; q <= LARGEST_DENOMINATOR; q++) {
            long p = Math.round(value * q);
            if (p != 0 && Math.abs(p) < 1 << 20 && (double) p / q == value) {
                return Optional.of(new Degree((int) p, q));
            }
        }
        return Optional.empty();
    }
}
