package org.quotient.proofs;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quotient.autodiff.CounterRandom;

/**
 * An instance with the simpler ones that it can be replaced by.
 *
 * @param instance the instance
 * @param simpler made when asked for, the simplest first; each has simpler ones again, in finitely many steps
 * @param <I> the instances
 */
public record Drawn<I>(I instance, Supplier<Stream<Drawn<I>>> simpler) {

    /** An instance that stays as it is. */
    public static <I> Drawn<I> fixed(I instance) {
        return new Drawn<>(instance, Stream::empty);
    }

    /** What a generator makes of decisions. Simpler instances come from fewer or smaller decisions. */
    public static <I> Drawn<I> of(Generator<I> generator, Choices choices) {
        I instance = generator.draw(choices);
        List<Integer> decisions = choices.made();
        return new Drawn<>(instance, () -> simpler(generator, decisions));
    }

    private static <I> Stream<Drawn<I>> simpler(Generator<I> generator, List<Integer> decisions) {
        return Shrinking.candidates(decisions).flatMap(candidate -> {
            Choices replayed = Choices.replay(candidate);
            Drawn<I> drawn = of(generator, replayed);
            return Shrinking.simpler(replayed.made(), decisions) ? Stream.of(drawn) : Stream.empty();
        });
    }

    /** Instances of a generator that grow from the smallest size to the largest. */
    static <I> Stream<Drawn<I>> growing(Generator<I> generator, int number, CounterRandom random) {
        return IntStream.range(0, number)
                .mapToObj(i -> of(generator, Choices.random(random.split(i), (i + 1.0) / number)));
    }
}
