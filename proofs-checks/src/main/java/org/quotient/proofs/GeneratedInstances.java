package org.quotient.proofs;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.quotient.autodiff.CounterRandom;

/**
 * Worked instances, then random ones of a generator that grow.
 *
 * @param worked instances that are always tried first
 * @param generator of the random ones
 * @param quick how many random ones at {@link Level#QUICK}
 * @param full how many at {@link Level#FULL}
 * @param size of an instance
 * @param description of an instance
 * @param <I> the instances
 */
public record GeneratedInstances<I>(
        List<Drawn<I>> worked,
        Generator<I> generator,
        int quick,
        int full,
        ToLongFunction<I> size,
        Function<I, String> description)
        implements Instances<I> {

    /** Keeps its own copy of the list. */
    public GeneratedInstances {
        worked = List.copyOf(worked);
    }

    @Override
    public Stream<Drawn<I>> draw(Level level, long seed) {
        int number = switch (level) {
            case QUICK -> quick;
            case FULL -> full;
        };
        CounterRandom random = CounterRandom.seeded(seed).split("instances");
        return Stream.concat(worked.stream(), Drawn.growing(generator, number, random));
    }

    @Override
    public long size(I instance) {
        return size.applyAsLong(instance);
    }

    @Override
    public String describe(I instance) {
        return description.apply(instance);
    }
}
