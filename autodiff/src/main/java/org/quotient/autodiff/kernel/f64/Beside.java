package org.quotient.autodiff.kernel.f64;

import org.jspecify.annotations.Nullable;

/**
 * What a product does besides while it has rows in the cache or in registers; each would be a pass over memory of its own.
 *
 * @param squares sums of squares of rows of A, or null
 * @param finish what C is multiplied by in the end, or null
 * @param results sums of squares of rows of C, or null; not together with {@code finish}
 */
record Beside(
        @Nullable Squares squares,
        @Nullable Finish finish,
        @Nullable ResultSquares results) {
    /** Nothing. */
    static final Beside NONE = new Beside(null, null, null);

    static Beside reading(Squares squares) {
        return new Beside(squares, null, null);
    }

    static Beside finishing(@Nullable Finish finish) {
        return finish == null ? NONE : new Beside(null, finish, null);
    }

    /** Only what is done with C: A is read once for all columns. */
    Beside withoutSquares() {
        return squares == null ? this : new Beside(null, finish, results);
    }

    /** Only what is done with A: C is not complete yet. */
    Beside withoutResults() {
        return finish == null && results == null ? this : new Beside(squares, null, null);
    }
}
