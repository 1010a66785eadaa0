package org.quotient.geometry.criteria;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method for an objective, with the rank-one term of its Hessian, backtracking, and a bound of the optimality gap from
 * the dual problem. A step that does not lower F is damped by the Hessian that equal weights would have (Levenberg 1944), which keeps the way from a start where few terms dominate short.
 */
final class Newton {
    /** Where no term changes by more than this fraction in a Newton step, that step is the last. */
    private static final double SETTLED = 1e-9;

    /** A step that changes no term's exponent by more than this is taken whole. */
    private static final double SMALL = 0.5;

    /** A step that changes an exponent by more than this says that few terms dominate: there is a better point to start from. */
    private static final double LONG = 8;

    /** No step changes an exponent by more than this: F would be lost in rounding. */
    private static final double FARTHEST = 200;

    private static final int MOST_TRIES = 60;
    private static final double LEAST_DAMPING = 1e-6;

    private final Objective f;
    private final BitSet free;
    private final boolean dense;
    private final @Nullable Families families;

    Newton(Objective f, BitSet free, @Nullable Families families) {
        this.f = f;
        this.free = free;
        this.dense = free.cardinality() <= NewtonSystem.DENSE;
        this.families = families;
    }

    /**
     * Where the method ended.
     *
     * @param z the point
     * @param iterations Newton steps and tries of one
     * @param gap a bound of F − min F before the last step, which lowers F further; infinite where none is known
     * @param spread how much the exponent of a term would change in a further step, at most
     */
    @SuppressWarnings("ArrayRecordComponent")
    record End(double[] z, Terms.Weights w, int iterations, double gap, double spread) {}

    /**
     * Minimises from a point.
     *
     * @param start z, with the ground
     * @param settled stops where a step would change no exponent by more
     * @param most the number of iterations
     */
    End minimise(double[] start, double settled, int most) {
        Terms.Weights w = f.terms().allocate();
        f.terms().at(start, 0, w);
        return minimise(start, w, settled, most);
    }

    /** Minimises from a point where the terms are known; they may be written over. */
    End minimise(double[] start, Terms.Weights known, double settled, int most) {
        double[] z = start.clone();
        Terms.Weights w = known;
        Terms.Weights trial = f.terms().allocate();
        double before = Double.POSITIVE_INFINITY;
        double accuracy = 1e-2;
        double damping = 0;
        boolean evened = false;
        Terms.@Nullable Weights even = null;
        for (int k = 1; ; k++) {
            double[] gradient = f.gradient(z, w);
            NewtonSystem system = new NewtonSystem(f, z, w, free, dense ? null : families);
            double[] y = system.solve(gradient, accuracy);
            double spread = Math.abs(f.terms().speed) * f.terms().spread(y);
            if (!(spread > 0) && steep(gradient)) {
                // Few terms hold all the weight, and the curvature is lost in rounding.
                spread = Double.POSITIVE_INFINITY;
            }
            boolean stalled = spread < 1e-6 && spread > before / 2;
            if (k >= most || spread <= Math.max(settled, SETTLED) || stalled) {
                double gap = gap(w, gradient, y, spread, system);
                if (spread < 1e-6) {
                    z = sum(z, y);
                    f.terms().move(w, z, y, trial);
                    w = trial;
                }
                return new End(z, w, k, gap, spread);
            }
            if (spread > LONG && !evened) {
                evened = true;
                double[] other = even(z);
                f.terms().at(other, 0, trial);
                if (f.value(other, trial) < f.value(z, w)) {
                    z = other;
                    Terms.Weights old = w;
                    w = trial;
                    trial = old;
                    continue;
                }
            }
            double value = f.value(z, w);
            double[] next = sum(z, y);
            f.terms().move(w, next, difference(next, z), trial);
            for (int tries = 0;
                    !(spread <= SMALL) && !(spread <= FARTHEST && lower(value, next, z, gradient, trial));
                    tries++) {
                if (tries == MOST_TRIES) {
                    return new End(z, w, k, Double.POSITIVE_INFINITY, spread);
                }
                damping = Math.max(8 * damping, LEAST_DAMPING);
                even = even == null ? f.terms().uniform() : even;
                y = damped(z, w, gradient, damping, even);
                spread = Math.abs(f.terms().speed) * f.terms().spread(y);
                next = sum(z, y);
                f.terms().move(w, next, difference(next, z), trial);
            }
            damping = damping <= LEAST_DAMPING ? 0 : damping / 64;
            z = next;
            Terms.Weights old = w;
            w = trial;
            trial = old;
            before = spread;
            accuracy = Math.clamp(spread * 1e-2, 1e-8, 1e-2);
        }
    }

    /** Whether a Newton step from here would change no exponent by much. */
    boolean isNear(double[] z, Terms.Weights w) {
        double[] gradient = f.gradient(z, w);
        double[] y = new NewtonSystem(f, z, w, free, dense ? null : families).solve(gradient, 0.1);
        double spread = Math.abs(f.terms().speed) * f.terms().spread(y);
        return spread <= LONG && (spread > 0 || !steep(gradient));
    }

    private boolean steep(double[] gradient) {
        double most = 0;
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            most = Math.max(most, Math.abs(gradient[h]));
        }
        return most > 1e-10 * f.multiplier() * Math.abs(f.terms().speed);
    }

    /**
     * The point where the logarithms of all terms are as even as least squares can make them, which is the same on the whole
     * orbit: one linear system, with the Hessian of equal weights.
     */
    double[] even(double[] z) {
        Terms.Weights uniform = f.terms().uniform();
        double[] slope = f.terms().unevenness(z, uniform);
        for (int h = 0; h < f.scales(); h++) {
            slope[h] = free.get(h) ? f.multiplier() * f.terms().speed * slope[h] : 0;
        }
        return sum(z, new NewtonSystem(f, z, uniform, free, dense ? null : families).solve(slope, 1e-6));
    }

    /** A step that the Hessian of equal weights, or its diagonal where there are many scales, keeps short. */
    private double[] damped(double[] z, Terms.Weights w, double[] gradient, double damping, Terms.Weights even) {
        if (dense) {
            return DenseHessian.damped(f, w, free, damping, even)
                    .map(h -> h.descent(gradient))
                    .orElse(new double[gradient.length]);
        }
        double[] diagonal = f.terms().diagonal(even);
        for (int h = 0; h < f.scales(); h++) {
            diagonal[h] = f.ridge()[h] + damping * f.curvature() * diagonal[h];
        }
        return new NewtonSystem(f.withRidge(diagonal), z, w, free, families).solve(gradient, 1e-2);
    }

    /** Whether F is lower at the next point by a part of what its slope promises. */
    private boolean lower(double value, double[] next, double[] z, double[] gradient, Terms.Weights there) {
        double slope = 0;
        for (int h = 0; h < f.scales(); h++) {
            slope += gradient[h] * (next[h] - z[h]);
        }
        return f.value(next, there) <= value + 1e-4 * slope + 1e-13 * Math.abs(value);
    }

    static double[] sum(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int h = 0; h < out.length; h++) {
            out[h] = a[h] + b[h];
        }
        return out;
    }

    static double[] difference(double[] a, double[] b) {
        double[] out = new double[a.length];
        for (int h = 0; h < out.length; h++) {
            out[h] = a[h] - b[h];
        }
        return out;
    }

    /**
     * A bound of F(z) − min F. The weights w̃ = w(1 + ε) with ε_t = s(r_t − Rᵀw)·y meet the constraints of the dual problem up
     * to the residual d of the linear system, so the gap is at most m·KL(w̃‖w) ≤ ½ yᵀ∇²F y·(1 + max|ε|), and d adds the second
     * order only.
     */
    private double gap(Terms.Weights w, double[] gradient, double[] y, double spread, NewtonSystem system) {
        if (2 * spread >= 1) {
            return Double.POSITIVE_INFINITY;
        }
        double[] hy = new double[y.length];
        f.hessian(w, y, hy);
        double square = 0;
        double[] residual = new double[y.length];
        double extra = 0;
        for (int h = 0; h < f.scales(); h++) {
            square += y[h] * hy[h];
            residual[h] = free.get(h) ? gradient[h] + hy[h] : 0;
            extra += Math.abs(residual[h] * y[h]);
        }
        double[] further = system.precondition(residual);
        for (int h = 0; h < f.scales(); h++) {
            extra += Math.abs(residual[h] * further[h]);
        }
        return Math.max(0, square) / 2 * (1 + 2 * spread) + extra;
    }
}
