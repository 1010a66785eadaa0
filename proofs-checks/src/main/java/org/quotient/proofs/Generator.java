package org.quotient.proofs;

/**
 * Makes an instance from decisions: the same decisions give the same instance, and smaller numbers a simpler one.
 *
 * @param <I> the instances
 */
@FunctionalInterface
public interface Generator<I> {
    /** The instance that some decisions lead to. */
    I draw(Choices choices);
}
