package org.quotient.proofs;

/**
 * A statement with a way to check it on instances.
 *
 * @param statement in plain text
 * @param checker decides it for one instance
 * @param <I> the instances
 */
public record Claim<I>(String statement, Checker<I> checker) {}
