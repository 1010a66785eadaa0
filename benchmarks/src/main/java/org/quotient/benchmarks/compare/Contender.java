package org.quotient.benchmarks.compare;

/** Somebody who does a piece of work: we or a peer. Everything it needs is in memory before it is timed. */
public interface Contender extends AutoCloseable {
    /** Who it is, and in which variant. */
    String name();

    /** Goes back to the first weights; not timed. */
    void reset();

    /**
     * Does the work some times over and tells how long that took.
     *
     * @param steps at least 1
     */
    Sample run(int steps);

    /**
     * How many bytes of the heap a step allocates in the steady state, or NaN if that is not ours to know.
     *
     * @param steps over how many steps to average
     */
    default double allocation(int steps) {
        return Double.NaN;
    }

    /** Frees what it holds. */
    @Override
    void close();

    /**
     * One timed block.
     *
     * @param wall seconds by the clock on the wall
     * @param cpu seconds of processor time of the thread that did it; NaN if not known
     * @param value a number that tells whether all contenders did the same: a loss, a sum, a rank
     */
    record Sample(double wall, double cpu, double value) {}
}
