package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Product;

/**
 * Matrix products in plain loops, four rows by four columns at a time: for small ones, where the vector module is absent, and
 * until its code is compiled. Any strides; every element is the same chain of fused multiply-adds as in {@link Tile}.
 */
final class PlainProducts {
    private static final int SIDE = 4;

    private PlainProducts() {}

    /** The first n columns of rows {@code first} to {@code last} − 1 of one product of a batch, from the given offsets. */
    static void multiply(
            Product p, int first, int last, int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        int i = first;
        for (; i + SIDE <= last; i += SIDE) {
            int j = 0;
            for (; j + SIDE <= n; j += SIDE) {
                square(p, a, ao + i * p.aRow(), b, bo + j * p.bColumn(), c, co + i * p.cRow() + j * p.cColumn());
            }
            elements(p, i, i + SIDE, j, n, a, ao, b, bo, c, co);
        }
        elements(p, i, last, 0, n, a, ao, b, bo, c, co);
    }

    private static void elements(
            Product p,
            int first,
            int last,
            int from,
            int to,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co) {
        double alpha = (double) p.alpha();
        int inner = p.k();
        int aStep = p.aColumn();
        int bStep = p.bRow();
        for (int i = first; i < last; i++) {
            for (int j = from; j < to; j++) {
                int at = co + i * p.cRow() + j * p.cColumn();
                double sum = p.accumulate() ? c[at] : 0;
                int x = ao + i * p.aRow();
                int y = bo + j * p.bColumn();
                for (int k = 0; k < inner; k++) {
                    sum = Math.fma(a[x], alpha * b[y], sum);
                    x += aStep;
                    y += bStep;
                }
                c[at] = sum;
            }
        }
    }

    private static void square(Product p, double[] a, int x, double[] b, int y, double[] c, int at) {
        double alpha = (double) p.alpha();
        boolean adding = p.accumulate();
        int r = p.cRow();
        int s = p.cColumn();
        double c00 = adding ? c[at] : 0;
        double c01 = adding ? c[at + s] : 0;
        double c02 = adding ? c[at + 2 * s] : 0;
        double c03 = adding ? c[at + 3 * s] : 0;
        double c10 = adding ? c[at + r] : 0;
        double c11 = adding ? c[at + r + s] : 0;
        double c12 = adding ? c[at + r + 2 * s] : 0;
        double c13 = adding ? c[at + r + 3 * s] : 0;
        double c20 = adding ? c[at + 2 * r] : 0;
        double c21 = adding ? c[at + 2 * r + s] : 0;
        double c22 = adding ? c[at + 2 * r + 2 * s] : 0;
        double c23 = adding ? c[at + 2 * r + 3 * s] : 0;
        double c30 = adding ? c[at + 3 * r] : 0;
        double c31 = adding ? c[at + 3 * r + s] : 0;
        double c32 = adding ? c[at + 3 * r + 2 * s] : 0;
        double c33 = adding ? c[at + 3 * r + 3 * s] : 0;
        int a1 = p.aRow();
        int a2 = 2 * a1;
        int a3 = 3 * a1;
        int b1 = p.bColumn();
        int b2 = 2 * b1;
        int b3 = 3 * b1;
        int read = x;
        int row = y;
        for (int k = 0; k < p.k(); k++) {
            double y0 = alpha * b[row];
            double y1 = alpha * b[row + b1];
            double y2 = alpha * b[row + b2];
            double y3 = alpha * b[row + b3];
            double x0 = a[read];
            c00 = Math.fma(x0, y0, c00);
            c01 = Math.fma(x0, y1, c01);
            c02 = Math.fma(x0, y2, c02);
            c03 = Math.fma(x0, y3, c03);
            double x1 = a[read + a1];
            c10 = Math.fma(x1, y0, c10);
            c11 = Math.fma(x1, y1, c11);
            c12 = Math.fma(x1, y2, c12);
            c13 = Math.fma(x1, y3, c13);
            double x2 = a[read + a2];
            c20 = Math.fma(x2, y0, c20);
            c21 = Math.fma(x2, y1, c21);
            c22 = Math.fma(x2, y2, c22);
            c23 = Math.fma(x2, y3, c23);
            double x3 = a[read + a3];
            c30 = Math.fma(x3, y0, c30);
            c31 = Math.fma(x3, y1, c31);
            c32 = Math.fma(x3, y2, c32);
            c33 = Math.fma(x3, y3, c33);
            read += p.aColumn();
            row += p.bRow();
        }
        c[at] = c00;
        c[at + s] = c01;
        c[at + 2 * s] = c02;
        c[at + 3 * s] = c03;
        c[at + r] = c10;
        c[at + r + s] = c11;
        c[at + r + 2 * s] = c12;
        c[at + r + 3 * s] = c13;
        c[at + 2 * r] = c20;
        c[at + 2 * r + s] = c21;
        c[at + 2 * r + 2 * s] = c22;
        c[at + 2 * r + 3 * s] = c23;
        c[at + 3 * r] = c30;
        c[at + 3 * r + s] = c31;
        c[at + 3 * r + 2 * s] = c32;
        c[at + 3 * r + 3 * s] = c33;
    }
}
