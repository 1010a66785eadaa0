package org.quotient.autodiff;

import java.util.Arrays;
import java.util.List;

/**
 * The sizes of a tensor's axes. One symbolic size, {@link #N} (the batch), may appear; it is bound when an expression is
 * evaluated. Immutable.
 */
public final class Shape {
    /** The symbolic batch size. */
    public static final int N = -1;

    /** The shape of a scalar: no axes. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] sizes;

    private Shape(int[] sizes) {
        this.sizes = sizes;
    }

    /**
     * A shape from its sizes.
     *
     * @param sizes each at least 0, or {@link #N}
     * @return the shape
     * @throws IllegalArgumentException if a size is neither
     */
    public static Shape of(int... sizes) {
        for (int size : sizes) {
            if (size < 0 && size != N) {
                throw new IllegalArgumentException(
                        "A size must be 0 or more, or Shape.N for the batch; given " + Arrays.toString(sizes));
            }
        }
        return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
    }

    /** A shape from a list of sizes; see {@link #of(int...)}. */
    public static Shape of(List<Integer> sizes) {
        return of(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The number of axes. */
    public int rank() {
        return sizes.length;
    }

    /**
     * The size of an axis.
     *
     * @param axis from 0 to rank − 1, or negative counted from the end
     * @return the size, {@link #N} for the batch
     */
    public int size(int axis) {
        return sizes[axis < 0 ? axis + sizes.length : axis];
    }

    /** All sizes, as a fresh array. */
    public int[] sizes() {
        return sizes.clone();
    }

    /** Whether an axis has the symbolic size {@link #N}. */
    public boolean isSymbolic() {
        for (int size : sizes) {
            if (size == N) {
                return true;
            }
        }
        return false;
    }

    /**
     * The number of elements.
     *
     * @throws IllegalStateException if the batch is not bound
     * @throws ArithmeticException if there are more elements than an int counts
     */
    public int elements() {
        int count = 1;
        for (int size : sizes) {
            if (size == N) {
                throw new IllegalStateException("The batch size of " + this + " is not bound yet");
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /** This shape with the batch bound to {@code n}. */
    public Shape bind(int n) {
        int[] bound = sizes.clone();
        for (int i = 0; i < bound.length; i++) {
            if (bound[i] == N) {
                bound[i] = n;
            }
        }
        return new Shape(bound);
    }

    /** This shape without the given axes (in increasing order or not; each within range). */
    public Shape without(List<Integer> axes) {
        int[] kept = new int[sizes.length - axes.size()];
        int j = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (!axes.contains(i)) {
                kept[j++] = sizes[i];
            }
        }
        return new Shape(kept);
    }

    /** Row-major strides, in elements; the shape must be bound. */
    public int[] strides() {
        int[] strides = new int[sizes.length];
        int step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= sizes[i];
        }
        return strides;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** Such as {@code [N, 3, 32, 32]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < sizes.length; i++) {
            text.append(i == 0 ? "" : ", ").append(sizes[i] == N ? "N" : String.valueOf(sizes[i]));
        }
        return text.append(']').toString();
    }
}
