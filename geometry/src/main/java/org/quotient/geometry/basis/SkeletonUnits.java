package org.quotient.geometry.basis;

import java.util.Arrays;

/**
 * Units for the values of basis paths: a positive number per generator for the products PI from the inputs, and one for the
 * products PO to the outputs. They are constants of the coordinates, not functions of the weights; see {@link
 * SkeletonSpace#unitsAt}.
 */
public final class SkeletonUnits {
    private final double[] in;
    private final double[] out;

    /**
     * Units.
     *
     * @param in for PI, one positive finite number per generator
     * @param out for PO, likewise
     * @throws IllegalArgumentException if the numbers are none such, or the lengths differ
     */
    public SkeletonUnits(double[] in, double[] out) {
        if (in.length != out.length || !positive(in) || !positive(out)) {
            throw new IllegalArgumentException(
                    "Units are as many positive finite numbers for the ways in as for the ways"
                            + " out, one per generator; given " + in.length + " and " + out.length);
        }
        this.in = in.clone();
        this.out = out.clone();
    }

    private static boolean positive(double[] numbers) {
        return Arrays.stream(numbers).allMatch(x -> x > 0 && x < Double.POSITIVE_INFINITY);
    }

    /** What brings a number to ±size, or 1 where no finite positive factor does. */
    static double ratio(double size, double number) {
        double ratio = size / Math.abs(number);
        return ratio > 0 && ratio < Double.POSITIVE_INFINITY ? ratio : 1;
    }

    /** How many generators there are. */
    public int generators() {
        return in.length;
    }

    /** The units of PI. */
    public double[] in() {
        return in.clone();
    }

    /** The units of PO. */
    public double[] out() {
        return out.clone();
    }

    /** The same with 1 for the ground at the end. */
    static double[] withGround(double[] numbers) {
        double[] all = Arrays.copyOf(numbers, numbers.length + 1);
        all[numbers.length] = 1;
        return all;
    }
}
