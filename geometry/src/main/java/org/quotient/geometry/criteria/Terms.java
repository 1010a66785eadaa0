package org.quotient.geometry.criteria;

import java.util.Arrays;
import java.util.List;

/**
 * A sum of exponentials S(z) = Σ_t E_t·exp(s·r_t·z) with sparse integer rows r_t, in logarithms throughout. Vectors over the
 * scales have one number more than there are scales: the last, the ground, is always 0.
 */
final class Terms {
    /** Exponents that move further than this are formed anew: what has underflowed might come back. */
    private static final double FAR = 60;

    final int scales;
    final double speed;
    final List<Panel> panels;
    final SparseRows rest;

    /** The logarithm of the energy of all terms that no scale moves. */
    final double constant;

    Terms(int scales, double speed, List<Panel> panels, SparseRows rest, double constant) {
        this.scales = scales;
        this.speed = speed;
        this.panels = panels;
        this.rest = rest;
        this.constant = constant;
    }

    /** The normalised terms w at a point, with what is needed to multiply by the Hessian. */
    static final class Weights {
        final double[][] panels;
        final double[][] rows;
        final double[][] columns;
        final double[] rest;
        double constant;

        /** log S. */
        double logSum;

        /** How far exponents have moved since they were last formed from the energies. */
        private double drift;

        /** Rᵀw, with the ground. */
        final double[] mean;

        private Weights(Terms terms) {
            int n = terms.panels.size();
            panels = new double[n][];
            rows = new double[n][];
            columns = new double[n][];
            for (int k = 0; k < n; k++) {
                Panel p = terms.panels.get(k);
                panels[k] = new double[p.energy.length];
                rows[k] = new double[p.rows()];
                columns[k] = new double[p.columns()];
            }
            rest = new double[terms.rest.count()];
            mean = new double[terms.scales + 1];
        }
    }

    Weights allocate() {
        return new Weights(this);
    }

    /**
     * Evaluates the terms at z.
     *
     * @param guess an estimate of log S; only speed depends on it
     */
    void at(double[] z, double guess, Weights out) {
        double shift = guess;
        double total = fill(z, shift, out);
        if (!(total > 1e-150 && total < 1e150)) {
            shift = largest(z);
            if (shift == Double.NEGATIVE_INFINITY) {
                none(out);
                return;
            }
            total = fill(z, shift, out);
        }
        out.drift = 0;
        out.logSum = shift + Math.log(total);
        normalise(1 / total, out);
    }

    /** Whether no term has energy: the sum is 0 everywhere, and all weights count as 0. */
    boolean isEmpty() {
        return largestEnergy() == Double.NEGATIVE_INFINITY;
    }

    /** The logarithm of the largest energy. */
    private double largestEnergy() {
        double most = Math.max(constant, rest.largest(new double[scales + 1], speed));
        for (Panel p : panels) {
            most = Math.max(most, p.largest());
        }
        return most;
    }

    /** Evaluates the terms at z = 0, where no exponential is needed. */
    void origin(Weights out) {
        double shift = largestEnergy();
        if (shift == Double.NEGATIVE_INFINITY) {
            none(out);
            return;
        }
        out.constant = Math.exp(constant - shift);
        double total = out.constant + rest.weights(new double[scales + 1], speed, shift, out.rest);
        for (int k = 0; k < panels.size(); k++) {
            total += panels.get(k).origin(shift, out.panels[k]);
        }
        out.drift = 0;
        out.logSum = shift + Math.log(total);
        normalise(1 / total, out);
    }

    private void none(Weights out) {
        out.drift = 0;
        out.logSum = 0;
        out.constant = 0;
        Arrays.fill(out.rest, 0);
        for (double[] panel : out.panels) {
            Arrays.fill(panel, 0);
        }
        normalise(1, out);
    }

    /**
     * Evaluates the terms at z from their values at another point, which is quicker.
     *
     * @param from the terms at z − δ
     */
    void move(Weights from, double[] z, double[] delta, Weights out) {
        double drift = from.drift + Math.abs(speed) * spread(delta);
        double total = Double.NaN;
        if (drift < FAR) {
            out.constant = from.constant;
            total = from.constant + rest.moved(from.rest, delta, speed, out.rest);
            for (int k = 0; k < panels.size(); k++) {
                total += panels.get(k).moved(from.panels[k], delta, speed, out.panels[k]);
            }
        }
        if (!(total > 1e-150 && total < 1e150)) {
            at(z, from.logSum, out);
            return;
        }
        out.drift = drift;
        out.logSum = from.logSum + Math.log(total);
        normalise(1 / total, out);
    }

    /** The same weight for every term that has energy. */
    Weights uniform() {
        Weights out = new Weights(this);
        double total = constant == Double.NEGATIVE_INFINITY ? 0 : 1;
        out.constant = total;
        total += ones(rest.log, out.rest);
        for (int k = 0; k < panels.size(); k++) {
            total += positive(panels.get(k).energy, out.panels[k]);
        }
        normalise(total == 0 ? 1 : 1 / total, out);
        return out;
    }

    private static double positive(double[] energy, double[] w) {
        double total = 0;
        for (int t = 0; t < energy.length; t++) {
            w[t] = energy[t] > 0 ? 1 : 0;
            total += w[t];
        }
        return total;
    }

    private static double ones(double[] log, double[] w) {
        double total = 0;
        for (int t = 0; t < log.length; t++) {
            w[t] = log[t] == Double.NEGATIVE_INFINITY ? 0 : 1;
            total += w[t];
        }
        return total;
    }

    private void normalise(double factor, Weights out) {
        out.constant *= factor;
        scale(out.rest, factor);
        Arrays.fill(out.mean, 0);
        for (int k = 0; k < panels.size(); k++) {
            Panel p = panels.get(k);
            scale(out.panels[k], factor);
            p.sums(out.panels[k], out.rows[k], out.columns[k]);
            for (int i = 0; i < p.rows(); i++) {
                out.mean[p.plus[i]] += out.rows[k][i];
            }
            for (int j = 0; j < p.columns(); j++) {
                out.mean[p.minus[j]] -= out.columns[k][j];
            }
        }
        rest.project(out.rest, out.mean);
        out.mean[scales] = 0;
    }

    private static void scale(double[] w, double factor) {
        for (int i = 0; i < w.length; i++) {
            w[i] *= factor;
        }
    }

    private double fill(double[] z, double shift, Weights out) {
        out.constant = Math.exp(constant - shift);
        double total = out.constant + rest.weights(z, speed, shift, out.rest);
        for (int k = 0; k < panels.size(); k++) {
            total += panels.get(k).weights(z, speed, shift, out.panels[k]);
        }
        return total;
    }

    /** The largest exponent of a term. */
    double largest(double[] z) {
        double most = Math.max(constant, rest.largest(z, speed));
        for (Panel p : panels) {
            most = Math.max(most, p.largest(z, speed));
        }
        return most;
    }

    /** (RᵀWR − Rᵀw wᵀR)·y, the covariance of the rows under w. */
    void covariance(Weights w, double[] y, double[] out) {
        Arrays.fill(out, 0);
        for (int k = 0; k < panels.size(); k++) {
            panels.get(k).times(w.panels[k], w.rows[k], w.columns[k], y, out);
        }
        rest.times(w.rest, y, out);
        double dot = 0;
        for (int h = 0; h < scales; h++) {
            dot += w.mean[h] * y[h];
        }
        for (int h = 0; h < scales; h++) {
            out[h] -= w.mean[h] * dot;
        }
        out[scales] = 0;
    }

    /** Rᵀ(u ∘ (L − mean L)) for the logarithms L of all terms at z, and equal weights u. */
    double[] unevenness(double[] z, Weights uniform) {
        double mean = constant == Double.NEGATIVE_INFINITY ? 0 : uniform.constant * constant;
        for (int k = 0; k < panels.size(); k++) {
            mean += panels.get(k).logs(z, speed, uniform.panels[k], 0, null);
        }
        for (int t = 0; t < rest.count(); t++) {
            mean += uniform.rest[t] == 0 ? 0 : uniform.rest[t] * (rest.log[t] + speed * rest.times(t, z));
        }
        double[] out = new double[scales + 1];
        for (int k = 0; k < panels.size(); k++) {
            panels.get(k).logs(z, speed, uniform.panels[k], mean, out);
        }
        for (int t = 0; t < rest.count(); t++) {
            if (uniform.rest[t] != 0) {
                double value = uniform.rest[t] * (rest.log[t] + speed * rest.times(t, z) - mean);
                for (int k = rest.start[t]; k < rest.start[t + 1]; k++) {
                    out[rest.generators[k]] += rest.coefficients[k] * value;
                }
            }
        }
        out[scales] = 0;
        return out;
    }

    /** The diagonal of RᵀWR. */
    double[] diagonal(Weights w) {
        double[] d = new double[scales + 1];
        for (int k = 0; k < panels.size(); k++) {
            Panel p = panels.get(k);
            for (int i = 0; i < p.rows(); i++) {
                d[p.plus[i]] += w.rows[k][i];
            }
            for (int j = 0; j < p.columns(); j++) {
                d[p.minus[j]] += w.columns[k][j];
            }
        }
        for (int t = 0; t < rest.count(); t++) {
            for (int k = rest.start[t]; k < rest.start[t + 1]; k++) {
                d[rest.generators[k]] += w.rest[t] * rest.coefficients[k] * rest.coefficients[k];
            }
        }
        return d;
    }

    /** The largest |r_t·y| over all terms, or a little more. */
    double spread(double[] y) {
        double most = 0;
        for (Panel p : panels) {
            double[] left = Panel.gather(p.plus, y);
            double[] right = Panel.gather(p.minus, y);
            double up = max(left, 1) + max(right, -1);
            double down = max(left, -1) + max(right, 1);
            most = Math.max(most, Math.max(up, down));
        }
        for (int t = 0; t < rest.count(); t++) {
            most = Math.max(most, Math.abs(rest.times(t, y)));
        }
        return most;
    }

    private static double max(double[] x, double sign) {
        double most = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            most = Math.max(most, sign * v);
        }
        return x.length == 0 ? 0 : most;
    }
}
