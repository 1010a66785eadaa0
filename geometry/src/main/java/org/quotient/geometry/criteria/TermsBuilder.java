package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.ScaleLaw;
import org.quotient.geometry.ScaleLaw.Row;
import org.quotient.geometry.lifting.ScaledTensor;

/** Gathers the energies of parameter elements that share a row of B into terms, and counts them. */
final class TermsBuilder {
    private final Coordinates coordinates;
    private final int ground;
    private final List<Panel> panels = new ArrayList<>();
    private final Map<Map<Integer, Long>, double[]> rest = new LinkedHashMap<>();
    private final LogTotal logs = new LogTotal();
    private double constant = Double.NEGATIVE_INFINITY;
    private double scaleLogs;
    private long elements;

    /** Bᵀ1 over the elements with energy, with the ground. */
    private final double[] counts;

    TermsBuilder(Coordinates coordinates) {
        this.coordinates = coordinates;
        this.ground = coordinates.count();
        this.counts = new double[ground + 1];
    }

    /** The number of elements with energy. */
    long elements() {
        return elements;
    }

    /** Bᵀ1 over the elements with energy; the last entry, of the ground, is 0. */
    double[] counts() {
        double[] out = counts.clone();
        out[ground] = 0;
        return out;
    }

    /** Σ log E over the elements with energy. */
    double sumLog() {
        return logs.total() + scaleLogs;
    }

    Terms build(double speed) {
        int[] start = new int[rest.size() + 1];
        int entries = rest.keySet().stream().mapToInt(Map::size).sum();
        int[] generators = new int[entries];
        double[] coefficients = new double[entries];
        double[] log = new double[rest.size()];
        int t = 0;
        int at = 0;
        for (Map.Entry<Map<Integer, Long>, double[]> term : rest.entrySet()) {
            for (Map.Entry<Integer, Long> entry : term.getKey().entrySet()) {
                generators[at] = entry.getKey();
                coefficients[at++] = entry.getValue();
            }
            log[t++] = term.getValue()[0];
            start[t] = at;
        }
        return new Terms(
                ground, speed, List.copyOf(panels), new SparseRows(start, generators, coefficients, log), constant);
    }

    /** One factor of a law over the coordinates: which coordinate each block has, if it is one with exponent ±1. */
    private record Side(int[] extents, int[] strides, List<Row> rows, int sign, int[] index) {
        boolean isPlain() {
            return sign != 0;
        }
    }

    private Side side(ScaleLaw.Factor factor) {
        List<Row> rows = factor.rows().stream().map(coordinates::reduce).toList();
        int[] index = new int[rows.size()];
        int sign = 0;
        boolean plain = true;
        for (int i = 0; i < index.length; i++) {
            Row row = rows.get(i);
            index[i] = ground;
            if (!row.isZero()) {
                long c = row.coefficients()[0];
                plain &= row.generators().length == 1 && Math.abs(c) == 1 && (sign == 0 || sign == c);
                sign = (int) Long.signum(c);
                index[i] = row.generators()[0];
            }
        }
        int[] extents = factor.extents().stream().mapToInt(Integer::intValue).toArray();
        return new Side(extents, factor.strides(), rows, plain ? sign : 0, index);
    }

    /**
     * Adds one parameter.
     *
     * @param law its rows of B
     * @param energy of its elements, not negative; 0 leaves an element out
     */
    void add(ScaleLaw law, ScaledTensor energy) {
        int[] sizes = law.sizes().stream().mapToInt(Integer::intValue).toArray();
        List<Side> sides = new ArrayList<>();
        for (ScaleLaw.Factor factor : law.factors()) {
            if (!factor.isZero()) {
                Side side = side(factor);
                if (!side.rows().stream().allMatch(Row::isZero)) {
                    sides.add(side);
                }
            }
        }
        Side plus = only(sides, 1);
        Side minus = only(sides, -1);
        boolean plain = sides.stream().allMatch(Side::isPlain)
                && sides.size() == (plus == null ? 0 : 1) + (minus == null ? 0 : 1);
        if (plain && disjoint(plus, minus)) {
            panel(sizes, plus, minus, energy);
        } else {
            rows(sizes, sides, energy);
        }
        if (energy.exponent() != 0) {
            scaleLogs += energy.logScale() * Sums.positive(energy.value());
        }
    }

    private static @Nullable Side only(List<Side> sides, int sign) {
        return sides.stream().filter(s -> s.sign() == sign).findFirst().orElse(null);
    }

    private static boolean disjoint(@Nullable Side a, @Nullable Side b) {
        if (a == null || b == null) {
            return true;
        }
        for (int k = 0; k < a.strides().length; k++) {
            if (a.strides()[k] != 0 && b.strides()[k] != 0) {
                return false;
            }
        }
        return true;
    }

    private void panel(int[] sizes, @Nullable Side plus, @Nullable Side minus, ScaledTensor energy) {
        int[] up = plus == null ? new int[] {ground} : plus.index();
        int[] down = minus == null ? new int[] {ground} : minus.index();
        int[] rowSteps = plus == null ? new int[sizes.length] : plus.strides();
        int[] columnSteps = minus == null ? new int[sizes.length] : minus.strides();
        Sums sums = new Sums(sizes, rowSteps, columnSteps, up.length, down.length);
        sums.add(energy.value(), logs);
        elements += sums.total();
        for (int i = 0; i < up.length; i++) {
            counts[up[i]] += sums.rowCounts()[i];
        }
        for (int j = 0; j < down.length; j++) {
            counts[down[j]] -= sums.columnCounts()[j];
        }
        if (plus == null && minus == null) {
            constant = Panel.logSum(constant, Math.log(sums.energies()[0]) + energy.logScale());
        } else {
            panels.add(new Panel(up, down, sums.energies(), energy.logScale()));
        }
    }

    private void rows(int[] sizes, List<Side> sides, ScaledTensor energy) {
        int[] index = new int[sizes.length];
        int size = energy.value().size();
        for (int i = 0; i < size; i++) {
            double e = energy.value().get(i);
            if (e > 0) {
                Map<Integer, Long> row = new TreeMap<>();
                for (Side side : sides) {
                    int at = 0;
                    for (int k = 0; k < index.length; k++) {
                        at += index[k] * side.strides()[k];
                    }
                    Row part = side.rows().get(at);
                    for (int k = 0; k < part.generators().length; k++) {
                        Coordinates.add(row, part.generators()[k], part.coefficients()[k]);
                    }
                }
                row.forEach((g, c) -> counts[g] += c);
                elements++;
                logs.add(e);
                double log = Math.log(e) + energy.logScale();
                if (row.isEmpty()) {
                    constant = Panel.logSum(constant, log);
                } else {
                    double[] total = rest.computeIfAbsent(row, r -> new double[] {Double.NEGATIVE_INFINITY});
                    total[0] = Panel.logSum(total[0], log);
                }
            }
            for (int k = sizes.length - 1; k >= 0 && ++index[k] == sizes[k]; k--) {
                index[k] = 0;
            }
        }
    }
}
