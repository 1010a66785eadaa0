package org.quotient.geometry.criteria;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Minimises an objective within |z_h| ≤ Z by Newton's method with a logarithmic barrier −ν·Σ log(1 − (z_h/Z)²) that vanishes
 * (Fiacco, McCormick 1968): the value is then within 2kν of the minimum within the bounds.
 */
final class Capped {
    private static final double FIRST = 1e-3;
    private static final double LAST = 1e-15;
    private static final int STEPS = 60;
    private static final int TRIES = 60;
    private static final int ROUNDS = 8;

    /** What part of the way to a bound a step may take. */
    private static final double SHARE = 0.95;

    private final Objective f;
    private final BitSet free;
    private final double bound;
    private final @Nullable Families families;
    private final double[] even;

    Capped(Objective f, BitSet free, double bound, @Nullable Families families) {
        this.f = f;
        this.free = free;
        this.bound = bound;
        this.families = families;
        this.even = f.terms().diagonal(f.terms().uniform());
    }

    /**
     * The minimiser within the bounds; scales that come to rest at a bound are put on it.
     *
     * @param beyond a point outside, such as the minimiser without bounds: the way starts between it and 0
     */
    double[] minimise(double[] beyond) {
        double most = 0;
        for (double v : beyond) {
            most = Math.max(most, Math.abs(v));
        }
        double[] z = beyond.clone();
        for (int h = 0; h < z.length; h++) {
            z[h] *= 0.9 * bound / most;
        }
        for (double weight = FIRST; weight >= LAST; weight /= 10) {
            z = stage(z, weight * f.multiplier());
        }
        return polished(z);
    }

    /** Puts on the bound what rests there and minimises along the other scales once more, if that stays within. */
    private double[] polished(double[] z) {
        Terms.Weights w = f.terms().allocate();
        double[] best = z;
        for (int round = 0; round < ROUNDS; round++) {
            double[] from = best.clone();
            BitSet inner = (BitSet) free.clone();
            f.terms().at(best, 0, w);
            double value = f.value(best, w);
            double[] gradient = f.gradient(best, w);
            for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
                if (bound - Math.abs(best[h]) < 1e-4 * bound && best[h] * gradient[h] < 0) {
                    from[h] = Math.copySign(bound, best[h]);
                    inner.clear(h);
                }
            }
            Families sub = Families.of(f.terms(), inner);
            double[] next = new Newton(f, inner, sub.isUseful(inner.cardinality()) ? sub : null)
                    .minimise(from, 0, STEPS)
                    .z();
            for (int h = 0; h < next.length; h++) {
                next[h] = Math.clamp(next[h], -bound, bound);
            }
            f.terms().at(next, 0, w);
            if (!(f.value(next, w) < value)) {
                break;
            }
            best = next;
        }
        double[] snapped = best.clone();
        for (int h = 0; h < snapped.length; h++) {
            if (bound - Math.abs(snapped[h]) < 1e-12 * bound) {
                snapped[h] = Math.copySign(bound, snapped[h]);
            }
        }
        return snapped;
    }

    private double[] stage(double[] start, double weight) {
        double[] z = start;
        Terms.Weights w = f.terms().allocate();
        Terms.Weights trial = f.terms().allocate();
        f.terms().at(z, 0, w);
        double damping = 0;
        for (int k = 0; k < STEPS; k++) {
            double[] gradient = f.gradient(z, w);
            double[] ridge = new double[z.length];
            for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
                double room = bound * bound - z[h] * z[h];
                gradient[h] += weight * 2 * z[h] / room;
                ridge[h] = f.ridge()[h] + weight * 2 * (bound * bound + z[h] * z[h]) / (room * room);
            }
            double value = f.value(z, w) + barrier(z, weight);
            boolean lower = false;
            double spread = 0;
            double[] next = z;
            for (int tries = 0; tries < TRIES && !lower; tries++) {
                double[] y = step(z, w, gradient, ridge, damping);
                spread = Math.abs(f.terms().speed) * f.terms().spread(y);
                next = Newton.sum(z, y);
                f.terms().move(w, next, y, trial);
                double slope = 0;
                for (int h = 0; h < f.scales(); h++) {
                    slope += gradient[h] * y[h];
                }
                lower = f.value(next, trial) + barrier(next, weight) <= value + 1e-4 * slope + 1e-12 * Math.abs(value);
                damping = lower ? (damping < 1e-6 ? 0 : damping / 64) : Math.max(8 * damping, 1e-6);
            }
            if (!lower) {
                return z;
            }
            z = next;
            Terms.Weights old = w;
            w = trial;
            trial = old;
            if (spread < 1e-4) {
                return z;
            }
        }
        return z;
    }

    private double barrier(double[] z, double weight) {
        double sum = 0;
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            double part = z[h] / bound;
            sum -= weight * Math.log((1 - part) * (1 + part));
        }
        return sum;
    }

    /** A Newton step that stays within the bounds. */
    private double[] step(double[] z, Terms.Weights w, double[] gradient, double[] ridge, double damping) {
        double[] all = ridge.clone();
        for (int h = 0; h < f.scales(); h++) {
            all[h] += damping * f.curvature() * even[h];
        }
        double[] y = new NewtonSystem(f.withRidge(all), z, w, free, families).solve(gradient, 1e-3);
        double share = 1;
        for (int h = 0; h < y.length; h++) {
            double room = y[h] > 0 ? bound - z[h] : bound + z[h];
            if (Math.abs(y[h]) > SHARE * room) {
                share = Math.min(share, SHARE * room / Math.abs(y[h]));
            }
        }
        for (int h = 0; h < y.length; h++) {
            y[h] *= share;
        }
        return y;
    }
}
