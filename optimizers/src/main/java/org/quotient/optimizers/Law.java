package org.quotient.optimizers;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an update owes to the rescaling group: for which group elements g it commutes with the action, T(gθ, gs) = g·T(θ, s).
 * Then the trajectory of the network's function from gθ is that from θ. Those elements form a group; a law names subgroups that
 * generate it.
 *
 * @param subgroups none for no promise beyond the identity; the full group for invariance
 */
public record Law(Set<Subgroup> subgroups) {
    /** The trajectory of the function does not depend on the representative. */
    public static final Law INVARIANT = new Law(EnumSet.of(Subgroup.FULL));

    /** No invariance is promised beyond the identity. */
    public static final Law NONE = new Law(Set.of());

    /** Keeps its own copy. */
    public Law {
        subgroups = Set.copyOf(subgroups);
    }

    /** Invariance under what some subgroups generate. */
    public static Law under(Subgroup... subgroups) {
        return new Law(Set.copyOf(Arrays.asList(subgroups)));
    }

    /** Whether it promises invariance under the whole group. */
    public boolean isInvariant() {
        return subgroups.contains(Subgroup.FULL);
    }

    /**
     * The law of a composition: what both parts respect.
     *
     * @param other the law of the other part
     */
    public Law and(Law other) {
        if (isInvariant()) {
            return other;
        }
        if (other.isInvariant()) {
            return this;
        }
        Set<Subgroup> both = EnumSet.noneOf(Subgroup.class);
        both.addAll(subgroups);
        both.retainAll(other.subgroups);
        return new Law(both);
    }

    /** Such as {@code invariant}, {@code none}, or {@code invariant under last-hidden, normalised}. */
    @Override
    public String toString() {
        return isInvariant()
                ? "invariant"
                : subgroups.isEmpty()
                        ? "none"
                        : "invariant under "
                                + Stream.of(Subgroup.values())
                                        .filter(subgroups::contains)
                                        .map(Subgroup::id)
                                        .collect(Collectors.joining(", "));
    }
}
