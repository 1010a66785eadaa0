package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;

/** Matrix products in plain loops: for small ones, where the vector module is absent, and until its code is compiled. */
final class PlainProducts {
    /** Columns from which a loop over columns is worth setting up. */
    private static final int LONG_ROW = 8;

    private PlainProducts() {}

    /** The first n columns of rows {@code first} to {@code last} − 1 of one product of a batch, from the given offsets. */
    static void multiply(
            Product p,
            int first,
            int last,
            int n,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            Scratch scratch) {
        if (n < LONG_ROW || p.bColumn() != 1 && n * p.k() > p.m() * p.k() * 4) {
            byElements(p, first, last, n, a, ao, b, bo, c, co);
        } else {
            byRows(p, first, last, n, a, ao, b, bo, c, co, scratch);
        }
    }

    private static void byElements(
            Product p, int first, int last, int n, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        double alpha = (double) p.alpha();
        int inner = p.k();
        int aStep = p.aColumn();
        int bStep = p.bRow();
        for (int i = first; i < last; i++) {
            for (int j = 0; j < n; j++) {
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

    private static void byRows(
            Product p,
            int first,
            int last,
            int n,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            Scratch scratch) {
        double[] rows = b;
        int start = bo;
        int step = p.bRow();
        if (p.bColumn() != 1 || p.alpha() != 1) {
            rows = scratch.f64(0, p.k() * n);
            Packing.rows(p.k(), n, b, bo, p.bRow(), p.bColumn(), (double) p.alpha(), rows, 0, n);
            start = 0;
            step = n;
        }
        boolean direct = p.cColumn() == 1;
        double[] sums = direct ? c : scratch.f64(1, n);
        for (int i = first; i < last; i++) {
            int row = co + i * p.cRow();
            int at = direct ? row : 0;
            for (int j = 0; j < n; j++) {
                sums[at + j] = p.accumulate() ? c[row + j * p.cColumn()] : 0;
            }
            for (int k = 0; k < p.k(); k++) {
                axpy(n, a[ao + i * p.aRow() + k * p.aColumn()], rows, start + k * step, sums, at);
            }
            for (int j = 0; j < n && !direct; j++) {
                c[row + j * p.cColumn()] = sums[j];
            }
        }
    }

    private static void axpy(int n, double factor, double[] x, int xo, double[] y, int yo) {
        for (int j = 0; j < n; j++) {
            y[yo + j] = Math.fma(factor, x[xo + j], y[yo + j]);
        }
    }
}
