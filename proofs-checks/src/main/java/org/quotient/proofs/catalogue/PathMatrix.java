package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.paths.Monomial;
import org.quotient.geometry.paths.Monomials;
import org.quotient.geometry.paths.PathVector;
import org.quotient.proofs.generators.NetworkInstance;

/** The integer matrices A (paths × parameters) and B (parameters × generators) of a small network, written down. */
final class PathMatrix {
    private PathMatrix() {}

    /** Every path with its end, written down; the instance's graph is there. */
    static List<Monomial> paths(NetworkInstance i) {
        return Monomials.of(i.graph().orElseThrow(), NetworkInstance.PATHS).stream()
                .toList();
    }

    /** The different path vectors, as rows over all parameters. */
    static List<long[]> rows(NetworkInstance i) {
        Set<PathVector> seen = new LinkedHashSet<>();
        paths(i).stream().filter(m -> m.kind().counted()).forEach(m -> seen.add(m.vector()));
        List<long[]> rows = new ArrayList<>();
        for (PathVector path : seen) {
            long[] row = new long[Math.toIntExact(i.network().parameterCount())];
            for (int k = 0; k < path.size(); k++) {
                row[path.element(k)] = path.exponent(k);
            }
            rows.add(row);
        }
        return rows;
    }

    /** (A·B)_{p,k} for one path. */
    static long[] scales(RescalingGroup group, PathVector path) {
        long[] out = new long[group.rank()];
        for (int k = 0; k < path.size(); k++) {
            long exponent = path.exponent(k);
            group.row(path.element(k)).forEach((g, b) -> out[g] += exponent * b);
        }
        return out;
    }

    /**
     * A path whose scale depends on the representative, in words; null if there is none, so that A·B = 0. Paths that end where a
     * normalisation removes the scale must all have the same.
     */
    static @org.jspecify.annotations.Nullable String scaled(NetworkInstance i) {
        Map<Integer, List<Long>> common = new HashMap<>();
        for (Monomial path : paths(i)) {
            List<Long> scales = java.util.Arrays.stream(scales(i.group(), path.vector()))
                    .boxed()
                    .toList();
            List<Long> expected = path.group() < 0
                    ? java.util.Collections.nCopies(scales.size(), 0L)
                    : common.computeIfAbsent(path.group(), g -> scales);
            if (!scales.equals(expected)) {
                return "the path " + path.vector() + " scales by exponents " + scales + " over the generators, not "
                        + expected;
            }
        }
        return null;
    }

    /** The rank of B on the live parameters, modulo a prime: a lower bound. */
    static int rankOfB(RescalingGroup group) {
        List<long[]> rows = new ArrayList<>();
        BitSet live = group.liveness().live();
        for (int e = live.nextSetBit(0); e >= 0; e = live.nextSetBit(e + 1)) {
            long[] row = new long[group.rank()];
            group.row(e).forEach((g, b) -> row[g] = b);
            rows.add(row);
        }
        return group.rank() == 0 ? 0 : ExactRank.modulo(rows);
    }
}
