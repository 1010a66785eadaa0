package org.quotient.optimizers.paths;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * (AᵀA + λ)⁻¹ĝ, or (AᵀA)⁺ĝ for λ = 0, where A stacks H_n^(1/2)·J_n over the samples: operands J [N, K, D], H [N, K, K] symmetric, ĝ [D].
 * By the singular values of A, in double precision, or where the damping makes the matrix well-conditioned by a Cholesky
 * decomposition of the smaller of AAᵀ + λ and AᵀA + λ, which is many times as fast and gives the same to twelve digits. Singular values of at most {@code tolerance} times the largest count as 0, and for λ = 0 at least those that are rounding (the larger side of A times
 * the unit in the last place of J); so do negative
 * eigenvalues of H, and those that rounding makes of 0: the second derivative of cross-entropy always has one. What is not finite gives
 * NaN, for the caller to say what diverged. Its derivative is not known and counts as zero.
 *
 * @param damping λ, at least 0
 * @param tolerance of the rank decision
 */
record GaussNewtonSolve(double damping, double tolerance) implements CustomOp {
    /** The largest smaller side of A: a decomposition takes its square times the larger side. */
    static final int MOST_RANK = 1024;
    /**
     * An eigenvalue 0 of H comes out as this times the largest element, or less. Its root, 1e-8, would pass for a singular value.
     */
    private static final double ROUNDING = 0x1p-48;

    /** The least damping, relative to the sum of the squares of A, with which no singular value needs to be known. */
    private static final double WELL_CONDITIONED = 1e-4;

    /** The most elements of A. */
    static final int MOST_ELEMENTS = 1 << 22;

    @Override
    public String name() {
        return "Gauss-Newton solve";
    }

    @Override
    public Shape shape(List<Shape> operands) {
        return operands.get(2);
    }

    @Override
    public Tensor value(List<Tensor> operands) {
        Tensor jacobian = operands.get(0);
        Tensor hessian = operands.get(1);
        Tensor gradient = operands.get(2);
        int n = jacobian.shape().size(0);
        int k = jacobian.shape().size(1);
        int d = jacobian.shape().size(2);
        if (Math.min(n * k, d) > MOST_RANK || (long) n * k * d > MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "The natural gradient decomposes a matrix of (samples x outputs) by parameters, "
                            + n * k + " x " + d + "; its smaller side is limited to " + MOST_RANK
                            + " and its elements to "
                            + MOST_ELEMENTS + ". Take a smaller batch or network");
        }
        if (!(Double.isFinite(jacobian.maxAbs())
                && Double.isFinite(hessian.maxAbs())
                && Double.isFinite(gradient.maxAbs()))) {
            return Tensor.fill(gradient.shape(), gradient.dtype(), i -> Double.NaN);
        }
        double rounding = k * ROUNDING * hessian.maxAbs();
        DMatrixRMaj a = new DMatrixRMaj(n * k, d);
        for (int s = 0; s < n; s++) {
            DMatrixRMaj j = new DMatrixRMaj(k, d);
            System.arraycopy(jacobian.data(), s * k * d, j.data, 0, k * d);
            DMatrixRMaj h = new DMatrixRMaj(k, k);
            System.arraycopy(hessian.data(), s * k * k, h.data, 0, k * k);
            DMatrixRMaj rows = new DMatrixRMaj(k, d);
            CommonOps_DDRM.mult(root(h, rounding), j, rows);
            System.arraycopy(rows.data, 0, a.data, s * k * d, k * d);
        }
        double ulp = jacobian.dtype() == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
        // With damping nothing has to be cut.
        double least = damping > 0 ? tolerance : Math.max(tolerance, Math.max(a.numRows, a.numCols) * ulp);
        return Tensor.of(gradient.shape(), gradient.dtype(), solve(a, gradient.data(), least));
    }

    /** A root R of a symmetric matrix, RᵀR = H, without eigenvalues that are no more than rounding. */
    private static DMatrixRMaj root(DMatrixRMaj h, double rounding) {
        int k = h.numRows;
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(k, true, true);
        finite(eigen.decompose(h.copy()));
        DMatrixRMaj root = new DMatrixRMaj(k, k);
        for (int i = 0; i < k; i++) {
            double value = eigen.getEigenvalue(i).getReal();
            double scale = value > rounding ? Math.sqrt(value) : 0;
            DMatrixRMaj v = eigen.getEigenVector(i);
            for (int j = 0; j < k && v != null; j++) {
                root.set(i, j, scale * v.get(j));
            }
        }
        return root;
    }

    private static void finite(boolean decomposed) {
        if (!decomposed) {
            throw new IllegalArgumentException(
                    "The natural gradient found no decomposition: are weights or data not finite?");
        }
    }

    private double[] solve(DMatrixRMaj a, double[] gradient, double least) {
        double norm = NormOps_DDRM.fastNormF(a);
        return damping > 0 && damping >= WELL_CONDITIONED * norm * norm
                ? solveDamped(a, gradient)
                : solveBySingularValues(a, gradient, least);
    }

    /** (AᵀA + λ)⁻¹ĝ = (ĝ − Aᵀ(AAᵀ + λ)⁻¹Aĝ)/λ, the second where A has fewer rows than columns. */
    private double[] solveDamped(DMatrixRMaj a, double[] gradient) {
        DMatrixRMaj g = new DMatrixRMaj(gradient.length, 1, true, gradient);
        boolean wide = a.numRows < a.numCols;
        DMatrixRMaj square = new DMatrixRMaj(1, 1);
        DMatrixRMaj given = g;
        if (wide) {
            CommonOps_DDRM.multOuter(a, square);
            given = new DMatrixRMaj(a.numRows, 1);
            CommonOps_DDRM.mult(a, g, given);
        } else {
            CommonOps_DDRM.multInner(a, square);
        }
        for (int i = 0; i < square.numRows; i++) {
            square.add(i, i, damping);
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(square.numRows);
        finite(solver.setA(square));
        DMatrixRMaj solved = new DMatrixRMaj(square.numRows, 1);
        solver.solve(given, solved);
        if (!wide) {
            return solved.data;
        }
        DMatrixRMaj out = g.copy();
        CommonOps_DDRM.multAddTransA(-1, a, solved, out);
        CommonOps_DDRM.scale(1 / damping, out);
        return out.data;
    }

    private double[] solveBySingularValues(DMatrixRMaj a, double[] gradient, double least) {
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(a.numRows, a.numCols, false, true, true);
        finite(svd.decompose(a));
        DMatrixRMaj vt = svd.getV(null, true);
        double[] s = svd.getSingularValues();
        int known = Math.min(vt.numRows, svd.numberOfSingularValues());
        double largest = 0;
        for (int i = 0; i < known; i++) {
            largest = Math.max(largest, s[i]);
        }
        double[] rest = gradient.clone();
        double[] out = new double[gradient.length];
        for (int i = 0; i < known; i++) {
            if (s[i] <= least * largest) {
                continue;
            }
            double along = 0;
            for (int c = 0; c < rest.length; c++) {
                along += vt.get(i, c) * gradient[c];
            }
            double factor = along / (s[i] * s[i] + damping);
            for (int c = 0; c < rest.length; c++) {
                out[c] += factor * vt.get(i, c);
                rest[c] -= along * vt.get(i, c);
            }
        }
        for (int c = 0; damping > 0 && c < rest.length; c++) {
            out[c] += rest[c] / damping;
        }
        for (int c = 0; c < out.length; c++) {
            // What the function does not depend on stays exactly: singular vectors hold rounding there.
            if (isZero(a, c)) {
                out[c] = damping > 0 ? gradient[c] / damping : 0;
            }
        }
        return out;
    }

    private static boolean isZero(DMatrixRMaj a, int column) {
        for (int i = 0; i < a.numRows; i++) {
            if (a.get(i, column) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Expr> vjp(List<Expr> operands, Expr gradient) {
        return operands.stream().map(o -> Ops.fullLike(o, 0)).toList();
    }

    @Override
    public Expr jvp(List<Expr> operands, List<Expr> tangents) {
        return Ops.fullLike(operands.get(2), 0);
    }
}
