package org.quotient.proofs;

import java.util.function.Predicate;

/**
 * Something that a theorem assumes of an instance.
 *
 * @param statement in a few words, as an assumption: "some parameter is live"
 * @param holds whether it is so
 * @param <I> the instances
 */
public record Hypothesis<I>(String statement, Predicate<I> holds) {}
