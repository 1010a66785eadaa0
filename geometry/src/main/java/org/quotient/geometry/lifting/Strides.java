package org.quotient.geometry.lifting;

/** Row-major indices. */
final class Strides {
    private Strides() {}

    /** One index per axis of a row-major position. */
    static int[] unravel(int position, int[] sizes) {
        int[] index = new int[sizes.length];
        for (int axis = sizes.length - 1, rest = position; axis >= 0; axis--) {
            index[axis] = rest % sizes[axis];
            rest /= sizes[axis];
        }
        return index;
    }

    /** Σ index_i · step_i over the indices of a row-major position. */
    static int at(int position, int[] sizes, int[] step) {
        int at = 0;
        for (int axis = sizes.length - 1, rest = position; axis >= 0; axis--) {
            at += rest % sizes[axis] * step[axis];
            rest /= sizes[axis];
        }
        return at;
    }

    /** The product of the sizes. */
    static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }
}
