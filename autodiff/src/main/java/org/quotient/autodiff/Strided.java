package org.quotient.autodiff;

/** Row-major walks with a second, strided index. */
final class Strided {
    private Strided() {}

    /** Receives a row-major position and the strided position that goes with it. */
    interface Visit {
        void at(int index, int strided);
    }

    /** Visits all index tuples in row-major order; the strided position is {@code Σ index_i · step_i}. */
    static void forEach(int[] sizes, int[] step, Visit visit) {
        int total = 1;
        for (int size : sizes) {
            total *= size;
        }
        int[] index = new int[sizes.length];
        int at = 0;
        for (int i = 0; i < total; i++) {
            visit.at(i, at);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += step[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= step[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }
}
