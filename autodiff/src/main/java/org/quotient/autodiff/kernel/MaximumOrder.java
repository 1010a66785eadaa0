package org.quotient.autodiff.kernel;

/** Numbers as integers in the order in which a maximum is chosen: both zeros are equal, and what is no number is the largest. */
public final class MaximumOrder {
    private MaximumOrder() {}

    /** The integer of a number: {@code key(a) > key(b)} where {@code a} is preferred to {@code b}. */
    public static long key(double value) {
        // Adding zero makes the negative zero positive; below it the order of the bits is the reverse of that of the
        // numbers.
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }
}
