package org.quotient.proofs;

/** What a check says of one instance. */
public sealed interface Finding {

    /**
     * The statement holds for the instance, exactly.
     *
     * @param evidence the certificate, in words
     */
    record Proved(String evidence) implements Finding {}

    /**
     * The statement holds as far as samples or floating-point numbers can tell.
     *
     * @param evidence what was compared, in words
     */
    record Supported(String evidence) implements Finding {}

    /**
     * The instance is a counterexample.
     *
     * @param how what is found and what the statement predicts
     */
    record Refuted(String how) implements Finding {}

    /**
     * The statement says nothing of the instance, or nothing that can be checked.
     *
     * @param hypothesis the hypothesis that fails, in a few words that are the same for all such instances
     */
    record NotApplicable(String hypothesis) implements Finding {}

    /**
     * The check broke off on the instance, which is a fault of the check or of what it uses.
     *
     * @param message what it said
     */
    record Failed(String message) implements Finding {}
}
