package org.quotient.proofs;

import java.util.stream.Stream;

/**
 * Where the instances of a theorem come from.
 *
 * @param <I> the instances
 */
public interface Instances<I> {
    /**
     * The instances to try, in a fixed order.
     *
     * @param level how many
     * @param seed the same seed gives the same instances
     */
    Stream<Drawn<I>> draw(Level level, long seed);

    /** How large an instance is; the smallest counterexample is the one reported. */
    long size(I instance);

    /** An instance in words, so that a reader can build it again. */
    String describe(I instance);
}
