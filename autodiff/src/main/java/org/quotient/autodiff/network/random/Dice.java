package org.quotient.autodiff.network.random;

import java.util.List;
import org.quotient.autodiff.CounterRandom;

/** The numbers of a stream one after the other. */
final class Dice {
    private final CounterRandom stream;
    private long used;

    Dice(CounterRandom stream) {
        this.stream = stream;
    }

    /** Uniform on {0, ..., bound − 1}. */
    int below(int bound) {
        return stream.below(used++, bound);
    }

    /** True with the given probability. */
    boolean chance(double probability) {
        return stream.uniform(used++) < probability;
    }

    /** One of a list. */
    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }
}
