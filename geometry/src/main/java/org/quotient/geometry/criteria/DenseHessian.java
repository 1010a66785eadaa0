package org.quotient.geometry.criteria;

import java.util.BitSet;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** The Hessian of an objective on its free scales as a dense matrix, factorised by Cholesky. */
final class DenseHessian {
    private final int[] free;
    private final LinearSolverDense<DMatrixRMaj> solver;

    private DenseHessian(int[] free, LinearSolverDense<DMatrixRMaj> solver) {
        this.free = free;
        this.solver = solver;
    }

    /** The factors; empty if the matrix is not positive definite, not even with a little more on its diagonal. */
    static Optional<DenseHessian> of(Objective f, Terms.Weights w, BitSet freeScales) {
        int[] free = freeScales.stream().toArray();
        return factors(free, matrix(f, w, free));
    }

    /** The factors of the Hessian plus a multiple of the one at other weights. */
    static Optional<DenseHessian> damped(
            Objective f, Terms.Weights w, BitSet freeScales, double damping, Terms.Weights other) {
        int[] free = freeScales.stream().toArray();
        DMatrixRMaj matrix = matrix(f, w, free);
        CommonOps_DDRM.addEquals(matrix, damping, matrix(f, other, free));
        return factors(free, matrix);
    }

    private static Optional<DenseHessian> factors(int[] free, DMatrixRMaj matrix) {
        double most = 0;
        for (int i = 0; i < free.length; i++) {
            most = Math.max(most, matrix.get(i, i));
        }
        for (double more = 0; more < 1e-6; more = more == 0 ? 1e-15 : 100 * more) {
            DMatrixRMaj copy = matrix.copy();
            for (int i = 0; i < free.length; i++) {
                copy.add(i, i, more * most + (matrix.get(i, i) == 0 ? 1 : 0));
            }
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(free.length);
            if (solver.setA(copy)) {
                return Optional.of(new DenseHessian(free, solver));
            }
        }
        return Optional.empty();
    }

    private static DMatrixRMaj matrix(Objective f, Terms.Weights w, int[] free) {
        Terms terms = f.terms();
        int[] place = new int[terms.scales + 1];
        java.util.Arrays.fill(place, -1);
        for (int i = 0; i < free.length; i++) {
            place[free[i]] = i;
        }
        DMatrixRMaj h = new DMatrixRMaj(free.length, free.length);
        for (int k = 0; k < terms.panels.size(); k++) {
            Panel p = terms.panels.get(k);
            for (int i = 0; i < p.rows(); i++) {
                for (int j = 0; j < p.columns(); j++) {
                    double weight = w.panels[k][i * p.columns() + j];
                    if (p.plus[i] != p.minus[j]) {
                        add(h, place[p.plus[i]], place[p.minus[j]], weight);
                    }
                }
            }
        }
        SparseRows rest = terms.rest;
        for (int t = 0; t < rest.count(); t++) {
            for (int a = rest.start[t]; a < rest.start[t + 1]; a++) {
                for (int b = rest.start[t]; b < rest.start[t + 1]; b++) {
                    int i = place[rest.generators[a]];
                    int j = place[rest.generators[b]];
                    if (i >= 0 && j >= 0) {
                        h.add(i, j, w.rest[t] * rest.coefficients[a] * rest.coefficients[b]);
                    }
                }
            }
        }
        for (int i = 0; i < free.length; i++) {
            for (int j = 0; j < free.length; j++) {
                double covariance = h.get(i, j) - w.mean[free[i]] * w.mean[free[j]];
                h.set(i, j, f.curvature() * covariance + (i == j ? f.ridge()[free[i]] : 0));
            }
        }
        return h;
    }

    private static void add(DMatrixRMaj h, int a, int b, double weight) {
        if (a >= 0) {
            h.add(a, a, weight);
        }
        if (b >= 0) {
            h.add(b, b, weight);
        }
        if (a >= 0 && b >= 0) {
            h.add(a, b, -weight);
            h.add(b, a, -weight);
        }
    }

    /** The solution for the negative of a right-hand side. */
    double[] descent(double[] gradient) {
        double[] right = gradient.clone();
        for (int h = 0; h < right.length; h++) {
            right[h] = -right[h];
        }
        return solve(right);
    }

    /** The solution for a right-hand side over all scales, 0 where they are not free. */
    double[] solve(double[] right) {
        DMatrixRMaj b = new DMatrixRMaj(free.length, 1);
        for (int i = 0; i < free.length; i++) {
            b.set(i, 0, right[free[i]]);
        }
        DMatrixRMaj x = new DMatrixRMaj(free.length, 1);
        solver.solve(b, x);
        double[] out = new double[right.length];
        for (int i = 0; i < free.length; i++) {
            out[free[i]] = x.get(i, 0);
        }
        return out;
    }
}
