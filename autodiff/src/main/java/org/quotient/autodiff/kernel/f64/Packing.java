package org.quotient.autodiff.kernel.f64;

/** Brings an operand into the order in which the kernels read it. */
final class Packing {
    /** Rows and columns of the blocks in which a transposed operand is read, so that both sides stay in the cache. */
    private static final int BLOCK = 16;

    private Packing() {}

    /**
     * Copies a k×n matrix, times a factor, into rows.
     *
     * @param k rows
     * @param n columns
     * @param b source, element (i, j) at {@code bo + i·rowStep + j·columnStep}
     * @param factor multiplied to each element
     * @param to target, element (i, j) at {@code i·width + j}
     * @param width row stride of the target, at least n; columns from n to it are set to zero
     */
    static void rows(
            int k, int n, double[] b, int bo, int rowStep, int columnStep, double factor, double[] to, int width) {
        if (columnStep == 1) {
            for (int i = 0; i < k; i++) {
                row(n, b, bo + i * rowStep, factor, to, i * width);
            }
        } else {
            for (int i = 0; i < k; i += BLOCK) {
                int rows = Math.min(BLOCK, k - i);
                for (int j = 0; j < n; j += BLOCK) {
                    block(
                            rows,
                            Math.min(BLOCK, n - j),
                            b,
                            bo + i * rowStep + j * columnStep,
                            rowStep,
                            columnStep,
                            factor,
                            to,
                            i * width + j,
                            width);
                }
            }
        }
        if (width > n) {
            for (int i = 0; i < k; i++) {
                java.util.Arrays.fill(to, i * width + n, (i + 1) * width, 0);
            }
        }
    }

    private static void row(int n, double[] b, int from, double factor, double[] to, int at) {
        if (factor == 1) {
            System.arraycopy(b, from, to, at, n);
        } else {
            for (int j = 0; j < n; j++) {
                to[at + j] = factor * b[from + j];
            }
        }
    }

    private static void block(
            int rows,
            int columns,
            double[] b,
            int from,
            int rowStep,
            int columnStep,
            double factor,
            double[] to,
            int at,
            int width) {
        for (int j = 0; j < columns; j++) {
            int read = from + j * columnStep;
            int write = at + j;
            for (int i = 0; i < rows; i++) {
                to[write] = factor * b[read];
                read += rowStep;
                write += width;
            }
        }
    }
}
