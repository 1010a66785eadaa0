package org.quotient.autodiff.kernel.f64;

/** Brings an operand into the order in which the kernels read it. */
final class Packing {
    /** Columns of a transposed operand that are read together: as many streams, and neighbouring writes. */
    private static final int STREAMS = 8;

    /** Rows of the target that stay in the first-level cache meanwhile. */
    private static final int BLOCK = 32;

    /**
     * Index at which packed panels begin: the first number of a line of the cache, if arrays begin on lines of 64 bytes with a
     * header of 16, as they do with {@code -XX:ObjectAlignmentInBytes=64}. A vector across two lines takes two loads.
     */
    static final int START = (64 - 16) / Double.BYTES;

    private Packing() {}

    /**
     * Copies a k×n matrix, times a factor, into rows.
     *
     * @param k rows
     * @param n columns
     * @param b source, element (i, j) at {@code bo + i·rowStep + j·columnStep}
     * @param factor multiplied to each element
     * @param to target, element (i, j) at {@code at + i·width + j}
     * @param width row stride of the target, at least n; columns from n to it are set to zero
     */
    static void rows(
            int k,
            int n,
            double[] b,
            int bo,
            int rowStep,
            int columnStep,
            double factor,
            double[] to,
            int at,
            int width) {
        if (columnStep == 1) {
            for (int i = 0; i < k; i++) {
                row(n, b, bo + i * rowStep, factor, to, at + i * width);
            }
        } else {
            for (int i = 0; i < k; i += BLOCK) {
                turned(
                        Math.min(BLOCK, k - i),
                        n,
                        b,
                        bo + i * rowStep,
                        rowStep,
                        columnStep,
                        factor,
                        to,
                        at + i * width,
                        width);
            }
        }
        if (width > n) {
            for (int i = 0; i < k; i++) {
                java.util.Arrays.fill(to, at + i * width + n, at + (i + 1) * width, 0);
            }
        }
    }

    private static void turned(
            int k,
            int n,
            double[] b,
            int bo,
            int rowStep,
            int columnStep,
            double factor,
            double[] to,
            int at,
            int width) {
        int j = 0;
        for (; j + STREAMS <= n; j += STREAMS) {
            streams(k, b, bo + j * columnStep, rowStep, columnStep, factor, to, at + j, width);
        }
        for (; j < n; j++) {
            int read = bo + j * columnStep;
            int write = at + j;
            for (int i = 0; i < k; i++) {
                to[write] = factor * b[read];
                read += rowStep;
                write += width;
            }
        }
    }

    private static void row(int n, double[] b, int from, double factor, double[] to, int at) {
        if (factor == 1) {
            System.arraycopy(b, from, to, at, n);
        } else {
            Loops.scale(n, factor, b, from, to, at);
        }
    }

    private static void streams(
            int k, double[] b, int from, int rowStep, int columnStep, double factor, double[] to, int at, int width) {
        int b1 = columnStep;
        int b2 = 2 * columnStep;
        int b3 = 3 * columnStep;
        int b4 = 4 * columnStep;
        int b5 = 5 * columnStep;
        int b6 = 6 * columnStep;
        int b7 = 7 * columnStep;
        int read = from;
        int write = at;
        for (int i = 0; i < k; i++) {
            to[write] = factor * b[read];
            to[write + 1] = factor * b[read + b1];
            to[write + 2] = factor * b[read + b2];
            to[write + 3] = factor * b[read + b3];
            to[write + 4] = factor * b[read + b4];
            to[write + 5] = factor * b[read + b5];
            to[write + 6] = factor * b[read + b6];
            to[write + 7] = factor * b[read + b7];
            read += rowStep;
            write += width;
        }
    }
}
