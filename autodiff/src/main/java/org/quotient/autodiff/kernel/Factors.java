package org.quotient.autodiff.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What a matrix C is multiplied by, element by element, before a product is added to it: one number per row, one per column, both
 * contiguous.
 *
 * @param rows m numbers, or null for ones
 * @param columns n numbers, or null for ones
 */
public record Factors(@Nullable Place rows, @Nullable Place columns) {
    /** Ones. */
    public static final Factors NONE = new Factors(null, null);

    /** Whether nothing is multiplied. */
    public boolean isNone() {
        return rows == null && columns == null;
    }

    /** Those of the transpose of C. */
    public Factors transposed() {
        return new Factors(columns, rows);
    }
}
