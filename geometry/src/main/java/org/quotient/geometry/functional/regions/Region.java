package org.quotient.geometry.functional.regions;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;

/**
 * A linear region: inputs with interior, on which all masks are constant.
 *
 * @param masks for each kink of the masked network its mask, row-major for one sample
 * @param points interior points, among them n + 1 affinely independent ones. On a region the Jacobian in the parameters is affine in
 *     the input (each gradient is, for fixed masks), so these decide what all points of the region contribute to its row space
 */
public record Region(List<double[]> masks, List<BigFraction[]> points) {}
