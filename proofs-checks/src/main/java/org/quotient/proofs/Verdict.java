package org.quotient.proofs;

/** What a check says of a statement. Never "passed". */
public enum Verdict {
    /** Holds for every instance to which it applies, each with an exact certificate. */
    PROVED,
    /** Holds for every instance to which it applies, as far as floating-point numbers or samples can tell. */
    SUPPORTED,
    /** There is a counterexample. */
    REFUTED,
    /** The hypotheses fail for every instance tried. */
    NOT_APPLICABLE
}
