package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/**
 * One incoming and one outgoing weight per unit make a basis of the lattice of paths: as many as rank A, independent, every path is a
 * combination of them with whole coefficients and they of paths. Where skip connections tie units, a walk enters and leaves the class
 * anywhere, so that it need not be a path.
 */
final class TwoTreeBasisTheorem {
    private static final int QUICK = 80;

    private TwoTreeBasisTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "two-tree-basis",
                new Claim<>(
                        "the walks along a skeleton of one incoming and one outgoing weight per unit (per class of tied"
                                + " units), each with at most one weight outside of it, are a basis of all paths with whole"
                                + " coefficients, both ways",
                        TwoTreeBasisTheorem::check),
                "P = \\sum_{e \\in P} p_e - \\sum_{v \\in P} q_v, \\qquad p_e = I(u) + e + O(v),\\ q_v = I(v) + O(v)",
                "derived (two-tree skeletons on any DAG); Meng et al., ICLR 2019, for layers",
                List.of(enumerable()),
                NetworkInstances.of(Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.POOLING), QUICK),
                Verdict.PROVED,
                new Claim<>(
                        "any live − generators different paths are a basis of all paths", TwoTreeBasisTheorem::first));
    }

    /** That paths can be written down. */
    static Hypothesis<NetworkInstance> enumerable() {
        return new Hypothesis<>("the paths can be enumerated", i -> i.paths().isPresent());
    }

    private static Finding check(NetworkInstance i) {
        Optional<BasisPaths> found = BasisPaths.of(i);
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        BasisPaths basis = found.get();
        return basis(i, basis);
    }

    /** Whether the library's basis paths are one. */
    static Finding basis(NetworkInstance i, BasisPaths basis) {
        long rank = i.live() - i.group().rank();
        int size = basis.vectors().size();
        if (size != rank || basis.space().dimension() != rank) {
            return new Finding.Refuted(size + " basis paths, but rank A = " + rank);
        }
        for (long[] path : basis.vectors()) {
            if (!flows(i, path)) {
                return new Finding.Refuted("a basis path is moved by a rescaling: " + java.util.Arrays.toString(path));
            }
        }
        if (ExactRank.modulo(basis.vectors()) != size) {
            return new Finding.Refuted(size + " basis paths of rank " + ExactRank.modulo(basis.vectors()));
        }
        List<long[]> paths = PathMatrix.rows(i);
        Optional<List<long[]>> coordinates = basis.coordinates(paths);
        if (coordinates.isEmpty()) {
            return new Finding.Refuted("some path is no combination of the basis paths with whole coefficients");
        }
        return WholeLattice.spans(coordinates.get(), size)
                ? new Finding.Proved(
                        size + " basis paths and " + paths.size() + " paths are whole combinations of one another")
                : new Finding.Refuted("some basis path is no combination of paths with whole coefficients");
    }

    /** Σ_e p_e B_e = 0. */
    private static boolean flows(NetworkInstance i, long[] path) {
        long[] sums = new long[i.group().rank()];
        for (int e = 0; e < path.length; e++) {
            long times = path[e];
            i.group().row(e).forEach((k, b) -> sums[k] += times * b);
        }
        return java.util.Arrays.stream(sums).allMatch(s -> s == 0);
    }

    private static Finding first(NetworkInstance i) {
        List<long[]> paths = PathMatrix.rows(i);
        int rank = Math.toIntExact(i.live() - i.group().rank());
        if (paths.size() < rank) {
            return new Finding.NotApplicable("there are so many paths");
        }
        int found = ExactRank.modulo(new ArrayList<>(paths.subList(0, rank)));
        return found == rank
                ? new Finding.Proved("the first " + rank + " paths are independent")
                : new Finding.Refuted("the first " + rank + " of " + paths.size() + " paths have the rank " + found);
    }
}
