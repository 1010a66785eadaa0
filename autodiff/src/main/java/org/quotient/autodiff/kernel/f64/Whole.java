package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** A step of one shard. */
interface Whole extends Step {
    @Override
    default int shards() {
        return 1;
    }

    @Override
    default void run(int shard, Scratch scratch) {
        run();
    }

    /** The work. */
    void run();
}
