package org.quotient.geometry.paths;

/**
 * One path: a monomial and where it ends.
 *
 * @param vector the exponents
 * @param sink the number of the sink, as in {@link PathGraph#sinkKind}
 * @param kind why it ends there
 * @param group the sink's scale group, −1 if its scale is pinned
 */
public record Monomial(PathVector vector, int sink, SinkKind kind, int group) {}
