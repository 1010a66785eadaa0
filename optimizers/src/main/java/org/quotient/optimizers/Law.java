package org.quotient.optimizers;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an update owes to the rescaling group: for which group elements g it commutes with the action, T(gθ, gs) = g·T(θ, s).
 * Then the trajectory of the network's function from gθ is that from θ.
 */
public sealed interface Law {
    /** The trajectory of the function does not depend on the representative. */
    Law INVARIANT = new Invariant();

    /** No invariance is promised beyond the identity. */
    Law NONE = new None();

    /**
     * Invariant under the rescalings that multiply each parameter tensor by one number: one scale per layer (Rangamani et al.
     * 2019), if each layer's biases are a tensor of their own.
     */
    Law UNIFORM_PER_TENSOR = new Subgroup(
            "one scale per parameter tensor",
            scales -> scales.values().stream().allMatch(s -> Arrays.stream(s).allMatch(x -> x == s[0])));

    /** See {@link #INVARIANT}. */
    record Invariant() implements Law {}

    /** See {@link #NONE}. */
    record None() implements Law {}

    /**
     * Invariant under some of the group.
     *
     * @param name of the subgroup, in words
     * @param members whether an element belongs to it, told from its log-scales per parameter element
     */
    record Subgroup(String name, Predicate<Map<String, double[]>> members) implements Law {
        /** The subgroup in words: a predicate has no text of its own. */
        @Override
        public String toString() {
            return "Subgroup[" + name + "]";
        }
    }

    /**
     * Whether the law covers a group element.
     *
     * @param logScales (Bz)_i by parameter name, as {@code RescalingGroup.logScales} gives them
     */
    default boolean covers(Map<String, double[]> logScales) {
        return switch (this) {
            case Invariant i -> true;
            case Subgroup s -> s.members().test(logScales);
            case None n ->
                logScales.values().stream().allMatch(s -> Arrays.stream(s).allMatch(x -> x == 0));
        };
    }

    /**
     * The law of a composition: what both parts respect.
     *
     * @param other the law of the other part
     */
    default Law and(Law other) {
        if (this instanceof None || other instanceof Invariant || equals(other)) {
            return this;
        }
        if (other instanceof None || this instanceof Invariant) {
            return other;
        }
        Subgroup a = (Subgroup) this;
        Subgroup b = (Subgroup) other;
        return new Subgroup(a.name() + ", and " + b.name(), a.members().and(b.members()));
    }
}
