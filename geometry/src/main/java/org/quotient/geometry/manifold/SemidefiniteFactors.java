package org.quotient.geometry.manifold;

/**
 * K = LDLᵀ of a symmetric positive semi-definite matrix. A pivot that is nothing but rounding belongs to a vector that depends
 * on those before it; its unknown is set to 0, which solves consistent systems exactly (libraries' Cholesky factorisations
 * refuse such matrices).
 */
final class SemidefiniteFactors {
    /** Pivots below this part of the diagonal entry count as zero. */
    private static final double DEPENDENT = 1e-13;

    private final double[][] lower;
    private final double[] pivots;

    /** Takes the matrix over; its lower triangle is overwritten. */
    SemidefiniteFactors(double[][] k) {
        int n = k.length;
        lower = k;
        pivots = new double[n];
        double[] scaled = new double[n];
        for (int i = 0; i < n; i++) {
            double[] row = lower[i];
            double whole = row[i];
            double pivot = whole;
            for (int j = 0; j < i; j++) {
                // For m < j: scaled[m] = L_im D_m, and row[m] is already L_im.
                double sum = row[j];
                double[] other = lower[j];
                for (int m = 0; m < j; m++) {
                    sum -= scaled[m] * other[m];
                }
                scaled[j] = pivots[j] == 0 ? 0 : sum;
                row[j] = pivots[j] == 0 ? 0 : sum / pivots[j];
                pivot -= scaled[j] * row[j];
            }
            pivots[i] = pivot > DEPENDENT * whole ? pivot : 0;
        }
    }

    /** The number of independent vectors. */
    int rank() {
        int rank = 0;
        for (double pivot : pivots) {
            rank += pivot == 0 ? 0 : 1;
        }
        return rank;
    }

    /** A solution of Kt = r. */
    double[] solve(double[] right) {
        int n = pivots.length;
        double[] t = right.clone();
        for (int i = 0; i < n; i++) {
            double sum = t[i];
            for (int j = 0; j < i; j++) {
                sum -= lower[i][j] * t[j];
            }
            // What depends on others is left out of the system: its equation follows from theirs.
            t[i] = pivots[i] == 0 ? 0 : sum;
        }
        for (int i = 0; i < n; i++) {
            t[i] = pivots[i] == 0 ? 0 : t[i] / pivots[i];
        }
        for (int i = n - 1; i >= 0; i--) {
            if (pivots[i] != 0) {
                for (int j = 0; j < i; j++) {
                    t[j] -= lower[i][j] * t[i];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            t[i] = pivots[i] == 0 ? 0 : t[i];
        }
        return t;
    }
}
