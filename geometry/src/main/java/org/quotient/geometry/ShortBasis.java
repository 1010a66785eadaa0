package org.quotient.geometry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;

/**
 * Generators that read well where weights are reused: elimination may leave generators whose exponents are larger than they
 * need be, such as a hidden unit of a recurrent network mixed with the symmetry W → κW. Adding one generator to another where
 * that shortens its column of B (in the sum of absolute exponents) separates them. The lattice of generators stays the same.
 */
final class ShortBasis {
    private static final int MOST_GENERATORS = 256;
    private static final int MOST_ROWS = 50_000;

    private final Inference inference;
    private final Map<Integer, Map<Integer, Long>> columns = new HashMap<>();

    private ShortBasis(Inference inference) {
        this.inference = inference;
    }

    static void improve(Inference inference) {
        if (inference.relations.free().size() <= MOST_GENERATORS) {
            ShortBasis basis = new ShortBasis(inference);
            if (basis.collect()) {
                basis.reduce();
            }
        }
    }

    /** The columns of B over the different rows; says whether some exponent is larger than 1 in size. */
    private boolean collect() {
        Set<LinearForm> rows = new HashSet<>();
        boolean large = false;
        ParameterScales scales = inference.scales;
        for (int v = 0; v < scales.variables().size() && scales.offset(v) < scales.trainable(); v++) {
            for (LinearForm row : rows(v)) {
                if (rows.size() > MOST_ROWS) {
                    return false;
                }
                if (!row.isZero() && rows.add(row)) {
                    for (int k = 0; k < row.terms(); k++) {
                        columns.computeIfAbsent(row.unknownAt(k), u -> new HashMap<>())
                                .put(rows.size(), row.coefficientAt(k));
                        large |= Math.abs(row.coefficientAt(k)) > 1;
                    }
                }
            }
        }
        return large;
    }

    private List<LinearForm> rows(int variable) {
        Expr node = inference.scales.variables().get(variable);
        List<ParameterScales.Addend> law = inference.scales.law(variable);
        int[] extents = new int[node.shape().rank()];
        java.util.Arrays.fill(extents, 1);
        for (ParameterScales.Addend addend : law) {
            extents = BlockTensor.join(extents, addend.forms().extents);
        }
        int count = law.isEmpty() ? 0 : BlockTensor.product(extents);
        List<int[]> ids = new ArrayList<>();
        for (ParameterScales.Addend addend : law) {
            ids.add(addend.forms().expand(extents).ids);
        }
        List<LinearForm> rows = new ArrayList<>();
        int offset = inference.scales.offset(variable);
        for (int i = 0; i < Math.min(count, MOST_ROWS + 1); i++) {
            boolean explicit = inference.scales.structure(variable) == null;
            LinearForm row = LinearForm.ZERO;
            for (int k = 0; k < ids.size(); k++) {
                row = row.plus(
                        inference.relations.normal(ids.get(k)[i]), law.get(k).sign());
            }
            rows.add(explicit && !inference.liveness.isLiveOrIdle(offset + i) ? LinearForm.ZERO : row);
        }
        return rows;
    }

    private void reduce() {
        boolean improved = true;
        while (improved) {
            improved = false;
            for (int i : List.copyOf(columns.keySet())) {
                for (int j : List.copyOf(columns.keySet())) {
                    for (int sign = -1; sign <= 1 && i != j && columns.containsKey(j); sign += 2) {
                        improved |= tryToAdd(i, j, sign);
                    }
                }
            }
        }
    }

    /** Adds sign·generator j to generator i if that makes i shorter. */
    private boolean tryToAdd(int i, int j, int sign) {
        Map<Integer, Long> old = columns.getOrDefault(i, Map.of());
        Map<Integer, Long> other = columns.getOrDefault(j, Map.of());
        Map<Integer, Long> sum = new HashMap<>(old);
        other.forEach((row, c) -> sum.merge(row, sign * c, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b)));
        if (old.values().stream().allMatch(c -> Math.abs(c) <= 1) || length(sum) >= length(old)) {
            return false;
        }
        int fresh = inference.relations.follow(j, i, sign);
        LawKind kind = inference.kinds().get(j);
        if (kind != null) {
            inference.kinds().put(fresh, kind);
        }
        columns.put(i, sum);
        columns.remove(j);
        columns.put(fresh, other);
        return true;
    }

    private static long length(Map<Integer, Long> column) {
        return column.values().stream().mapToLong(Math::abs).sum();
    }
}
