package org.quotient.proofs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A theorem as a value that can be checked. Its false neighbour is a statement close by that must come out
 * {@link Verdict#REFUTED} on the same instances; a checker that cannot fail, or instances that are too tame, show there.
 *
 * @param id a short name in lower case with hyphens
 * @param claim the statement and its checker
 * @param latex the statement as LaTeX
 * @param source author, year and number, or where it is derived
 * @param hypotheses what it assumes of an instance
 * @param instances what it is tried on
 * @param expected the verdict that is known to be right
 * @param neighbour the false neighbour
 * @param <I> the instances
 */
public record Theorem<I>(
        String id,
        Claim<I> claim,
        String latex,
        String source,
        List<Hypothesis<I>> hypotheses,
        Instances<I> instances,
        Verdict expected,
        Claim<I> neighbour) {

    /** Copies the list and checks the id. */
    public Theorem {
        hypotheses = List.copyOf(hypotheses);
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "The id of a theorem is in lower case with hyphens, such as dimension-theorem; given '" + id + "'");
        }
    }

    /**
     * Checks the theorem and its neighbour on the same instances.
     *
     * @param level how many instances
     * @param seed for the random ones
     */
    public Outcome check(Level level, long seed) {
        Tally<I> own = new Tally<>(instances);
        Tally<I> beside = new Tally<>(instances);
        instances.draw(level, seed).forEach(instance -> {
            Finding missing = missing(instance);
            own.add(instance, missing != null ? missing : claim.checker().check(instance));
            beside.add(instance, missing != null ? missing : neighbour.checker().check(instance));
        });
        return new Outcome(
                id,
                claim.statement(),
                latex,
                source,
                hypotheses.stream().map(Hypothesis::statement).toList(),
                expected,
                own.result(claim.statement()),
                beside.result(neighbour.statement()));
    }

    private @Nullable Finding missing(I instance) {
        for (Hypothesis<I> hypothesis : hypotheses) {
            if (!hypothesis.holds().test(instance)) {
                return new Finding.NotApplicable(hypothesis.statement());
            }
        }
        return null;
    }
}
