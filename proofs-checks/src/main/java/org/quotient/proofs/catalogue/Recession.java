package org.quotient.proofs.catalogue;

import java.util.BitSet;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * A direction of log-scales along which no nonzero weight grows: scales of what nonzero weights do not reach from the inputs go up, of
 * what reaches no output down. No sum of powers of weights has exactly one minimiser on the orbit if there is such a direction.
 */
final class Recession {
    private final NetworkInstance instance;
    private final double[] values;

    private Recession(NetworkInstance instance, double[] values) {
        this.instance = instance;
        this.values = values;
    }

    /** The weights of an instance, one per element. */
    static Recession of(NetworkInstance i) {
        return new Recession(
                i,
                i.network().parameters().stream()
                        .flatMapToDouble(
                                p -> java.util.Arrays.stream(i.weights().get(p).data()))
                        .toArray());
    }

    /** What nonzero weights reach, from the inputs along them or from the outputs against them. */
    private BitSet reached(int side) {
        BitSet reached = new BitSet();
        int before;
        do {
            before = reached.cardinality();
            for (int e = 0; e < values.length; e++) {
                if (values[e] != 0) {
                    reach(instance.group().row(e), side, reached);
                }
            }
        } while (reached.cardinality() > before);
        return reached;
    }

    private static void reach(Map<Integer, Long> row, int side, BitSet reached) {
        boolean from = row.entrySet().stream().allMatch(b -> b.getValue() * side > 0 || reached.get(b.getKey()));
        if (from) {
            row.forEach((k, b) -> reached.set(k, reached.get(k) || b * side > 0));
        }
    }

    /** The direction, one number per generator, 0 where a scale matters. */
    int[] direction() {
        BitSet entered = reached(1);
        BitSet left = reached(-1);
        int[] z = new int[instance.group().rank()];
        for (int k = 0; k < z.length; k++) {
            z[k] = !entered.get(k) ? 1 : left.get(k) ? 0 : -1;
        }
        return z;
    }

    /** Whether (Bz)_e ≤ 0 for all nonzero weights. */
    boolean growsNothing(int[] z) {
        int element = 0;
        for (Expr p : instance.network().parameters()) {
            for (int k = 0; k < p.shape().elements(); k++, element++) {
                long power = instance.group().row(element).entrySet().stream()
                        .mapToLong(b -> b.getValue() * z[b.getKey()])
                        .sum();
                if (values[element] != 0 && power > 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
