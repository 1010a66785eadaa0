package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quotient.geometry.functional.jacobian.Border;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.Subject;

/**
 * Parts of a first layer in which identities are to be looked for: the columns that belong to one input coordinate alone, together where
 * coordinates depend on each other, and those of constant coordinates with the columns that belong to none (biases).
 */
final class InputParts {
    private InputParts() {}

    /**
     * The parts.
     *
     * @param subject the network
     * @param support where the inputs lie
     * @param columns parameter elements, among which the parts are looked for
     */
    static List<BitSet> of(Subject subject, Support support, BitSet columns) {
        if (support.constant().isEmpty() || support.dimension() >= 0) {
            return List.of();
        }
        Optional<Border> border = Border.of(subject, Primes.largest(1).get(0));
        if (border.isEmpty()) {
            return List.of();
        }
        int size = border.get().count() - 1;
        // The last place stands for the number 1, on which constant coordinates depend.
        int[] parent = new int[size + 1];
        java.util.Arrays.setAll(parent, i -> i);
        boolean[] constant = support.constants(size);
        for (int j = 0; j < size; j++) {
            if (constant[j]) {
                join(parent, j, size);
            }
        }
        boolean[] tied = constant.clone();
        for (Relation relation : support.relations()) {
            tied[relation.coordinate()] = true;
            for (int other : relation.others()) {
                tied[other] = true;
                join(parent, relation.coordinate(), other);
            }
            if (relation.constant().getNumerator().signum() != 0) {
                join(parent, relation.coordinate(), size);
            }
        }
        Map<Integer, BitSet> parts = new TreeMap<>();
        int[] elements = subject.rows().elements();
        int[] groups = border.get().groupOf();
        for (int c = 0; c < elements.length; c++) {
            int coordinate = groups[c] < 0 ? size : groups[c] - 1;
            boolean wanted = coordinate == size || (coordinate >= 0 && tied[coordinate]);
            if (wanted && columns.get(elements[c])) {
                parts.computeIfAbsent(root(parent, coordinate), k -> new BitSet())
                        .set(elements[c]);
            }
        }
        return new ArrayList<>(parts.values());
    }

    private static int root(int[] parent, int i) {
        int at = i;
        while (parent[at] != at) {
            at = parent[at];
        }
        return at;
    }

    private static void join(int[] parent, int a, int b) {
        int first = Math.min(root(parent, a), root(parent, b));
        parent[root(parent, a)] = first;
        parent[root(parent, b)] = first;
    }
}
