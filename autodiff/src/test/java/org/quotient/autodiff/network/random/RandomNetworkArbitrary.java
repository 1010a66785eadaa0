package org.quotient.autodiff.network.random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** {@link RandomNetworks} for jqwik: a failing network shrinks by its size, then by its seed. */
public final class RandomNetworkArbitrary {
    private RandomNetworkArbitrary() {}

    /** Networks of sizes from 0 to 1, mostly near 1. */
    public static Arbitrary<RandomNetwork> networks() {
        Arbitrary<Long> seeds = Arbitraries.longs().between(0, 1L << 40).withoutEdgeCases();
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(20)),
                Tuple.of(1, Arbitraries.integers().between(0, 20)));
        return Combinators.combine(sizes, seeds).as((size, seed) -> RandomNetworks.draw(seed, size / 20.0));
    }
}
