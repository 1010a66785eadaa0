package org.quotient.proofs;

/** How much is tried. */
public enum Level {
    /** Seconds: for every day. */
    QUICK,
    /** Minutes. */
    FULL
}
