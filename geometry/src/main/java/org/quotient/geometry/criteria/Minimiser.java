package org.quotient.geometry.criteria;

import java.util.Arrays;
import java.util.BitSet;
import org.quotient.autodiff.DType;
import org.quotient.geometry.RescalingGroup;

/**
 * Minimises orbit criteria: {@link #exact} to the minimum with a certificate, {@link #sweeps} along one scale after the other
 * as published. A value: its methods return changed copies.
 */
public final class Minimiser {
    /** The published tolerance, 0.01 on the moves of 2z (Lebeurrier et al. 2026, reference implementation). */
    public static final double PUBLISHED_TOLERANCE = 0.005;

    private static final int MOST_ITERATIONS = 100;
    private static final int COARSE_ITERATIONS = 300;

    private final int sweeps;
    private final double tolerance;
    private final double cap;

    private Minimiser(int sweeps, double tolerance, double cap) {
        this.sweeps = sweeps;
        this.tolerance = tolerance;
        this.cap = cap;
    }

    /** Newton's method from a coarse start, to the minimum. */
    public static Minimiser exact() {
        return new Minimiser(0, 0, Double.NaN);
    }

    /**
     * The published method: sweeps over the units in forward order, until the moves of a sweep sum to less than
     * {@link #PUBLISHED_TOLERANCE}.
     *
     * @param most the largest number of sweeps, 10 in the publication
     */
    public static Minimiser sweeps(int most) {
        return sweeps(most, PUBLISHED_TOLERANCE);
    }

    /**
     * Sweeps with another tolerance.
     *
     * @param most at least 1
     * @param tolerance on Σ_h |move of z_h| in one sweep, not negative
     */
    public static Minimiser sweeps(int most, double tolerance) {
        if (most < 1 || !(tolerance >= 0)) {
            throw new IllegalArgumentException(
                    "Expected at least one sweep and a tolerance that is not negative; given " + most + " and "
                            + tolerance);
        }
        return new Minimiser(most, tolerance, Double.NaN);
    }

    /**
     * With a bound |z_h| ≤ cap; by default it is 32 where a parameter is in single precision and 256 otherwise.
     *
     * @param z positive, possibly infinite
     */
    public Minimiser cap(double z) {
        if (!(z > 0)) {
            throw new IllegalArgumentException("The cap of |z| must be positive; given " + z);
        }
        return new Minimiser(sweeps, tolerance, z);
    }

    /** The cap for a network unless another is given. */
    public static double defaultCap(RescalingGroup group) {
        boolean single = group.network().parameters().stream().anyMatch(p -> p.dtype() == DType.F32);
        return single ? 32 : 256;
    }

    /** Minimises a criterion. */
    public Minimum minimise(OrbitCriterion criterion) {
        Objective f = criterion.form();
        Coordinates coordinates = criterion.coordinates();
        BitSet moving = criterion.moving();
        double bound = Double.isNaN(cap) ? defaultCap(criterion.group()) : cap;
        double[] origin = new double[f.scales() + 1];
        int[] order = ForwardOrder.scales(criterion.group(), coordinates, moving);
        Terms.Weights w = f.terms().allocate();
        f.terms().origin(w);
        double before = criterion.value(origin, w);
        if (sweeps > 0) {
            Sweeps run = new Sweeps(f, order, origin, bound, w);
            int made = run.run(sweeps, tolerance);
            double[] y = run.point();
            run.evaluate(w);
            return result(criterion, before, y, w, y, Double.POSITIVE_INFINITY, bound, made, 0);
        }
        Newton.End end = exact(f, moving, order, w);
        if (largest(end.z()) <= bound) {
            return result(criterion, before, end.z(), end.w(), end.z(), end.gap(), bound, 0, end.iterations());
        }
        Families families = Families.of(f.terms(), moving);
        double[] inside = new Capped(f, moving, bound, families.isUseful(moving.cardinality()) ? families : null)
                .minimise(end.z());
        f.terms().at(inside, 0, w);
        return result(criterion, before, inside, w, end.z(), end.gap(), bound, 0, end.iterations());
    }

    /** An even start, a shift per family of scales and a sweep, then Newton's method. */
    private static Newton.End exact(Objective f, BitSet moving, int[] order, Terms.Weights origin) {
        double[] z = new double[f.scales() + 1];
        Families families = Families.of(f.terms(), moving);
        boolean coarse = families.isUseful(moving.cardinality());
        Terms.Weights w = origin;
        if (families.isSmall()) {
            z = EvenStart.of(f.terms(), families);
            f.terms().move(origin, z, z, w);
        }
        Newton newton = new Newton(f, moving, coarse ? families : null);
        if (coarse) {
            z = shifted(f, families, order, z, w);
            if (!newton.isNear(z, w)) {
                // The scales of units within a family are far apart: they are evened one by one first.
                double[] other = newton.even(z);
                Terms.Weights there = f.terms().allocate();
                f.terms().at(other, 0, there);
                other = shifted(f, families, order, other, there);
                if (f.value(other, there) < f.value(z, w)) {
                    z = other;
                    w = there;
                }
            }
        }
        return newton.minimise(z, w, 0, MOST_ITERATIONS);
    }

    /** A shift per family and a sweep from z; the terms are brought along. */
    private static double[] shifted(Objective f, Families families, int[] order, double[] z, Terms.Weights w) {
        Objective aggregate = f.aggregate(families, z, w);
        BitSet all = new BitSet();
        all.set(0, families.count);
        Newton.End shifts =
                new Newton(aggregate, all, null).minimise(new double[families.count + 1], 1e-3, COARSE_ITERATIONS);
        double[] shift = new double[z.length];
        families.addTo(shift, shifts.z());
        double[] next = Newton.sum(z, shift);
        Terms.Weights there = f.terms().allocate();
        f.terms().move(w, next, shift, there);
        Sweeps sweep = new Sweeps(f, order, next, Double.POSITIVE_INFINITY, there);
        sweep.run(1, 0);
        sweep.evaluate(w);
        return sweep.point();
    }

    private static Minimum result(
            OrbitCriterion criterion,
            double before,
            double[] y,
            Terms.Weights w,
            double[] free,
            double gap,
            double bound,
            int sweeps,
            int iterations) {
        Objective f = criterion.form();
        Coordinates coordinates = criterion.coordinates();
        double[] z = coordinates.lift(Arrays.copyOf(y, f.scales()));
        for (double v : z) {
            if (!Double.isFinite(v)) {
                throw new ArithmeticException("No minimum of " + criterion.name()
                        + " was found: the iteration left the range of numbers. Try sweeps, or add a regularisation");
            }
        }
        if (largest(z) > bound * (1 + 1e-12)) {
            // Some generators are sums of several coordinates.
            double share = bound / largest(z);
            double[] shorter = Arrays.stream(y).map(v -> v * share).toArray();
            Terms.Weights there = f.terms().allocate();
            f.terms().at(shorter, 0, there);
            Minimum inside =
                    result(criterion, before, shorter, there, free, gap, Double.POSITIVE_INFINITY, sweeps, iterations);
            return inside.withCapped(1);
        }
        double[] gradient = f.gradient(y, w);
        double residual = 0;
        int capped = 0;
        BitSet moving = criterion.moving();
        for (int h = moving.nextSetBit(0); h >= 0; h = moving.nextSetBit(h + 1)) {
            boolean held = Math.abs(y[h]) >= bound;
            capped += held ? 1 : 0;
            if (!held || y[h] * gradient[h] > 0) {
                residual = Math.max(residual, Math.abs(gradient[h]));
            }
        }
        return new Minimum(
                criterion,
                z,
                before,
                criterion.value(y, w),
                gap,
                residual / (f.multiplier() * Math.abs(f.terms().speed)),
                largest(coordinates.lift(Arrays.copyOf(free, f.scales()))),
                capped,
                sweeps,
                iterations,
                criterion.frozen());
    }

    private static double largest(double[] z) {
        double most = 0;
        for (double v : z) {
            most = Math.max(most, Math.abs(v));
        }
        return most;
    }
}
