package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.quotient.autodiff.CounterRandom;

/**
 * The largest eigenvalues of a symmetric positive semidefinite matrix that is known by its products with vectors: the Lanczos
 * method with every vector orthogonalised twice against all others, restarted with the best Ritz vectors when memory is full
 * (Wu and Simon 2000). From one start it finds one copy of a multiple eigenvalue; so it is started again beside what has been
 * found until nothing larger turns up.
 */
final class Lanczos {
    private static final int STEPS_BETWEEN_CHECKS = 4;
    private static final double ROUNDING = Math.scalb(1, -48);

    private final UnaryOperator<double[]> matrix;
    private final double[] support;
    private final int dimension;
    private final double tolerance;
    private final int vectors;
    private final int most;
    private final CounterRandom random;
    private int products;
    private int draws;

    /** A Ritz pair; the vector has norm 1. */
    record Pair(double value, double[] vector, double residual) {}

    /**
     * A method for a matrix.
     *
     * @param matrix its products with vectors
     * @param support 1 where vectors may be nonzero, else 0
     * @param tolerance of residuals, relative to the eigenvalue
     * @param vectors how many vectors memory holds, at least 3 and more than are asked for
     * @param most the largest number of products
     */
    Lanczos(UnaryOperator<double[]> matrix, double[] support, double tolerance, int vectors, int most) {
        this.matrix = matrix;
        this.support = support;
        int ones = 0;
        for (double s : support) {
            ones += s == 0 ? 0 : 1;
        }
        this.dimension = ones;
        this.tolerance = tolerance;
        this.vectors = vectors;
        this.most = most;
        this.random = CounterRandom.seeded(1).split("lanczos");
    }

    /** The largest k eigenvalues, or as many as there are dimensions, the largest first, with residuals computed anew. */
    LeadingSpectrum largest(int k) {
        List<Pair> found = new ArrayList<>(run(Math.min(k, dimension), List.of(), Double.NEGATIVE_INFINITY));
        boolean more = !found.isEmpty() && found.size() < dimension;
        while (more && products < most) {
            double least = found.get(found.size() - 1).value();
            double bound = (1 + tolerance) * least;
            List<Pair> beside = run(1, found, bound);
            more = products < most && beside.get(0).value() > bound;
            if (more) {
                found.add(beside.get(0));
                found.sort(Comparator.comparingDouble(Pair::value).reversed());
                found.remove(found.size() - 1);
            }
        }
        List<RitzValue> values = new ArrayList<>();
        boolean converged = !more && products < most;
        for (Pair pair : found) {
            double[] image = apply(pair.vector());
            double value = dot(image, pair.vector());
            add(image, -value, pair.vector());
            double residual = Math.sqrt(dot(image, image));
            values.add(new RitzValue(value, residual));
            converged &= isSmall(residual, value, found.get(0).value());
        }
        values.sort(Comparator.comparingDouble(RitzValue::value).reversed());
        return new LeadingSpectrum(values, converged, products);
    }

    private boolean isSmall(double residual, double value, double largest) {
        return residual <= Math.max(tolerance * value, ROUNDING * largest);
    }

    private double[] apply(double[] v) {
        products++;
        double[] image = matrix.apply(v);
        double[] out = new double[image.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = support[i] == 0 ? 0 : image[i];
            if (!Double.isFinite(out[i])) {
                throw new ArithmeticException(
                        "A product with the path magnitude matrix left the range of double precision");
            }
        }
        return out;
    }

    /**
     * The largest pairs among vectors orthogonal to some that are known; fewer than k where there is no more room.
     *
     * @param enough stops as soon as the largest is known to be no larger
     */
    private List<Pair> run(int k, List<Pair> locked, double enough) {
        List<double[]> fixed = locked.stream().map(Pair::vector).toList();
        int room = Math.min(vectors, dimension) - fixed.size();
        List<double[]> basis = new ArrayList<>();
        double[][] projected = new double[room][room];
        double[] next = fresh(fixed, basis);
        while (next.length > 0) {
            int j = basis.size();
            basis.add(next);
            double[] image = apply(next);
            orthogonalise(image, fixed, new double[fixed.size()]);
            double[] along = new double[j + 1];
            orthogonalise(image, basis, along);
            for (int i = 0; i <= j; i++) {
                projected[i][j] = along[i];
                projected[j][i] = along[i];
            }
            double beta = Math.sqrt(dot(image, image));
            double scale = largestOf(projected, j + 1);
            boolean closed = beta <= ROUNDING * scale;
            boolean full = basis.size() == room;
            if (closed || full || products >= most || basis.size() % STEPS_BETWEEN_CHECKS == 0) {
                Small small = new Small(projected, j + 1);
                int count = Math.min(k, j + 1);
                boolean whole = fixed.size() + basis.size() == dimension;
                if (whole
                        || products >= most
                        || small.value(0) + small.last(0) * beta <= enough
                        || small.isDone(k, beta)) {
                    return small.pairs(basis, count, beta);
                }
                if (full) {
                    small.restart(basis, Math.min(room - 2, k + (room - k) / 3), projected);
                }
            }
            next = closed ? fresh(fixed, basis) : scaled(image, 1 / beta);
        }
        return List.of();
    }

    private static double largestOf(double[][] m, int n) {
        double most = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                most = Math.max(most, Math.abs(m[i][j]));
            }
        }
        return most;
    }

    /** A random vector of norm 1 orthogonal to others; of length 0 if they fill the space. */
    private double[] fresh(List<double[]> fixed, List<double[]> basis) {
        if (fixed.size() + basis.size() >= dimension) {
            return new double[0];
        }
        CounterRandom own = random.split(draws++);
        double[] v = new double[support.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = support[i] == 0 ? 0 : own.normal(i);
        }
        orthogonalise(v, fixed, new double[fixed.size()]);
        orthogonalise(v, basis, new double[basis.size()]);
        return scaled(v, 1 / Math.sqrt(dot(v, v)));
    }

    /** Removes the components along orthonormal vectors, twice, and adds up the coefficients. */
    private static void orthogonalise(double[] v, List<double[]> basis, double[] coefficients) {
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < basis.size(); i++) {
                double c = dot(v, basis.get(i));
                coefficients[i] += c;
                add(v, -c, basis.get(i));
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] v) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * v[i];
        }
    }

    private static double[] scaled(double[] v, double factor) {
        for (int i = 0; i < v.length; i++) {
            v[i] *= factor;
        }
        return v;
    }

    /** The eigenvalues and vectors of the projected matrix, the largest first. */
    private final class Small {
        private final EigenDecomposition_F64<DMatrixRMaj> eigen;
        private final List<Integer> order = new ArrayList<>();
        private final int n;

        Small(double[][] projected, int n) {
            this.n = n;
            DMatrixRMaj m = new DMatrixRMaj(n, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    m.set(i, j, projected[i][j]);
                }
                order.add(i);
            }
            eigen = DecompositionFactory_DDRM.eig(n, true, true);
            if (!eigen.decompose(m)) {
                throw new ArithmeticException(
                        "The eigenvalues of a symmetric matrix of size " + n + " did not converge");
            }
            order.sort(Comparator.comparingDouble(
                            (Integer i) -> eigen.getEigenvalue(i).getReal())
                    .reversed());
        }

        double value(int i) {
            return eigen.getEigenvalue(order.get(i)).getReal();
        }

        /** Whether the first k pairs are there and have small residuals. */
        boolean isDone(int k, double beta) {
            boolean done = k <= n;
            for (int i = 0; i < k && done; i++) {
                done = isSmall(last(i) * beta, value(i), value(0));
            }
            return done;
        }

        /** The size of a vector's last component: with the length of the next Lanczos vector it gives the residual. */
        double last(int i) {
            return Math.abs(eigen.getEigenVector(order.get(i)).get(n - 1));
        }

        private double[] vector(List<double[]> basis, int i) {
            DMatrixRMaj s = eigen.getEigenVector(order.get(i));
            double[] v = new double[basis.get(0).length];
            for (int k = 0; k < n; k++) {
                add(v, s.get(k), basis.get(k));
            }
            return scaled(v, 1 / Math.sqrt(dot(v, v)));
        }

        List<Pair> pairs(List<double[]> basis, int count, double beta) {
            List<Pair> out = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                out.add(new Pair(value(i), vector(basis, i), last(i) * beta));
            }
            return out;
        }

        /** The best Ritz vectors take the place of the basis. */
        void restart(List<double[]> basis, int kept, double[][] projected) {
            List<double[]> best = new ArrayList<>();
            for (int i = 0; i < kept; i++) {
                best.add(vector(basis, i));
            }
            basis.clear();
            basis.addAll(best);
            for (int i = 0; i < kept; i++) {
                java.util.Arrays.fill(projected[i], 0);
                projected[i][i] = value(i);
            }
        }
    }
}
