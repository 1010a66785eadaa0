package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exact minimisation of an objective along one scale after the other (Lebeurrier et al. 2026, the published method; Stock et
 * al. 2019 for equi-normalisation). Where all exponents of a scale are ±1 the minimum is the positive root of a quadratic;
 * otherwise a Newton iteration in one dimension finds it.
 */
final class Sweeps {
    /** Sums are formed anew from the energies after so many sweeps, against drift. */
    private static final int FRESH = 8;

    /** And whenever an exponent has moved by so much, against overflow. */
    private static final double FAR = 200;

    private final Objective f;
    private final Terms terms;
    private final int[] order;
    private final double[] z;
    private final double box;
    private final Terms.Weights w;
    private final double[][] rowScale;
    private final double[][] columnScale;
    private final double[][] rowSums;
    private final double[][] columnSums;
    private final boolean[] rowsKnown;
    private final boolean[] columnsKnown;
    private final double[] restNow;
    private final List<List<int[]>> places = new ArrayList<>();
    private final boolean[] shared;
    private double[] base = new double[0];
    private double sum;
    private double moved;
    private boolean farthest;

    /**
     * Starts at a point.
     *
     * @param order the scales to visit, in order
     * @param start z, with the ground
     * @param box bound of |z|
     */
    Sweeps(Objective f, int[] order, double[] start, double box) {
        this(f, order, start, box, null);
    }

    /** Starts at a point where the terms are known; they are written over. */
    Sweeps(Objective f, int[] order, double[] start, double box, Terms.@Nullable Weights known) {
        this.f = f;
        this.terms = f.terms();
        this.order = order;
        this.z = start.clone();
        this.box = box;
        this.w = known == null ? terms.allocate() : known;
        this.restNow = new double[terms.rest.count()];
        int n = terms.panels.size();
        rowScale = new double[n][];
        columnScale = new double[n][];
        rowSums = new double[n][];
        columnSums = new double[n][];
        rowsKnown = new boolean[n];
        columnsKnown = new boolean[n];
        shared = new boolean[n];
        for (int h = 0; h <= terms.scales; h++) {
            places.add(new ArrayList<>());
        }
        for (int k = 0; k < n; k++) {
            Panel p = terms.panels.get(k);
            rowScale[k] = new double[p.rows()];
            columnScale[k] = new double[p.columns()];
            rowSums[k] = new double[p.rows()];
            columnSums[k] = new double[p.columns()];
            BitSet up = new BitSet();
            for (int i = 0; i < p.rows(); i++) {
                places.get(p.plus[i]).add(new int[] {k, i, 1});
                up.set(p.plus[i]);
            }
            for (int j = 0; j < p.columns(); j++) {
                places.get(p.minus[j]).add(new int[] {k, j, -1});
                shared[k] |= p.minus[j] != terms.scales && up.get(p.minus[j]);
            }
        }
        for (int t = 0; t < terms.rest.count(); t++) {
            for (int e = terms.rest.start[t]; e < terms.rest.start[t + 1]; e++) {
                places.get(terms.rest.generators[e]).add(new int[] {-1, t, (int) terms.rest.coefficients[e]});
            }
        }
        if (known == null) {
            terms.at(z, 0, w);
        }
        reset();
    }

    private void refresh() {
        evaluate(w);
        reset();
    }

    private void reset() {
        base = z.clone();
        for (double[] scale : rowScale) {
            Arrays.fill(scale, 1);
        }
        for (double[] scale : columnScale) {
            Arrays.fill(scale, 1);
        }
        Arrays.fill(rowsKnown, false);
        Arrays.fill(columnsKnown, false);
        System.arraycopy(w.rest, 0, restNow, 0, restNow.length);
        sum = 1;
        moved = 0;
    }

    /** The point, with the ground. */
    double[] point() {
        return z;
    }

    /** Evaluates the terms at the point, from where they were formed last. */
    void evaluate(Terms.Weights out) {
        double[] delta = new double[z.length];
        for (int h = 0; h < delta.length; h++) {
            delta[h] = z[h] - base[h];
        }
        terms.move(w, z, delta, out);
    }

    /**
     * Sweeps until the moves of a sweep sum to less than the tolerance.
     *
     * @param most the largest number of sweeps
     * @param tolerance on Σ_h |move of z_h|
     * @return the number of sweeps made
     */
    int run(int most, double tolerance) {
        for (int k = 1; k <= most; k++) {
            if (k % FRESH == 0) {
                refresh();
            }
            double total = 0;
            for (int h : order) {
                total += visit(h);
            }
            if (total < tolerance || total == 0) {
                return k;
            }
        }
        return most;
    }

    /**
     * Sets one scale after the other to the end of the box where the objective is larger, until none moves.
     *
     * @param most the largest number of sweeps
     */
    void maximise(int most) {
        farthest = true;
        double total = 1;
        for (int k = 1; k <= most && total > 0; k++) {
            total = 0;
            for (int h : order) {
                total += visit(h);
            }
            refresh();
        }
    }

    private double visit(int h) {
        double up = 0;
        double down = 0;
        boolean quadratic = f.ridge()[h] == 0 && !farthest;
        for (int[] place : places.get(h)) {
            if (place[0] < 0) {
                quadratic &= Math.abs(place[2]) == 1;
                up += place[2] == 1 ? restNow[place[1]] : 0;
                down += place[2] == -1 ? restNow[place[1]] : 0;
            } else if (place[2] > 0) {
                up += row(place[0], place[1], h);
            } else {
                down += column(place[0], place[1], h);
            }
        }
        double others = Math.max(0, sum - up - down);
        double move = quadratic
                ? Roots.quadratic(f.multiplier(), terms.speed, f.linear()[h], up, down, others)
                : general(h, up, down);
        if (!Double.isFinite(move)) {
            return 0;
        }
        double next = Math.clamp(z[h] + move, -box, box);
        move = next - z[h];
        apply(h, move, up, down);
        z[h] = next;
        return Math.abs(move);
    }

    /** A scale with other exponents than ±1, or with a ridge. */
    private double general(int h, double up, double down) {
        List<double[]> parts = new ArrayList<>();
        double others = sum;
        double plain = up;
        double inverse = down;
        for (int[] place : places.get(h)) {
            if (place[0] < 0 && Math.abs(place[2]) != 1) {
                parts.add(new double[] {place[2], restNow[place[1]]});
                others -= restNow[place[1]];
            }
        }
        parts.add(new double[] {1, plain});
        parts.add(new double[] {-1, inverse});
        others = Math.max(0, others - plain - inverse);
        if (farthest) {
            return Roots.farther(terms.speed, -box - z[h], box - z[h], parts);
        }
        return Roots.general(f.multiplier(), terms.speed, f.linear()[h], f.ridge()[h], z[h], parts, others);
    }

    /** The terms of a row, from sums over all rows that hold until a column moves. */
    private double row(int k, int i, int h) {
        Panel p = terms.panels.get(k);
        double[] weights = w.panels[k];
        double[] scale = columnScale[k];
        if (!shared[k]) {
            if (!rowsKnown[k]) {
                for (int r = 0; r < p.rows(); r++) {
                    rowSums[k][r] = Panel.dot(weights, r * scale.length, scale);
                }
                rowsKnown[k] = true;
            }
            return rowSums[k][i] * rowScale[k][i];
        }
        double total = 0;
        for (int j = 0, at = i * scale.length; j < scale.length; j++, at++) {
            total += p.minus[j] == h ? 0 : weights[at] * scale[j];
        }
        return total * rowScale[k][i];
    }

    private double column(int k, int j, int h) {
        Panel p = terms.panels.get(k);
        double[] weights = w.panels[k];
        double[] scale = rowScale[k];
        int n = p.columns();
        if (!shared[k]) {
            if (!columnsKnown[k]) {
                double[] sums = columnSums[k];
                Arrays.fill(sums, 0);
                for (int i = 0; i < scale.length; i++) {
                    double x = scale[i];
                    for (int c = 0; c < n; c++) {
                        sums[c] += x * weights[i * n + c];
                    }
                }
                columnsKnown[k] = true;
            }
            return columnSums[k][j] * columnScale[k][j];
        }
        double total = 0;
        for (int i = 0, at = j; i < scale.length; i++, at += n) {
            total += p.plus[i] == h ? 0 : weights[at] * scale[i];
        }
        return total * columnScale[k][j];
    }

    private void apply(int h, double move, double up, double down) {
        double factor = Math.exp(terms.speed * move);
        sum += up * (factor - 1) + down * (1 / factor - 1);
        for (int[] place : places.get(h)) {
            if (place[0] < 0) {
                double old = restNow[place[1]];
                restNow[place[1]] = old * Math.exp(terms.speed * move * place[2]);
                sum += Math.abs(place[2]) == 1 ? 0 : restNow[place[1]] - old;
            } else if (place[2] > 0) {
                rowScale[place[0]][place[1]] *= factor;
                columnsKnown[place[0]] = false;
            } else {
                columnScale[place[0]][place[1]] /= factor;
                rowsKnown[place[0]] = false;
            }
        }
        moved += Math.abs(terms.speed * move);
        if (moved > FAR) {
            z[h] += move;
            refresh();
            z[h] -= move;
        }
    }
}
