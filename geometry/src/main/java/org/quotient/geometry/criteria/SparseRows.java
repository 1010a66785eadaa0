package org.quotient.geometry.criteria;

/**
 * Terms E_t·exp(s·r_t·z) with any sparse rows r_t, in compressed form: what reused weights, tied elements and sums of several
 * scales yield.
 */
final class SparseRows {
    /** Row t has its entries from start[t] to start[t + 1]. */
    final int[] start;

    final int[] generators;
    final double[] coefficients;

    /** Logarithms of the energies; −∞ where there is none. */
    final double[] log;

    SparseRows(int[] start, int[] generators, double[] coefficients, double[] log) {
        this.start = start;
        this.generators = generators;
        this.coefficients = coefficients;
        this.log = log;
    }

    int count() {
        return log.length;
    }

    /** r_t·z. */
    double times(int t, double[] z) {
        double sum = 0;
        for (int k = start[t]; k < start[t + 1]; k++) {
            sum += coefficients[k] * z[generators[k]];
        }
        return sum;
    }

    double weights(double[] z, double speed, double shift, double[] w) {
        double total = 0;
        for (int t = 0; t < log.length; t++) {
            w[t] = Math.exp(log[t] + speed * times(t, z) - shift);
            total += w[t];
        }
        return total;
    }

    /** Fills w with old weights times exp(s·r_t·δ); returns the sum. */
    double moved(double[] old, double[] delta, double speed, double[] w) {
        double total = 0;
        for (int t = 0; t < log.length; t++) {
            w[t] = old[t] * Math.exp(speed * times(t, delta));
            total += w[t];
        }
        return total;
    }

    double largest(double[] z, double speed) {
        double most = Double.NEGATIVE_INFINITY;
        for (int t = 0; t < log.length; t++) {
            most = Math.max(most, log[t] + speed * times(t, z));
        }
        return most;
    }

    /** Adds Rᵀw. */
    void project(double[] w, double[] out) {
        for (int t = 0; t < log.length; t++) {
            add(t, w[t], out);
        }
    }

    /** Adds RᵀWRy. */
    void times(double[] w, double[] y, double[] out) {
        for (int t = 0; t < log.length; t++) {
            if (w[t] != 0) {
                add(t, w[t] * times(t, y), out);
            }
        }
    }

    private void add(int t, double value, double[] out) {
        for (int k = start[t]; k < start[t + 1]; k++) {
            out[generators[k]] += coefficients[k] * value;
        }
    }
}
