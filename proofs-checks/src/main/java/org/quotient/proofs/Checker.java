package org.quotient.proofs;

/**
 * Decides whether a statement holds for one instance.
 *
 * @param <I> the instances
 */
@FunctionalInterface
public interface Checker<I> {
    /** Checks one instance, to which the hypotheses of the theorem apply. */
    Finding check(I instance);
}
