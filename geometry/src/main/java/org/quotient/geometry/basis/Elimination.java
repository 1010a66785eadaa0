package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/**
 * Exact elimination of the rows of B with pivots ±1: elements T whose rows are a basis of the lattice that all rows span, and every other row as an
 * integer combination of theirs, B_e = Σ c_{e,t} B_t. Then w_e·Π w_t^{−c_{e,t}} are unimodular coordinates of the quotient. For networks whose
 * rescalings are not those of a graph.
 */
final class Elimination {
    /** The most live elements; the combinations are dense. */
    static final int MOST = 400;

    private final RescalingGroup group;
    private final int[] elements;
    private final long[][] rows;
    private final Map<Integer, Integer> number = new HashMap<>();
    private final List<Integer> pivots = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();

    private Elimination(RescalingGroup group, String obstacle) {
        this.group = group;
        elements = group.liveness().live().stream().toArray();
        if (elements.length > MOST) {
            throw new IllegalArgumentException("Basis paths need rescalings that are those of a graph, or at most "
                    + MOST + " live parameters; here are " + elements.length + ", and " + obstacle);
        }
        rows = new long[elements.length][group.rank()];
        for (int i = 0; i < elements.length; i++) {
            long[] row = rows[i];
            group.row(elements[i]).forEach((g, c) -> row[g] = c);
            number.put(elements[i], i);
        }
    }

    /**
     * Pivots, first elements first, none of them zero.
     *
     * @param obstacle why the group is not that of a graph
     * @throws IllegalArgumentException if the network is not small, or needs pivots other than ±1
     */
    static Skeleton pivots(RescalingGroup group, Weights weights, String obstacle) {
        Elimination elimination = new Elimination(group, obstacle);
        BitSet zeros = RescalingGroup.zeros(new org.quotient.autodiff.network.Model(group.network(), weights));
        boolean found = true;
        while (found) {
            found = false;
            for (int i = 0; i < elimination.elements.length && !found; i++) {
                found = !zeros.get(elimination.elements[i]) && elimination.eliminate(i);
            }
        }
        for (int i = 0; i < elimination.elements.length; i++) {
            if (!zeros.get(elimination.elements[i]) && !elimination.isSpanned(i)) {
                throw new IllegalArgumentException("No basis paths were found: " + obstacle
                        + ", and no choice of kept elements makes the exponents of all others whole numbers");
            }
        }
        int[] in = SkeletonChoice.none(group.rank());
        for (int k = 0; k < elimination.pivots.size(); k++) {
            in[k] = elimination.elements[elimination.pivots.get(k)];
        }
        return Skeleton.of(in, SkeletonChoice.none(group.rank()));
    }

    /**
     * The elimination with the pivots of a skeleton.
     *
     * @throws IllegalArgumentException if they are no pivots
     */
    static Elimination of(RescalingGroup group, Skeleton skeleton, String obstacle) {
        Elimination elimination = new Elimination(group, obstacle);
        int[] in = skeleton.in();
        if (in.length != group.rank()) {
            throw new IllegalArgumentException(
                    "The network has " + group.rank() + " generators; the skeleton is for " + in.length);
        }
        for (int element : in) {
            Integer i = elimination.number.get(element);
            if (element != Skeleton.NONE && (i == null || !elimination.eliminate(i))) {
                throw new IllegalArgumentException("The skeleton's element " + element
                        + " is no live parameter element whose scale the elements before it leave free");
            }
        }
        return elimination;
    }

    /** Makes a row the unit row of a column that it has ±1 in and that is no other pivot's; says whether there is one. */
    private boolean eliminate(int i) {
        for (int column = 0; column < group.rank(); column++) {
            long pivot = rows[i][column];
            if (Math.abs(pivot) == 1 && !columns.contains(column)) {
                for (int other = 0; other < group.rank(); other++) {
                    long factor = Math.multiplyExact(rows[i][other], pivot);
                    if (other != column && factor != 0) {
                        for (long[] row : rows) {
                            row[other] = Math.subtractExact(row[other], Math.multiplyExact(factor, row[column]));
                        }
                    }
                }
                for (long[] row : rows) {
                    row[column] *= pivot;
                }
                pivots.add(i);
                columns.add(column);
                return true;
            }
        }
        return false;
    }

    private boolean isSpanned(int i) {
        for (int column = 0; column < rows[i].length; column++) {
            if (rows[i][column] != 0 && !columns.contains(column)) {
                return false;
            }
        }
        return true;
    }

    /** The kept elements, in order. */
    int[] kept() {
        return pivots.stream().mapToInt(i -> elements[i]).toArray();
    }

    /** Whether an element has a coordinate: it is live, not kept, and a combination of kept ones. */
    boolean isOwn(int element) {
        Integer i = number.get(element);
        return i != null && !pivots.contains(i) && isSpanned(i);
    }

    /** The exponents c of the kept elements, in order, whose combination an element's row is; only if it has a coordinate. */
    long[] exponents(int element) {
        Integer i = number.get(element);
        if (i == null) {
            throw new IllegalStateException("No live element: " + element);
        }
        long[] row = rows[i];
        return columns.stream().mapToLong(c -> row[c]).toArray();
    }

    @Override
    public String toString() {
        return "kept " + Arrays.toString(kept());
    }
}
