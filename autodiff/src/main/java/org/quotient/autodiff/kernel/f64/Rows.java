package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Scratch;

/** Something that is done with rows of a matrix, with some at a time, in any order. */
interface Rows {
    /**
     * Does it with rows {@code first} to {@code last} − 1.
     *
     * @param shard of the step that asks: two that run at the same time have different ones
     */
    void run(int shard, int first, int last, Scratch scratch);
}
