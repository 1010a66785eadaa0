package org.quotient.autodiff.kernel.f64;

import org.jspecify.annotations.Nullable;

/**
 * What a product does besides while it has rows in the cache or in registers; each would be a pass over memory of its own.
 *
 * @param squares sums of squares of rows of A, or null
 * @param finish what is done with C in the end, or null
 */
record Beside(@Nullable Squares squares, @Nullable Finish finish) {
    private static final Beside NONE = new Beside(null, null);

    /** Only what is done with C: A is read once for all columns. */
    Beside withoutSquares() {
        return squares == null ? this : finish == null ? NONE : new Beside(null, finish);
    }

    /** Only what is done with A: C is not complete yet. */
    Beside withoutFinish() {
        return finish == null ? this : squares == null ? NONE : new Beside(squares, null);
    }
}
