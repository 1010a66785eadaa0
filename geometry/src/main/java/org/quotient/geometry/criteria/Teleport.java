package org.quotient.geometry.criteria;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.quotient.geometry.Rescaling;

/**
 * Teleportation to where the gradient is large (Zhao, Dehmamy, Walters, Yu 2022), for positive scalings: the squared norm of the
 * gradient is a convex function of z without a maximum, so it is maximised within a trust region |z_h| ≤ ρ, where the maximum
 * is at a corner.
 *
 * @param criterion what was maximised, such as {@link OrbitCriterion#gradientBalanced}
 * @param z the corner, one number per generator; 0 where the criterion is frozen
 * @param before the criterion's value at 0
 * @param after its value at z
 * @param bound no point of the region has a larger value
 * @param exact whether all corners were compared; otherwise no single change of a sign makes it larger
 */
@SuppressWarnings("ArrayRecordComponent")
public record Teleport(OrbitCriterion criterion, double[] z, double before, double after, double bound, boolean exact) {

    /** Up to so many scales all corners are compared. */
    private static final int ALL_CORNERS = 14;

    private static final int STARTS = 8;
    private static final int MOST_SWEEPS = 1_000;

    /**
     * Maximises a sum of energies.
     *
     * @param criterion an orbit criterion without a linear part: a squared gradient norm or a norm of the parameters
     * @param radius ρ &gt; 0
     * @param seed of the starts of the local search
     */
    public static Teleport within(OrbitCriterion criterion, double radius, long seed) {
        if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The radius of a trust region must be positive and finite; given " + radius);
        }
        Objective f = criterion.form();
        if (Arrays.stream(f.linear()).anyMatch(v -> v != 0)) {
            throw new IllegalArgumentException(
                    "Only sums of energies have corners as maxima within a box; given " + criterion.name());
        }
        BitSet moving = criterion.moving();
        boolean exact = moving.cardinality() <= ALL_CORNERS;
        double[] best = exact ? all(f, moving, radius) : search(criterion, f, moving, radius, seed);
        double[] z = criterion.coordinates().lift(Arrays.copyOf(best, f.scales()));
        double[] origin = new double[f.scales() + 1];
        return new Teleport(
                criterion,
                z,
                Math.exp(log(f, origin)),
                Math.exp(log(f, best)),
                Math.exp(bound(f, moving, radius)),
                exact);
    }

    private static double log(Objective f, double[] y) {
        Terms.Weights w = f.terms().allocate();
        f.terms().at(y, 0, w);
        return w.logSum;
    }

    private static double[] all(Objective f, BitSet moving, double radius) {
        int[] free = moving.stream().toArray();
        double[] best = new double[f.scales() + 1];
        double most = Double.NEGATIVE_INFINITY;
        for (int corner = 0; corner < 1 << free.length; corner++) {
            double[] y = new double[f.scales() + 1];
            for (int k = 0; k < free.length; k++) {
                y[free[k]] = (corner >> k & 1) == 1 ? radius : -radius;
            }
            double value = log(f, y);
            if (value > most) {
                most = value;
                best = y;
            }
        }
        return best;
    }

    private static double[] search(OrbitCriterion criterion, Objective f, BitSet moving, double radius, long seed) {
        int[] order = ForwardOrder.scales(criterion.group(), criterion.coordinates(), moving);
        Random random = new Random(seed);
        double[] best = new double[f.scales() + 1];
        double most = Double.NEGATIVE_INFINITY;
        for (int start = 0; start < STARTS; start++) {
            double[] y = new double[f.scales() + 1];
            for (int h : order) {
                y[h] = start == 0 ? 0 : random.nextBoolean() ? radius : -radius;
            }
            Sweeps sweeps = new Sweeps(f, order, y, radius);
            sweeps.maximise(MOST_SWEEPS);
            double value = log(f, sweeps.point());
            if (value > most) {
                most = value;
                best = sweeps.point();
            }
        }
        return best;
    }

    /** log Σ E_t·exp(|s|ρ‖r_t‖₁) over the scales that move. */
    private static double bound(Objective f, BitSet moving, double radius) {
        double reach = Math.abs(f.terms().speed) * radius;
        double total = Double.NEGATIVE_INFINITY;
        Terms terms = f.terms();
        total = Panel.logSum(total, terms.constant);
        for (Panel p : terms.panels) {
            for (int i = 0; i < p.rows(); i++) {
                for (int j = 0; j < p.columns(); j++) {
                    int a = p.plus[i];
                    int b = p.minus[j];
                    int size = a == b ? 0 : (moving.get(a) ? 1 : 0) + (moving.get(b) ? 1 : 0);
                    total = Panel.logSum(total, p.log(i * p.columns() + j) + reach * size);
                }
            }
        }
        SparseRows rest = terms.rest;
        for (int t = 0; t < rest.count(); t++) {
            double size = 0;
            for (int k = rest.start[t]; k < rest.start[t + 1]; k++) {
                size += moving.get(rest.generators[k]) ? Math.abs(rest.coefficients[k]) : 0;
            }
            total = Panel.logSum(total, rest.log[t] + reach * size);
        }
        return total;
    }

    /** The rescaling by z. */
    public Rescaling rescaling() {
        return Rescaling.of(criterion.group(), z);
    }
}
