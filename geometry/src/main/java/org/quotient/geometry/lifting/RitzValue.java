package org.quotient.geometry.lifting;

/**
 * An approximation of an eigenvalue of a symmetric matrix.
 *
 * @param value λ
 * @param residual ‖Au − λu‖ for its vector u of norm 1: some eigenvalue is no further from λ than this
 */
public record RitzValue(double value, double residual) {}
