package org.quotient.benchmarks.rescale;

import java.util.List;
import org.quotient.benchmarks.compare.Contender;

/** A contender that also tells where its processor time went. */
public interface Parted extends Contender {
    /** The parts, in order. */
    List<String> parts();

    /** All blocks that were run so far, warm-up included. */
    List<Block> blocks();

    /**
     * One call of {@link #run}.
     *
     * @param runs how many times the work was done
     * @param parts seconds of processor time of each part, of all runs together
     * @param sweeps how many sweeps were made each time, 0 for a method without sweeps
     */
    record Block(int runs, List<Double> parts, int sweeps) {
        /** Copies the list. */
        public Block {
            parts = List.copyOf(parts);
        }
    }
}
