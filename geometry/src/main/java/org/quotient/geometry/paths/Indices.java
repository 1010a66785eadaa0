package org.quotient.geometry.paths;

/** Row-major index arithmetic. */
final class Indices {
    private Indices() {}

    static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** For each index tuple in row-major order the position {@code base + Σ index_i · step_i}. */
    static int[] positions(int[] sizes, int[] step, int base) {
        int[] positions = new int[product(sizes)];
        int[] index = new int[sizes.length];
        int at = base;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = at;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += step[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= step[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
        return positions;
    }

    /** {@code from[positions[i]]} for each i. */
    static int[] pick(int[] from, int[] positions) {
        int[] picked = new int[positions.length];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = from[positions[i]];
        }
        return picked;
    }
}
