package org.quotient.geometry.paths;

/** A path graph, or a list of paths, would exceed the size that the caller allowed; nothing was kept. */
public final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long reached;

    /**
     * Says what grew too large.
     *
     * @param message what was counted, the limit, and what to do
     * @param reached the count when the limit was passed (a lower bound of the whole)
     */
    public TooLargeException(String message, long reached) {
        super(message);
        this.reached = reached;
    }

    /** The count when the limit was passed: a lower bound of the whole. */
    public long reached() {
        return reached;
    }
}
