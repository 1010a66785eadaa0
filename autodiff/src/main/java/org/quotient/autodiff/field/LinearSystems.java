package org.quotient.autodiff.field;

import java.util.Optional;
import org.quotient.autodiff.Numbers;

/** Linear systems over a prime field, by elimination of the extended matrix [A | B]. */
public final class LinearSystems {
    private LinearSystems() {}

    /**
     * A solution of A·X = B: the one that is 0 in all rows that are no pivots of A. All others differ from it by vectors of
     * {@link Echelon#nullSpace()}.
     *
     * @param field the field
     * @param m equations
     * @param n unknowns
     * @param a m×n residues, row-major
     * @param k right-hand sides; n + k at most 65536
     * @param b m×k residues, row-major
     * @return n×k, or nothing if there is no solution
     * @throws IllegalArgumentException if an array is too short or holds something that is no residue
     */
    public static Optional<double[]> solve(Numbers.PrimeField field, int m, int n, double[] a, int k, double[] b) {
        Residues residues = new Residues(field);
        Residues.checkShape("A", m, n, a, 0);
        Residues.checkShape("B", m, k, b, 0);
        residues.check("A", a, 0, m * n, n);
        residues.check("B", b, 0, m * k, k);
        RowSpace space = new RowSpace(field, Math.addExact(n, k));
        double[] row = new double[n + k];
        for (int i = 0; i < m; i++) {
            System.arraycopy(a, i * n, row, 0, n);
            System.arraycopy(b, i * k, row, n, k);
            space.add(row, 1);
        }
        Echelon echelon = space.echelon();
        int[] pivots = echelon.pivotColumns();
        int rank = pivots.length;
        if (rank > 0 && pivots[rank - 1] >= n) {
            return Optional.empty();
        }
        double[] x = new double[n * k];
        // No pivot lies in B, so its columns are the last of the free ones.
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < k; j++) {
                x[pivots[i] * k + j] = echelon.t(i, n - rank + j);
            }
        }
        return Optional.of(x);
    }

    /**
     * The inverse of a square matrix.
     *
     * @param field the field
     * @param n rows and columns, at most 32768
     * @param a n×n residues, row-major
     * @return n×n, or nothing if the matrix is singular modulo p
     * @throws IllegalArgumentException if the array is too short or holds something that is no residue
     */
    public static Optional<double[]> inverse(Numbers.PrimeField field, int n, double[] a) {
        Residues.checkShape("A", n, n, a, 0);
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        // A singular matrix with A·X = I is impossible, so every solution is the inverse.
        return solve(field, n, n, a, n, identity);
    }
}
