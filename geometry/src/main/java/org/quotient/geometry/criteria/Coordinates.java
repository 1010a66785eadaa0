package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw.Row;

/**
 * The rescalings that keep every scale that an operation removes (such as those before a normalisation) where it is: a
 * subgroup, with as many coordinates y as are left of z. Most often a coordinate is a generator and the others are frozen.
 */
final class Coordinates {
    private final Row[] ofGenerator;
    private final int[] generator;

    private Coordinates(Row[] ofGenerator, int[] generator) {
        this.ofGenerator = ofGenerator;
        this.generator = generator;
    }

    static Coordinates of(RescalingGroup group) {
        int rank = group.rank();
        Row[] substitution = new Row[rank];
        List<Integer> composed = new ArrayList<>();
        for (Row removed : group.removedScales()) {
            Row row = substitute(removed, substitution);
            if (row.isZero()) {
                continue;
            }
            int pivot = pivot(row);
            if (row.generators().length == 1 || pivot < 0) {
                for (int g : row.generators()) {
                    set(g, Row.ZERO, substitution, composed);
                }
            } else {
                set(row.generators()[pivot], solved(row, pivot), substitution, composed);
                composed.add(row.generators()[pivot]);
            }
        }
        int[] place = new int[rank];
        int count = 0;
        for (int g = 0; g < rank; g++) {
            place[g] = substitution[g] == null ? count++ : -1;
        }
        int[] generator = new int[count];
        Row[] rows = new Row[rank];
        for (int g = 0; g < rank; g++) {
            Row row = substitution[g] == null ? new Row(new int[] {g}, new long[] {1}) : substitution[g];
            int[] moved = Arrays.stream(row.generators()).map(h -> place[h]).toArray();
            rows[g] = new Row(moved, row.coefficients());
            if (place[g] >= 0) {
                generator[place[g]] = g;
            }
        }
        return new Coordinates(rows, generator);
    }

    private static int pivot(Row row) {
        for (int k = row.generators().length - 1; k >= 0; k--) {
            if (Math.abs(row.coefficients()[k]) == 1) {
                return k;
            }
        }
        return -1;
    }

    /** The generator at the pivot as a combination of the others. */
    private static Row solved(Row row, int pivot) {
        Map<Integer, Long> out = new LinkedHashMap<>();
        for (int k = 0; k < row.generators().length; k++) {
            if (k != pivot) {
                out.put(row.generators()[k], -row.coefficients()[pivot] * row.coefficients()[k]);
            }
        }
        return row(out);
    }

    private static void set(int generator, Row value, Row[] substitution, List<Integer> composed) {
        Row[] one = new Row[substitution.length];
        one[generator] = value;
        for (int g : composed) {
            Row known = substitution[g];
            if (known != null && Arrays.stream(known.generators()).anyMatch(h -> h == generator)) {
                substitution[g] = substitute(known, one);
            }
        }
        substitution[generator] = value;
    }

    private static Row substitute(Row row, Row[] substitution) {
        boolean plain = Arrays.stream(row.generators()).allMatch(g -> substitution[g] == null);
        if (plain) {
            return row;
        }
        Map<Integer, Long> out = new LinkedHashMap<>();
        for (int k = 0; k < row.generators().length; k++) {
            Row value = substitution[row.generators()[k]];
            if (value == null) {
                add(out, row.generators()[k], row.coefficients()[k]);
            } else {
                for (int i = 0; i < value.generators().length; i++) {
                    add(out, value.generators()[i], row.coefficients()[k] * value.coefficients()[i]);
                }
            }
        }
        return row(out);
    }

    static void add(Map<Integer, Long> sum, int generator, long coefficient) {
        sum.merge(generator, coefficient, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
    }

    static Row row(Map<Integer, Long> entries) {
        return entries.isEmpty()
                ? Row.ZERO
                : new Row(
                        entries.keySet().stream().mapToInt(Integer::intValue).toArray(),
                        entries.values().stream().mapToLong(Long::longValue).toArray());
    }

    /** The number of coordinates. */
    int count() {
        return generator.length;
    }

    /** The generator that a coordinate is. */
    int generator(int coordinate) {
        return generator[coordinate];
    }

    /** Generators that no coordinate moves. */
    int[] frozen() {
        return java.util.stream.IntStream.range(0, ofGenerator.length)
                .filter(g -> ofGenerator[g].isZero())
                .toArray();
    }

    /** A row over the generators as one over the coordinates. */
    Row reduce(Row row) {
        if (row.generators().length == 1 && row.coefficients()[0] == 1) {
            return ofGenerator[row.generators()[0]];
        }
        Map<Integer, Long> out = new LinkedHashMap<>();
        for (int k = 0; k < row.generators().length; k++) {
            Row value = ofGenerator[row.generators()[k]];
            for (int i = 0; i < value.generators().length; i++) {
                add(out, value.generators()[i], row.coefficients()[k] * value.coefficients()[i]);
            }
        }
        return row(out);
    }

    /** z for given coordinates. */
    double[] lift(double[] y) {
        double[] z = new double[ofGenerator.length];
        for (int g = 0; g < z.length; g++) {
            z[g] = ofGenerator[g].times(y);
        }
        return z;
    }

    /** The coordinates of z. */
    double[] restrict(double[] z) {
        return Panel.gather(generator, z);
    }
}
