package org.quotient.autodiff;

import org.quotient.autodiff.field.FieldProducts;

/**
 * Dense matrix products over row-major arrays, in plain loops that the compiler vectorises: blocks of B that stay in the
 * second-level cache, two rows of C at a time. The order of summation depends on the sizes only.
 */
final class Gemm {
    /** Inner terms of a block, where the arithmetic allows as many between two settlements. */
    private static final int DEPTH = 64;

    /** Columns of a block. */
    private static final int WIDTH = 512;

    /** Products of at least so many terms modulo a prime go to the kernels: they are exact, so the values are the same. */
    private static final long LARGE = 100_000;

    private Gemm() {}

    /**
     * C += A·B, settled.
     *
     * @param a m×k from offset {@code ao}; not modified
     * @param b k×n from offset {@code bo}; not modified
     * @param c m×n from offset {@code co}; modified
     */
    static void multiply(
            int m, int n, int k, double[] a, int ao, double[] b, int bo, double[] c, int co, Numbers numbers) {
        if (numbers instanceof Numbers.PrimeField field && (long) m * n * k >= LARGE) {
            new FieldProducts(field).add(m, n, k, a, ao, b, bo, c, co);
            return;
        }
        int depth = Math.min(DEPTH, numbers.exactTerms());
        for (int k0 = 0; k0 < k; k0 += depth) {
            int k1 = Math.min(k, k0 + depth);
            for (int j0 = 0; j0 < n; j0 += WIDTH) {
                int width = Math.min(WIDTH, n - j0);
                int i = 0;
                for (; i + 2 <= m; i += 2) {
                    twoRows(k0, k1, n, width, a, ao + i * k, k, b, bo + j0, c, co + i * n + j0);
                }
                if (i < m) {
                    oneRow(k0, k1, n, width, a, ao + i * k, b, bo + j0, c, co + i * n + j0);
                }
            }
            if (numbers.exact()) {
                numbers.settle(c, co, co + m * n);
            }
        }
        if (!numbers.exact()) {
            numbers.settle(c, co, co + m * n);
        }
    }

    private static void twoRows(
            int k0, int k1, int n, int width, double[] a, int ai, int k, double[] b, int bo, double[] c, int ci) {
        int p = k0;
        for (; p + 4 <= k1; p += 4) {
            int row = ai + p;
            double a0 = a[row];
            double a1 = a[row + 1];
            double a2 = a[row + 2];
            double a3 = a[row + 3];
            double d0 = a[row + k];
            double d1 = a[row + k + 1];
            double d2 = a[row + k + 2];
            double d3 = a[row + k + 3];
            int b0 = bo + p * n;
            int b1 = b0 + n;
            int b2 = b1 + n;
            int b3 = b2 + n;
            int cj = ci + n;
            for (int j = 0; j < width; j++) {
                double x0 = b[b0 + j];
                double x1 = b[b1 + j];
                double x2 = b[b2 + j];
                double x3 = b[b3 + j];
                c[ci + j] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3;
                c[cj + j] += d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3;
            }
        }
        if (p < k1) {
            oneRow(p, k1, n, width, a, ai, b, bo, c, ci);
            oneRow(p, k1, n, width, a, ai + k, b, bo, c, ci + n);
        }
    }

    private static void oneRow(
            int k0, int k1, int n, int width, double[] a, int ai, double[] b, int bo, double[] c, int ci) {
        int p = k0;
        for (; p + 4 <= k1; p += 4) {
            double a0 = a[ai + p];
            double a1 = a[ai + p + 1];
            double a2 = a[ai + p + 2];
            double a3 = a[ai + p + 3];
            int b0 = bo + p * n;
            int b1 = b0 + n;
            int b2 = b1 + n;
            int b3 = b2 + n;
            for (int j = 0; j < width; j++) {
                c[ci + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
            }
        }
        for (; p < k1; p++) {
            double a0 = a[ai + p];
            int b0 = bo + p * n;
            for (int j = 0; j < width; j++) {
                c[ci + j] += a0 * b[b0 + j];
            }
        }
    }
}
