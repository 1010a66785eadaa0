package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.List;
import org.quotient.geometry.DimensionCount;
import org.quotient.geometry.PointCount;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.Paths;
import org.quotient.geometry.paths.PathLiftingRank;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/**
 * The rank of ∂Φ(θ) at points with zeros: the path vectors without zeros, plus one for each zero that is the only one on some path.
 * The Jacobian is written down and eliminated over the rationals.
 */
final class JacobianRankTheorem {
    private static final int MOST_PARAMETERS = 60;
    private static final int MOST_PATHS = 600;

    private JacobianRankTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "jacobian-rank",
                new Claim<>(
                        "the rank of the Jacobian of all path values at any θ, zeros included, is that of the paths"
                                + " without zeros plus the number of zeros that are alone on some path",
                        i -> compare(i, PointCount.of(i.group(), i.model()).rankPathLifting(), "counted on the graph")),
                "\\operatorname{rank} \\partial\\Phi(\\theta) = \\operatorname{rank} A_{\\theta \\ne 0} + \\#\\{e :"
                        + " \\theta_e = 0 \\text{ is alone on a path}\\}",
                "derived; drops at zero fans for layered networks: Bona-Pellissier et al. 2022, Meng et al. 2019",
                hypotheses(),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.SHARING)
                                .upTo(2)
                                .withZeros(),
                        150,
                        NetworkInstance.of(Sketch.mlp(false, 2, 2, 2), 1, 1, 1, 1, 1, 1, 1, 1),
                        NetworkInstance.of(Sketch.mlp(false, 2, 2, 2), 0, 0, 1, 1, 1, 1, 1, 1),
                        NetworkInstance.of(Sketch.mlp(false, 2, 2, 2), 0, 0, 1, 1, 0, 1, 0, 1)),
                Verdict.PROVED,
                new Claim<>(
                        "the rank of the Jacobian of all path values is live − generators at every θ",
                        i -> compare(i, i.live() - i.group().rank(), "live − generators")));
    }

    /** What makes the exact Jacobian small enough to eliminate. */
    static List<Hypothesis<NetworkInstance>> hypotheses() {
        return List.of(
                new Hypothesis<>(
                        "at most " + MOST_PARAMETERS + " parameters",
                        i -> i.network().parameterCount() <= MOST_PARAMETERS),
                new Hypothesis<>(
                        "at most " + MOST_PATHS + " paths",
                        i -> Paths.of(i.model()).count() <= MOST_PATHS),
                new Hypothesis<>(
                        "the dimension is certified",
                        i -> DimensionCount.of(i.group()).certificate().proved()));
    }

    /** The rank of ∂Φ(θ) over the rationals. */
    static int rank(NetworkInstance i) {
        return ExactRank.ofDyadic(Arrays.asList(Paths.of(i.model()).jacobian()));
    }

    private static Finding compare(NetworkInstance i, long predicted, String formula) {
        int rank = rank(i);
        int byGraph = i.graph()
                .map(graph -> PathLiftingRank.of(graph, RescalingGroup.zeros(i.model())))
                .filter(PathLiftingRank::exact)
                .map(PathLiftingRank::rank)
                .orElse(rank);
        if (byGraph != rank) {
            return new Finding.Refuted("rank ∂Φ = " + rank + " over the rationals, " + byGraph + " by its path graph");
        }
        return rank == predicted
                ? new Finding.Proved("rank ∂Φ = " + rank + " = " + formula)
                : new Finding.Refuted("rank ∂Φ = " + rank + ", but " + predicted + " = " + formula);
    }
}
