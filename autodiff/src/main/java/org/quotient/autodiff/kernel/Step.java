package org.quotient.autodiff.kernel;

/**
 * One piece of work of a compiled program, bound to its arrays. It is cut into shards that may run in any order and on any
 * thread: how it is cut, and the order of every sum, depend on sizes only, so that results are the same bits for any number
 * of threads.
 */
public interface Step {
    /** The number of shards, at least 1. */
    int shards();

    /**
     * Runs one shard. No two shards write to the same element.
     *
     * @param shard from 0 to {@link #shards()} − 1
     * @param scratch memory that belongs to the calling thread
     */
    void run(int shard, Scratch scratch);
}
