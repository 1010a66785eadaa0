package org.quotient.proofs;

import java.util.List;

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
        return check(level, seed, Long.MAX_VALUE);
    }

    /**
     * Checks the theorem and its neighbour on the first instances of a level.
     *
     * @param level which instances
     * @param seed for the random ones
     * @param most how many of them at most
     */
    public Outcome check(Level level, long seed, long most) {
        Tally<I> own = new Tally<>(instances, i -> finding(claim, i));
        Tally<I> beside = new Tally<>(instances, i -> finding(neighbour, i));
        instances.draw(level, seed).limit(most).forEach(drawn -> {
            own.add(drawn, finding(claim, drawn.instance()));
            beside.add(drawn, finding(neighbour, drawn.instance()));
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

    private Finding finding(Claim<I> statement, I instance) {
        try {
            for (Hypothesis<I> hypothesis : hypotheses) {
                if (!hypothesis.holds().test(instance)) {
                    return new Finding.NotApplicable(hypothesis.statement());
                }
            }
            return statement.checker().check(instance);
        } catch (RuntimeException e) {
            // Reported, so that the other theorems are still checked; it never counts as a refutation.
            return new Finding.Failed(e.toString());
        }
    }
}
