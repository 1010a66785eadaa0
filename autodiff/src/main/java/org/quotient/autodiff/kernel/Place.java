package org.quotient.autodiff.kernel;

/**
 * Where numbers lie: an array and the index of the first.
 *
 * @param array a {@code double[]} or {@code float[]}, by the number type of the kernels
 * @param offset index of the first element
 */
public record Place(Object array, int offset) {}
