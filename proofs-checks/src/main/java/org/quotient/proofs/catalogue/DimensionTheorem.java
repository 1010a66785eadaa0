package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.OptionalLong;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * The rank of the matrix A of all path vectors (paths × live parameters, found by writing every path down and exact
 * elimination) is live − generators, with the generators inferred from the graph alone. A normalisation leaves the scale of
 * its inputs open; the rank is then taken up to these free scales.
 */
public final class DimensionTheorem {
    private DimensionTheorem() {}

    /** The theorem {@code dimension-theorem}. */
    public static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "dimension-theorem",
                new Claim<>(
                        "A·B = 0 and rank A = live − rank B: paths see a network's live parameters up to rescaling"
                                + " (those that end at a normalisation up to one common scale, in both equations)",
                        DimensionTheorem::countGenerators),
                "A B = 0, \\quad \\operatorname{rank} A + \\operatorname{rank} B = m_{\\mathrm{live}}"
                        + " \\quad\\text{(modulo one scale for each group that a normalisation reads)}",
                "Meng et al., G-SGD, ICLR 2019, for multilayer perceptrons; here for any graph, by exact enumeration",
                List.of(
                        new Hypothesis<>(
                                "some parameter is live",
                                i -> i.group().liveness().liveCount() > 0),
                        new Hypothesis<>(
                                "at most 50,000 paths, so that they can be enumerated",
                                i -> i.paths().isPresent())),
                NetworkInstances.all(150, 2_000),
                Verdict.PROVED,
                new Claim<>(
                        "rank A = live − number of hidden units, for every live network that uses each weight once",
                        DimensionTheorem::countUnits));
    }

    private static Finding countGenerators(NetworkInstance i) {
        RescalingGroup group = i.group();
        String scaled = PathMatrix.scaled(i);
        if (scaled != null) {
            return new Finding.Refuted("A·B is not 0: " + scaled);
        }
        int rank = PathMatrix.rankOfB(group);
        if (rank != group.rank()) {
            return new Finding.Refuted("B has " + group.rank() + " columns and the rank " + rank);
        }
        return compare(i, i.live() - group.rank(), i.live() + " live − " + group.rank() + " generators");
    }

    private static Finding countUnits(NetworkInstance i) {
        long live = i.live();
        OptionalLong units = HiddenUnits.count(i.network());
        if (live < i.network().parameterCount()) {
            return new Finding.NotApplicable("all parameters are live");
        }
        if (!HiddenUnits.weightsAreUsedOnce(i.network())) {
            return new Finding.NotApplicable("each weight is used once");
        }
        if (units.isEmpty()) {
            return new Finding.NotApplicable("activations are units or channels");
        }
        return compare(i, live - units.getAsLong(), live + " live − " + units.getAsLong() + " hidden units");
    }

    /** Equality is a proof even modulo primes: the rank found is a lower bound, the symmetries give the upper bound. */
    private static Finding compare(NetworkInstance i, long predicted, String formula) {
        EnumeratedRank paths = i.paths().orElseThrow();
        String found = "rank " + paths.rank() + " of " + paths.monomials() + " paths";
        if (paths.rank() == predicted) {
            return new Finding.Proved(found + " = " + formula);
        }
        if (!paths.exact() && paths.rank() < predicted) {
            return new Finding.NotApplicable("elimination modulo primes is exact");
        }
        return new Finding.Refuted(found + ", but " + formula + " = " + predicted);
    }
}
