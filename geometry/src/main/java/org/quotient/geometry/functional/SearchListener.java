package org.quotient.geometry.functional;

/** Hears how far a search for the rank has come; for progress bars. Called on the thread that searches. */
@FunctionalInterface
public interface SearchListener {
    /**
     * Some points have been dealt with.
     *
     * @param points how many so far, those on a kink left out
     * @param rank the rank so far
     * @param upper the upper bound so far
     */
    void progress(long points, int rank, int upper);

    /**
     * Something begins that is about no new points and may take a while.
     *
     * @param what in a few words
     */
    default void phase(String what) {}
}
