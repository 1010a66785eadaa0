package org.quotient.autodiff.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What a matrix C is multiplied by, element by element, before a product is added to it or after: one number per row, one per
 * column, both contiguous. An element is multiplied by its row's number first.
 *
 * @param rows m numbers, or null for ones
 * @param columns n numbers, or null for ones
 * @param after whether what the product made of C is multiplied, rather than what it is added to
 */
public record Factors(@Nullable Place rows, @Nullable Place columns, boolean after) {
    /** Ones. */
    public static final Factors NONE = new Factors(null, null, false);

    /** Whether nothing is multiplied. */
    public boolean isNone() {
        return rows == null && columns == null;
    }

    /** Those of the transpose of C. */
    public Factors transposed() {
        return new Factors(columns, rows, after);
    }
}
