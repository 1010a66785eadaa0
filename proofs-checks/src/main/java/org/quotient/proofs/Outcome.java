package org.quotient.proofs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What checking a theorem found.
 *
 * @param id the theorem's id
 * @param statement the theorem in plain text
 * @param latex the same as LaTeX
 * @param source where it comes from
 * @param hypotheses what it assumes
 * @param expected the verdict that is known to be right
 * @param result of the theorem itself
 * @param neighbour of its false neighbour
 */
public record Outcome(
        String id,
        String statement,
        String latex,
        String source,
        List<String> hypotheses,
        Verdict expected,
        Result result,
        Result neighbour) {

    /**
     * What checking one statement found.
     *
     * @param statement in plain text
     * @param verdict over all instances
     * @param instances how many were tried, those that fail hypotheses included
     * @param failed on how many of them the check broke off
     * @param evidence how many came out how, and an example
     * @param counterexample the smallest one found; null if there is none
     */
    public record Result(
            String statement,
            Verdict verdict,
            int instances,
            int failed,
            String evidence,
            @Nullable String counterexample) {}

    /** Whether the theorem has its expected verdict and its false neighbour is refuted, and no check broke off. */
    public boolean asExpected() {
        boolean complete = result.failed() == 0 && neighbour.failed() == 0;
        return complete && result.verdict() == expected && neighbour.verdict() == Verdict.REFUTED;
    }
}
