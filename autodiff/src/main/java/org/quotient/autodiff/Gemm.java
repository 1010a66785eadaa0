package org.quotient.autodiff;

/** Dense matrix products over row-major arrays, in plain loops that the compiler vectorises. */
final class Gemm {
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
        int terms = Math.min(numbers.exactTerms(), 1 << 20);
        for (int k0 = 0; k0 < k; k0 += terms) {
            int k1 = Math.min(k, k0 + terms);
            for (int i = 0; i < m; i++) {
                row(k0, k1, n, a, ao + i * k, b, bo, c, co + i * n);
            }
            for (int i = co; i < co + m * n; i++) {
                c[i] = k1 < k && !numbers.exact() ? c[i] : numbers.settle(c[i]);
            }
        }
    }

    private static void row(int k0, int k1, int n, double[] a, int ai, double[] b, int bo, double[] c, int ci) {
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
            for (int j = 0; j < n; j++) {
                c[ci + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
            }
        }
        for (; p < k1; p++) {
            double a0 = a[ai + p];
            int b0 = bo + p * n;
            for (int j = 0; j < n; j++) {
                c[ci + j] += a0 * b[b0 + j];
            }
        }
    }
}
