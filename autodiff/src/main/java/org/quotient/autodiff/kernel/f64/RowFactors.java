package org.quotient.autodiff.kernel.f64;

/** x */
record RowFactors(double[] numbers, int offset) {
    void multiply(int first, int rows, int columns, double[] c, int at, int step) {
        for (int r = 0; r < rows; r++) {
            double factor = numbers[offset + first + r];
            for (int j = at + r * step, end = j + columns; j < end; j++) {
                c[j] *= factor;
            }
        }
    }
}
