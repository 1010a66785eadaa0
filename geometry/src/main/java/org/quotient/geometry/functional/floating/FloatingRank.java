package org.quotient.geometry.functional.floating;

import org.quotient.autodiff.DType;

/**
 * A rank found in floating point from singular values: no proof, so the gap says how clear-cut it is.
 *
 * @param live columns
 * @param rows of the Jacobian
 * @param bound what no rank exceeds
 * @param rank how many singular values are above the tolerance
 * @param tolerance σ_max · max(rows, columns) · ε of the arithmetic that the entries were computed in
 * @param last the smallest singular value above the tolerance, σ_r; 0 if there is none
 * @param next the largest one not above it, σ_(r+1); 0 if there is none
 * @param dtype the arithmetic of the entries
 */
public record FloatingRank(
        int live, long rows, int bound, int rank, double tolerance, double last, double next, DType dtype) {
    /** Below this ratio of neighbouring singular values a rank is doubtful. */
    public static final double CLEAR = 1e4;

    /**
     * Counts singular values.
     *
     * @param singular falling
     * @throws IllegalStateException if the rank exceeds the bound, which says that the tolerance is too small for the arithmetic
     */
    public static FloatingRank of(double[] singular, int live, long rows, int bound, DType dtype) {
        double epsilon = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
        double largest = singular.length == 0 ? 0 : singular[0];
        double tolerance = largest * Math.max(rows, live) * epsilon;
        int rank = 0;
        while (rank < singular.length && singular[rank] > tolerance) {
            rank++;
        }
        if (rank > bound) {
            throw new IllegalStateException("The singular values give rank " + rank + ", above the bound " + bound
                    + ", which is impossible: at the tolerance " + tolerance + " for " + dtype
                    + " rounding errors are counted. Entries computed in single precision need its tolerance");
        }
        return new FloatingRank(
                live,
                rows,
                bound,
                rank,
                tolerance,
                rank == 0 ? 0 : singular[rank - 1],
                rank < singular.length ? singular[rank] : 0,
                dtype);
    }

    /** σ_r/σ_(r+1), infinite if nothing follows. */
    public double gap() {
        return next == 0 ? Double.POSITIVE_INFINITY : last / next;
    }

    /** Whether the gap is so small, or all numbers are, that the rank is doubtful. */
    public boolean flagged() {
        return rank > 0 && (gap() < CLEAR || underflows());
    }

    /**
     * Whether numbers that should be counted may have been rounded to 0: the tolerance is below the smallest normal number of the
     * arithmetic, so that there is no room for singular values between what is counted and nothing.
     */
    public boolean underflows() {
        return rank > 0 && tolerance < (dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL);
    }

    /** Whether the rank is the bound. */
    public boolean attained() {
        return rank == bound;
    }
}
