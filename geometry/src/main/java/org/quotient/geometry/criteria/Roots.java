package org.quotient.geometry.criteria;

import java.util.List;

/** Minima of an objective along one scale. */
final class Roots {
    private static final int MOST_STEPS = 200;

    private Roots() {}

    /**
     * The positive root of ax² + bx + c with a &gt; 0 ≥ c, without cancellation.
     */
    static double positive(double a, double b, double c) {
        double root = Math.sqrt(b * b - 4 * a * c);
        return b >= 0 ? -2 * c / (b + root) : (root - b) / (2 * a);
    }

    /**
     * The move δ that minimises m·log(P·e^{sδ} + N·e^{−sδ} + D) + ℓδ: with X = e^{sδ} the positive root of
     * (ms + ℓ)P·X² + ℓD·X − (ms − ℓ)N.
     *
     * @return not finite where there is no minimum
     */
    static double quadratic(double m, double s, double linear, double up, double down, double others) {
        double sign = Math.signum(s);
        double a = sign * (m * s + linear) * up;
        double b = sign * linear * others;
        double c = -sign * (m * s - linear) * down;
        if (!(a > 0) || !(c < 0)) {
            return Double.NaN;
        }
        return Math.log(positive(a, b, c)) / s;
    }

    /**
     * The move δ that minimises m·log(Σ_c v_c·e^{scδ} + D) + ℓδ + μ/2·(z + δ)², a convex function, by Newton's method within a
     * bracket.
     *
     * @param parts exponents c and values v_c
     */
    static double general(
            double m, double s, double linear, double ridge, double z, List<double[]> parts, double others) {
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        double x = 0;
        for (int k = 0; k < MOST_STEPS; k++) {
            double total = others;
            double first = 0;
            double second = 0;
            for (double[] part : parts) {
                double v = part[1] * Math.exp(s * part[0] * x);
                total += v;
                first += part[0] * v;
                second += part[0] * part[0] * v;
            }
            double mean = first / total;
            double slope = m * s * mean + linear + ridge * (z + x);
            double curvature = m * s * s * (second / total - mean * mean) + ridge;
            if (slope > 0) {
                high = x;
            } else if (slope < 0) {
                low = x;
            } else {
                return x;
            }
            double step = curvature > 0 ? Math.clamp(-slope / curvature, -4, 4) : -4 * Math.signum(slope);
            double next = x + step;
            if (!(next > low && next < high)) {
                next = (low + high) / 2;
            }
            if (!Double.isFinite(next)) {
                return Double.NaN;
            }
            if (next == x || Math.abs(next - x) <= 1e-15 * Math.max(1, Math.abs(x))) {
                return next;
            }
            x = next;
        }
        return x;
    }

    /** Which of two moves makes Σ_c v_c·e^{scδ} larger; the first only if it is by more than rounding. */
    static double farther(double s, double low, double high, List<double[]> parts) {
        double below = 0;
        double above = 0;
        for (double[] part : parts) {
            below += part[1] * Math.exp(s * part[0] * low);
            above += part[1] * Math.exp(s * part[0] * high);
        }
        if (Math.abs(below - above) <= 1e-12 * (below + above)) {
            return Math.abs(low) < Math.abs(high) ? low : high;
        }
        return below > above ? low : high;
    }
}
