package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Scales that occur in the same places, such as those of one layer: the coarse unknowns of the two-level method. Found from
 * the terms alone.
 */
final class Families {
    private static final int MOST = 600;

    /** The family per scale, −1 where none; the ground is the family after the last. */
    final int[] of;

    final int count;

    private Families(int[] of, int count) {
        this.of = of;
        this.count = count;
    }

    /** The families of the free scales; none if there are too many for dense algebra. */
    static Families of(Terms terms, BitSet free) {
        List<TreeSet<Integer>> places = new ArrayList<>();
        for (int h = 0; h < terms.scales; h++) {
            places.add(new TreeSet<>());
        }
        for (int k = 0; k < terms.panels.size(); k++) {
            Panel p = terms.panels.get(k);
            for (int h : p.plus) {
                place(places, h, 2 * k);
            }
            for (int h : p.minus) {
                place(places, h, 2 * k + 1);
            }
        }
        SparseRows rest = terms.rest;
        for (int t = 0; t < rest.count(); t++) {
            for (int k = rest.start[t]; k < rest.start[t + 1]; k++) {
                place(places, rest.generators[k], -1 - (int) Math.signum(rest.coefficients[k]));
            }
        }
        Map<TreeSet<Integer>, Integer> numbers = new HashMap<>();
        int[] of = new int[terms.scales + 1];
        Arrays.fill(of, -1);
        for (int h = free.nextSetBit(0); h >= 0; h = free.nextSetBit(h + 1)) {
            TreeSet<Integer> key = places.get(h);
            Integer known = numbers.putIfAbsent(key, numbers.size());
            of[h] = known == null ? numbers.size() - 1 : known;
        }
        of[terms.scales] = numbers.size();
        return new Families(of, numbers.size());
    }

    private static void place(List<TreeSet<Integer>> places, int scale, int place) {
        if (scale < places.size()) {
            places.get(scale).add(place);
        }
    }

    /** Whether there are few enough for dense algebra. */
    boolean isSmall() {
        return count > 0 && count <= MOST;
    }

    /** Whether the families are a coarser problem that dense algebra can hold. */
    boolean isUseful(int free) {
        return count > 0 && count <= MOST && count < free;
    }

    /** The family of a scale, or the number of families for the ground and what does not move. */
    int group(int scale) {
        return of[scale] < 0 ? count : of[scale];
    }

    /** The sum of exponentials in one shift per family, from the point where w was taken; log S counts as 0 there. */
    Terms aggregate(Terms terms, Terms.Weights w) {
        Map<Map<Integer, Integer>, double[]> sums = new LinkedHashMap<>();
        double constant = w.constant;
        for (int k = 0; k < terms.panels.size(); k++) {
            Panel p = terms.panels.get(k);
            int[] columns = Arrays.stream(p.minus).map(this::group).toArray();
            double[] total = new double[count + 1];
            boolean one = Arrays.stream(columns).allMatch(c -> c == columns[0]);
            for (int i = 0; i < p.rows(); ) {
                Arrays.fill(total, 0);
                int row = group(p.plus[i]);
                for (; i < p.rows() && group(p.plus[i]) == row; i++) {
                    if (one) {
                        total[columns[0]] += Panel.sum(w.panels[k], i * columns.length, columns.length);
                        continue;
                    }
                    for (int j = 0, at = i * columns.length; j < columns.length; j++, at++) {
                        total[columns[j]] += w.panels[k][at];
                    }
                }
                for (int column = 0; column <= count; column++) {
                    if (total[column] != 0) {
                        Map<Integer, Integer> entries = new TreeMap<>();
                        add(entries, row, 1);
                        add(entries, column, -1);
                        sums.computeIfAbsent(entries, e -> new double[1])[0] += total[column];
                    }
                }
            }
        }
        SparseRows rest = terms.rest;
        for (int t = 0; t < rest.count(); t++) {
            Map<Integer, Integer> entries = new TreeMap<>();
            for (int k = rest.start[t]; k < rest.start[t + 1]; k++) {
                add(entries, group(rest.generators[k]), (int) rest.coefficients[k]);
            }
            sums.computeIfAbsent(entries, e -> new double[1])[0] += w.rest[t];
        }
        double[] still = sums.remove(Map.<Integer, Integer>of());
        return new Terms(
                count, terms.speed, List.of(), rows(sums), Math.log(constant + (still == null ? 0 : still[0])));
    }

    private void add(Map<Integer, Integer> entries, int group, int coefficient) {
        if (group < count) {
            entries.merge(group, coefficient, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
        }
    }

    private static SparseRows rows(Map<Map<Integer, Integer>, double[]> sums) {
        int[] start = new int[sums.size() + 1];
        int entries = sums.keySet().stream().mapToInt(Map::size).sum();
        int[] generators = new int[entries];
        double[] coefficients = new double[entries];
        double[] log = new double[sums.size()];
        int t = 0;
        int at = 0;
        for (Map.Entry<Map<Integer, Integer>, double[]> term : sums.entrySet()) {
            for (Map.Entry<Integer, Integer> e : term.getKey().entrySet()) {
                generators[at] = e.getKey();
                coefficients[at++] = e.getValue();
            }
            log[t++] = Math.log(term.getValue()[0]);
            start[t] = at;
        }
        return new SparseRows(start, generators, coefficients, log);
    }

    /** Sums over families: Pᵀx. */
    double[] restrict(double[] x) {
        double[] out = new double[count + 1];
        for (int h = 0; h < of.length - 1; h++) {
            if (of[h] >= 0) {
                out[of[h]] += x[h];
            }
        }
        return out;
    }

    /** Adds a shift per family: x + Pc. */
    void addTo(double[] x, double[] c) {
        for (int h = 0; h < of.length - 1; h++) {
            if (of[h] >= 0) {
                x[h] += c[of[h]];
            }
        }
    }
}
