package org.quotient.geometry.functional.pattern;

import java.math.BigInteger;
import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * The exact values of a node for one sample.
 *
 * @param shape with the batch bound to 1
 * @param numbers row-major
 * @param nonzero whether an element may be other than 0 at parameters near θ, row-major
 */
public record ExactValues(Shape shape, BigFraction[] numbers, boolean[] nonzero) {

    /** The fraction that a double is. */
    public static BigFraction of(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 0x1p53) {
            return new BigFraction(BigInteger.valueOf((long) value));
        }
        int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
        BigInteger mantissa = BigInteger.valueOf((long) Math.scalb(value, -exponent));
        return exponent >= 0
                ? new BigFraction(mantissa.shiftLeft(exponent))
                : new BigFraction(mantissa, BigInteger.ONE.shiftLeft(-exponent));
    }

    /** Numbers that do not change with the parameters. */
    public static ExactValues constant(Shape shape, BigFraction[] numbers) {
        boolean[] nonzero = new boolean[numbers.length];
        for (int i = 0; i < nonzero.length; i++) {
            nonzero[i] = numbers[i].getNumerator().signum() != 0;
        }
        return new ExactValues(shape, numbers, nonzero);
    }

    /** A tensor of numbers that do not change with the parameters. */
    public static ExactValues constant(Shape shape, Tensor values) {
        return constant(shape, fractions(values.data()));
    }

    /** Parameters: any may be other than 0 nearby. */
    public static ExactValues parameter(Shape shape, Tensor values) {
        boolean[] nonzero = new boolean[values.size()];
        Arrays.fill(nonzero, true);
        return new ExactValues(shape, fractions(values.data()), nonzero);
    }

    private static BigFraction[] fractions(double[] data) {
        BigFraction[] numbers = new BigFraction[data.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = of(data[i]);
        }
        return numbers;
    }

    /** Zeros, to be added to. */
    public static ExactValues zeros(Shape shape) {
        BigFraction[] numbers = new BigFraction[shape.elements()];
        Arrays.fill(numbers, BigFraction.ZERO);
        return new ExactValues(shape, numbers, new boolean[numbers.length]);
    }

    /** −1, 0 or 1. */
    int sign(int i) {
        return numbers[i].getNumerator().signum();
    }

    /** Adds a number to an element, in place. */
    void add(int i, BigFraction value, boolean mayDiffer) {
        if (value.getNumerator().signum() != 0) {
            numbers[i] = numbers[i].add(value);
        }
        nonzero[i] |= mayDiffer;
    }
}
