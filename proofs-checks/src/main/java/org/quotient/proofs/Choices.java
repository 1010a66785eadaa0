package org.quotient.proofs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.CounterRandom;

/**
 * Where a {@link Generator} takes its decisions from: each is a whole number from 0, the simplest, up to a bound. Decisions
 * are random or replayed from a list, and recorded in either case. An instance can so be made smaller by making the list of
 * its decisions shorter and its numbers smaller (MacIver and Donaldson 2020), whatever the instance is made of. Not for
 * several threads.
 */
public final class Choices {
    private final @Nullable CounterRandom random;
    private final double size;
    private final List<Integer> given;
    private final List<Integer> made = new ArrayList<>();

    private Choices(@Nullable CounterRandom random, double size, List<Integer> given) {
        this.random = random;
        this.size = size;
        this.given = given;
    }

    /**
     * Random decisions.
     *
     * @param random where they come from
     * @param size from 0, which leaves only the simplest two of what there is to choose from, to 1, which leaves all
     */
    public static Choices random(CounterRandom random, double size) {
        return new Choices(random, size, List.of());
    }

    /**
     * Decisions made before, each reduced modulo its bound, and 0 when there are no more.
     *
     * @param decisions numbers from 0
     */
    public static Choices replay(List<Integer> decisions) {
        return new Choices(null, 1, List.copyOf(decisions));
    }

    /**
     * A decision.
     *
     * @param bound at least 1
     * @return from 0 to bound − 1
     */
    public int below(int bound) {
        int next = made.size();
        int choice;
        if (random != null) {
            int allowed = (int) Math.max(Math.min(2, bound), Math.ceil(size * bound));
            choice = random.below(next, allowed);
        } else {
            choice = next < given.size() ? Math.floorMod(given.get(next), bound) : 0;
        }
        made.add(choice);
        return choice;
    }

    /** A whole number from low, the simplest, to high. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** Whether something is there; the simplest is that it is not. */
    public boolean maybe() {
        return below(2) == 1;
    }

    /**
     * Whether something that should be rare is there; the simplest is that it is not.
     *
     * @param oneIn once in so many random decisions, whatever the size
     */
    public boolean rarely(int oneIn) {
        int next = made.size();
        int choice = random != null
                ? (random.below(next, oneIn) == 0 ? 1 : 0)
                : next < given.size() ? Math.floorMod(given.get(next), 2) : 0;
        made.add(choice);
        return choice == 1;
    }

    /** One of several values, the simplest first. */
    @SafeVarargs
    public final <T> T among(T... values) {
        return values[below(values.length)];
    }

    /** 1, −1, 2, −2, ..., up to a size. */
    public int nonzero(int most) {
        int choice = below(2 * most);
        return choice % 2 == 0 ? choice / 2 + 1 : -(choice / 2 + 1);
    }

    /** The decisions so far, without zeros at the end. */
    public List<Integer> made() {
        int length = made.size();
        while (length > 0 && made.get(length - 1) == 0) {
            length--;
        }
        return List.copyOf(made.subList(0, length));
    }
}
