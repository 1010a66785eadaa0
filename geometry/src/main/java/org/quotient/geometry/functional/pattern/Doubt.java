package org.quotient.geometry.functional.pattern;

/**
 * An element that may be 0, or two that may be equal.
 *
 * @param sample which sample
 * @param element which element of the sample
 * @param other the element that it is compared with, −1 for 0
 */
record Doubt(int sample, int element, int other) {}
