package org.quotient.geometry.lifting;

import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;

/**
 * A tensor times a power of two, for numbers beyond the range of double precision.
 *
 * @param value the numbers before scaling, in double precision
 * @param exponent of the power of two
 */
public record ScaledTensor(Tensor value, long exponent) {

    /** A tensor scaled such that its largest absolute value lies in [1, 2), or all is zero. */
    static ScaledTensor normalised(Tensor value, long exponent) {
        double most = value.maxAbs();
        if (Double.isNaN(most) || Double.isInfinite(most)) {
            throw new IllegalArgumentException("A path norm needs finite numbers; found " + most);
        }
        if (most == 0) {
            return new ScaledTensor(value, 0);
        }
        int shift = Math.getExponent(most);
        return new ScaledTensor(shifted(value, -shift), exponent + shift);
    }

    /**
     * Powers of absolute values, of any size.
     *
     * @param x finite
     * @param q positive
     */
    public static ScaledTensor power(Tensor x, double q) {
        double most = x.maxAbs();
        if (!Double.isFinite(most)) {
            throw new IllegalArgumentException("A power needs finite numbers; found " + most);
        }
        int shift = most == 0 ? 0 : Math.getExponent(most);
        long exponent = (long) Math.floor(shift * q);
        double factor = Math.pow(2, shift * q - exponent);
        return new ScaledTensor(
                Tensor.fill(x.shape(), DType.F64, i -> factor * Math.pow(Math.abs(Math.scalb(x.get(i), -shift)), q)),
                exponent);
    }

    /** Products of two tensors, of any size. */
    static ScaledTensor product(Tensor x, Tensor y) {
        ScaledTensor a = normalised(x, 0);
        ScaledTensor b = normalised(y, 0);
        return new ScaledTensor(
                Tensor.fill(
                        x.shape(), DType.F64, i -> a.value().get(i) * b.value().get(i)),
                a.exponent() + b.exponent());
    }

    /** Numbers given by their logarithms, −∞ for 0. */
    static ScaledTensor ofLogs(org.quotient.autodiff.Shape shape, double[] logs) {
        double most = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            most = Math.max(most, log);
        }
        long exponent = most == Double.NEGATIVE_INFINITY ? 0 : (long) Math.floor(most / Math.log(2));
        return new ScaledTensor(
                Tensor.fill(shape, DType.F64, i -> Math.exp(logs[i] - exponent * Math.log(2))), exponent);
    }

    /** The natural logarithm of the absolute value of an element; −∞ for zero. */
    public double log(int i) {
        return Math.log(Math.abs(value.get(i))) + logScale();
    }

    /** The natural logarithm of the power of two. */
    public double logScale() {
        return exponent * Math.log(2);
    }

    /** The value of an element, infinite or zero where it is out of range. */
    public double get(int i) {
        return Math.scalb(value.get(i), (int) Math.clamp(exponent, -4_000, 4_000));
    }

    /** The numbers for another exponent. */
    Tensor at(long common) {
        return exponent == common ? value : shifted(value, exponent - common);
    }

    private static Tensor shifted(Tensor value, long by) {
        int shift = (int) Math.clamp(by, -4_000, 4_000);
        return shift == 0 ? value : Tensor.fill(value.shape(), DType.F64, i -> Math.scalb(value.get(i), shift));
    }
}
