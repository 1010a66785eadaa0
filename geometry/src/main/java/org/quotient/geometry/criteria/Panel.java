package org.quotient.geometry.criteria;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Terms E_ij·exp(s(z_a(i) − z_b(j))) of one parameter, as a matrix: what a layer between two families of scales holds. The
 * index {@code ground} stands for a scale that is fixed at 0, so layers at the inputs and outputs are matrices too.
 */
final class Panel {
    /** Generator per row, with exponent 1; or ground. */
    final int[] plus;

    /** Generator per column, with exponent −1; or ground. */
    final int[] minus;

    /** The energies before scaling, row-major; 0 where there is none. */
    final double[] energy;

    /** The logarithm of what all energies are multiplied by. */
    final double logScale;

    private double @Nullable [] logs;

    Panel(int[] plus, int[] minus, double[] energy, double logScale) {
        this.plus = plus;
        this.minus = minus;
        this.energy = energy;
        this.logScale = logScale;
    }

    /** The logarithm of an energy; −∞ where there is none. */
    double log(int at) {
        return Math.log(energy[at]) + logScale;
    }

    /** The logarithms of all energies, which few solutions ask for. */
    private double[] logs() {
        double[] known = logs;
        if (known == null) {
            known = new double[energy.length];
            for (int k = 0; k < known.length; k++) {
                known[k] = log(k);
            }
            logs = known;
        }
        return known;
    }

    /** Fills w with E·exp(−shift), the terms at z = 0; returns the sum. */
    double origin(double shift, double[] w) {
        double factor = Math.exp(logScale - shift);
        for (int k = 0; k < w.length; k++) {
            w[k] = energy[k] * factor;
        }
        return sum(w, 0, w.length);
    }

    /** The logarithm of the largest energy; −∞ without one. */
    double largest() {
        double most = 0;
        for (double e : energy) {
            most = Math.max(most, e);
        }
        return Math.log(most) + logScale;
    }

    int rows() {
        return plus.length;
    }

    int columns() {
        return minus.length;
    }

    /** The values of z at the rows, or at the columns. */
    static double[] gather(int[] index, double[] z) {
        double[] out = new double[index.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = z[index[i]];
        }
        return out;
    }

    /** Fills w with exp(log E + s(z_a − z_b) − shift); returns the sum. */
    double weights(double[] z, double speed, double shift, double[] w) {
        double[] right = gather(minus, z);
        for (int j = 0; j < right.length; j++) {
            right[j] = -speed * right[j] - shift;
        }
        double[] log = logs();
        double total = 0;
        int n = right.length;
        for (int i = 0; i < plus.length; i++) {
            double left = speed * z[plus[i]];
            double sum = 0;
            for (int j = 0, at = i * n; j < n; j++, at++) {
                double x = Math.exp(log[at] + left + right[j]);
                w[at] = x;
                sum += x;
            }
            total += sum;
        }
        return total;
    }

    /** Fills w with old weights times exp(s(δ_a − δ_b)); returns the sum. */
    double moved(double[] old, double[] delta, double speed, double[] w) {
        double[] right = gather(minus, delta);
        for (int j = 0; j < right.length; j++) {
            right[j] = Math.exp(-speed * right[j]);
        }
        double total = 0;
        int n = right.length;
        for (int i = 0; i < plus.length; i++) {
            double left = Math.exp(speed * delta[plus[i]]);
            int at = i * n;
            for (int j = 0; j < n; j++) {
                w[at + j] = old[at + j] * left * right[j];
            }
            total += sum(w, at, n);
        }
        return total;
    }

    /** The sum of a run of numbers. */
    static double sum(double[] w, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            s0 += w[from + j];
            s1 += w[from + j + 1];
            s2 += w[from + j + 2];
            s3 += w[from + j + 3];
        }
        for (; j < n; j++) {
            s0 += w[from + j];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** log(eᵃ + eᵇ). */
    static double logSum(double a, double b) {
        double most = Math.max(a, b);
        return most == Double.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
    }

    /** Σ_j w_ij x_j. */
    static double dot(double[] w, int from, double[] x) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int n = x.length;
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            s0 += w[from + j] * x[j];
            s1 += w[from + j + 1] * x[j + 1];
            s2 += w[from + j + 2] * x[j + 2];
            s3 += w[from + j + 3] * x[j + 3];
        }
        for (; j < n; j++) {
            s0 += w[from + j] * x[j];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Σ u(log E + s(z_a − z_b) − mean) over the terms with energy; adds each to a, and its opposite to b, where asked to. */
    double logs(double[] z, double speed, double[] u, double mean, double @Nullable [] out) {
        double[] log = logs();
        double[] right = gather(minus, z);
        double total = 0;
        int n = right.length;
        for (int i = 0; i < plus.length; i++) {
            for (int j = 0; j < n; j++) {
                int at = i * n + j;
                if (energy[at] > 0) {
                    double value = u[at] * (log[at] + speed * (z[plus[i]] - right[j]) - mean);
                    total += value;
                    if (out != null) {
                        out[plus[i]] += value;
                        out[minus[j]] -= value;
                    }
                }
            }
        }
        return total;
    }

    /** The largest exponent log E + s(z_a − z_b); −∞ without terms. */
    double largest(double[] z, double speed) {
        double[] right = gather(minus, z);
        double most = Double.NEGATIVE_INFINITY;
        double[] log = logs();
        int n = right.length;
        for (int i = 0; i < plus.length; i++) {
            for (int j = 0; j < n; j++) {
                most = Math.max(most, log[i * n + j] + speed * (z[plus[i]] - right[j]));
            }
        }
        return most;
    }

    /** Sums of w along rows and columns. */
    void sums(double[] w, double[] rows, double[] columns) {
        Arrays.fill(columns, 0);
        int n = minus.length;
        for (int i = 0; i < plus.length; i++) {
            int at = i * n;
            rows[i] = sum(w, at, n);
            for (int j = 0; j < n; j++) {
                columns[j] += w[at + j];
            }
        }
    }

    /** Adds RᵀWRy: each term contributes w(y_a − y_b) to a and the opposite to b. */
    void times(double[] w, double[] rows, double[] columns, double[] y, double[] out) {
        double[] right = gather(minus, y);
        int n = right.length;
        double[] down = new double[n];
        for (int i = 0; i < plus.length; i++) {
            double left = y[plus[i]];
            int at = i * n;
            out[plus[i]] += rows[i] * left - dot(w, at, right);
            for (int j = 0; j < n; j++) {
                down[j] += w[at + j] * left;
            }
        }
        for (int j = 0; j < n; j++) {
            out[minus[j]] += columns[j] * right[j] - down[j];
        }
    }
}
