package org.quotient.autodiff;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * A dense array of numbers, row-major. Values of dtype F32 are kept as doubles that are exactly representable in single
 * precision. The array is shared, not copied, by {@link #data()}: whoever writes to it owns it.
 */
public final class Tensor {
    private final Shape shape;
    private final DType dtype;
    private final double[] data;

    private Tensor(Shape shape, DType dtype, double[] data) {
        this.shape = shape;
        this.dtype = dtype;
        this.data = data;
    }

    /**
     * A tensor over an array that it takes over (F32 values are rounded in place).
     *
     * @param shape bound
     * @param dtype the type of the values
     * @param data as many numbers as the shape has elements, row-major
     * @return the tensor
     * @throws IllegalArgumentException if the counts differ
     */
    public static Tensor of(Shape shape, DType dtype, double... data) {
        if (shape.elements() != data.length) {
            throw new IllegalArgumentException(
                    "A tensor of shape " + shape + " has " + shape.elements() + " elements; given " + data.length);
        }
        if (dtype == DType.F32) {
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) data[i];
            }
        }
        return new Tensor(shape, dtype, data);
    }

    /** A tensor of dtype F64; see {@link #of(Shape, DType, double...)}. */
    public static Tensor of(Shape shape, double... data) {
        return of(shape, DType.F64, data);
    }

    /** A tensor whose element i (row-major) is {@code value.applyAsDouble(i)}, rounded to the dtype. */
    public static Tensor fill(Shape shape, DType dtype, IntToDoubleFunction value) {
        double[] data = new double[shape.elements()];
        for (int i = 0; i < data.length; i++) {
            data[i] = dtype.round(value.applyAsDouble(i));
        }
        return new Tensor(shape, dtype, data);
    }

    /** A scalar of dtype F64. */
    public static Tensor scalar(double value) {
        return of(Shape.SCALAR, value);
    }

    /** The shape, bound. */
    public Shape shape() {
        return shape;
    }

    /** The type of the values. */
    public DType dtype() {
        return dtype;
    }

    /** The values, row-major; shared, not a copy. */
    public double[] data() {
        return data;
    }

    /** The number of elements. */
    public int size() {
        return data.length;
    }

    /** Element i in row-major order. */
    public double get(int i) {
        return data[i];
    }

    /**
     * The only element.
     *
     * @throws IllegalStateException if there is not exactly one
     */
    public double item() {
        if (data.length != 1) {
            throw new IllegalStateException("item() needs one element; the shape is " + shape);
        }
        return data[0];
    }

    /** These values under another dtype, rounded; a copy. */
    public Tensor cast(DType to) {
        return of(shape, to, data.clone());
    }

    /** The same values under another shape of equal size; the array is shared. */
    public Tensor reshaped(Shape to) {
        return new Tensor(to, dtype, checkSize(to, data));
    }

    private static double[] checkSize(Shape to, double[] data) {
        if (to.elements() != data.length) {
            throw new IllegalArgumentException("Cannot see " + data.length + " elements as " + to);
        }
        return data;
    }

    /** Whether shape, dtype and every bit of every value agree (0.0 and −0.0 count as equal, NaN equals NaN). */
    public boolean sameBits(Tensor other) {
        if (!shape.equals(other.shape) || dtype != other.dtype) {
            return false;
        }
        for (int i = 0; i < data.length; i++) {
            if (data[i] != other.data[i] && !(Double.isNaN(data[i]) && Double.isNaN(other.data[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The largest absolute value, 0 if empty, NaN if one is NaN. */
    public double maxAbs() {
        double max = 0;
        for (double value : data) {
            max = Math.max(max, Math.abs(value));
        }
        return max;
    }

    @Override
    public String toString() {
        String values = data.length <= 12
                ? Arrays.toString(data)
                : Arrays.toString(Arrays.copyOf(data, 12)).replace("]", ", ...]");
        return dtype + shape.toString() + " " + values;
    }
}
