package org.quotient.geometry.manifold;

import org.ejml.data.DMatrixSparseCSC;

/**
 * Conjugate gradients with the diagonal as preconditioner (Hestenes and Stiefel 1952) on one component of a sparse symmetric
 * positive semi-definite matrix, down to rounding, with one refinement.
 */
final class ConjugateGradients {
    private static final double TOLERANCE = 1e-15;
    private static final int MOST_ITERATIONS = 20_000;

    private final DMatrixSparseCSC matrix;
    private final int[] component;
    private final int[] place;
    private final double[] diagonal;

    ConjugateGradients(DMatrixSparseCSC matrix, int[] component, int[] place) {
        this.matrix = matrix;
        this.component = component;
        this.place = place;
        this.diagonal = new double[component.length];
        for (int j = 0; j < component.length; j++) {
            for (int at = matrix.col_idx[component[j]]; at < matrix.col_idx[component[j] + 1]; at++) {
                if (matrix.nz_rows[at] == component[j]) {
                    diagonal[j] += matrix.nz_values[at];
                }
            }
        }
    }

    /**
     * A solution.
     *
     * @throws ArithmeticException if it does not converge
     */
    double[] solve(double[] right) {
        double[] t = once(right, TOLERANCE);
        double[] residual = times(t);
        for (int i = 0; i < residual.length; i++) {
            residual[i] = right[i] - residual[i];
        }
        double[] more = once(residual, 1e-3);
        for (int i = 0; i < t.length; i++) {
            t[i] += more[i];
        }
        return t;
    }

    private double[] once(double[] right, double tolerance) {
        int n = right.length;
        double[] t = new double[n];
        double[] r = right.clone();
        double[] s = precondition(r);
        double[] p = s.clone();
        double rho = dot(r, s);
        double target = rho * tolerance * tolerance;
        int k = 0;
        for (; rho > target && rho > 0 && k < MOST_ITERATIONS; k++) {
            double[] kp = times(p);
            double curvature = dot(p, kp);
            if (!(curvature > 0)) {
                break;
            }
            double alpha = rho / curvature;
            for (int i = 0; i < n; i++) {
                t[i] += alpha * p[i];
                r[i] -= alpha * kp[i];
            }
            s = precondition(r);
            double next = dot(r, s);
            double beta = next / rho;
            rho = next;
            for (int i = 0; i < n; i++) {
                p[i] = s[i] + beta * p[i];
            }
        }
        if (k == MOST_ITERATIONS) {
            throw new ArithmeticException("The vertical component needs more than " + MOST_ITERATIONS
                    + " iterations: the units of the metric differ by too many orders of magnitude among " + n
                    + " coupled generators; bring the point closer to balance first (such as by equi-normalisation)");
        }
        return t;
    }

    private double[] precondition(double[] r) {
        double[] out = new double[r.length];
        for (int i = 0; i < r.length; i++) {
            out[i] = diagonal[i] > 0 ? r[i] / diagonal[i] : 0;
        }
        return out;
    }

    private double[] times(double[] x) {
        double[] out = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            double sum = 0;
            for (int at = matrix.col_idx[component[j]]; at < matrix.col_idx[component[j] + 1]; at++) {
                sum += matrix.nz_values[at] * x[place[matrix.nz_rows[at]]];
            }
            out[j] = sum;
        }
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
