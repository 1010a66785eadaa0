package org.quotient.geometry.criteria;

import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Solves ∇²F·y = −∇F on the free scales: by Cholesky where they are few, otherwise by conjugate gradients with two levels, the
 * diagonal and one shift per family of scales. Nothing larger than the terms is stored.
 */
final class NewtonSystem {
    /** Up to so many scales the Hessian is a dense matrix. */
    static final int DENSE = 300;

    private static final int MOST_ITERATIONS = 2_000;

    private final Objective f;
    private final Terms.Weights w;
    private final BitSet free;
    private final @Nullable Families families;
    private final @Nullable DenseHessian coarse;
    private final double[] diagonal;

    NewtonSystem(Objective f, double[] z, Terms.Weights w, BitSet free, @Nullable Families families) {
        this.f = f;
        this.w = w;
        this.free = free;
        this.families = families;
        this.diagonal = f.terms().diagonal(w);
        for (int h = 0; h < f.scales(); h++) {
            diagonal[h] = f.curvature() * diagonal[h] + f.ridge()[h];
        }
        DenseHessian dense = null;
        if (families != null) {
            Objective aggregate = f.aggregate(families, z, w);
            Terms.Weights sums = aggregate.terms().allocate();
            aggregate.terms().at(new double[families.count + 1], 0, sums);
            BitSet all = new BitSet();
            all.set(0, families.count);
            dense = DenseHessian.of(aggregate, sums, all).orElse(null);
        }
        coarse = dense;
    }

    /** An approximate inverse, symmetric and positive definite. */
    double[] precondition(double[] r) {
        double[] out = new double[r.length];
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            out[h] = diagonal[h] > 0 ? r[h] / diagonal[h] : r[h];
        }
        if (families != null && coarse != null) {
            families.addTo(out, coarse.solve(families.restrict(r)));
        }
        return out;
    }

    /**
     * The Newton step.
     *
     * @param gradient ∇F
     * @param tolerance on the residual, relative to the right-hand side, both in the norm of the preconditioner
     */
    double[] solve(double[] gradient, double tolerance) {
        if (free.cardinality() <= DENSE) {
            Optional<DenseHessian> dense = DenseHessian.of(f, w, free);
            if (dense.isPresent()) {
                return dense.get().descent(gradient);
            }
        }
        return conjugateGradients(gradient, tolerance);
    }

    private double[] conjugateGradients(double[] gradient, double tolerance) {
        int n = gradient.length;
        double[] y = new double[n];
        double[] r = new double[n];
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            r[h] = -gradient[h];
        }
        double[] s = precondition(r);
        double[] p = s.clone();
        double[] hp = new double[n];
        double rho = dot(r, s);
        double target = rho * tolerance * tolerance;
        for (int k = 0; k < MOST_ITERATIONS && rho > target && rho > 0; k++) {
            f.hessian(w, p, hp);
            double curvature = dot(p, hp);
            if (!(curvature > 0)) {
                break;
            }
            double alpha = rho / curvature;
            for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
                y[h] += alpha * p[h];
                r[h] -= alpha * hp[h];
            }
            s = precondition(r);
            double next = dot(r, s);
            double beta = next / rho;
            rho = next;
            for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
                p[h] = s[h] + beta * p[h];
            }
        }
        return y;
    }

    private double dot(double[] a, double[] b) {
        double sum = 0;
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            sum += a[h] * b[h];
        }
        return sum;
    }
}
