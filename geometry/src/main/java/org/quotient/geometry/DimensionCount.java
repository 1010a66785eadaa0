package org.quotient.geometry;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.paths.EliminatedRank;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.geometry.paths.TooLargeException;

/**
 * The dimension of a network's parameter space modulo positive rescaling, counted from its graph: live parameters minus
 * generators, with a certificate (Meng et al. 2019 for multilayer perceptrons; here for any graph).
 *
 * @param parameters all trainable numbers
 * @param live those on a path
 * @param idle those whose only effect is a shift that the next operation removes
 * @param dead the rest
 * @param generators the rank of B on the live parameters
 * @param dimension live − generators
 * @param certificate the evidence
 * @param pinned operations that hold a scale at 0, and why
 */
public record DimensionCount(
        long parameters,
        long live,
        long idle,
        long dead,
        int generators,
        long dimension,
        Certificate certificate,
        List<Pinned> pinned) {

    /** Counts for a network. */
    public static DimensionCount of(Network network) {
        return of(RescalingGroup.of(network));
    }

    /** Counts for a group that is already known. */
    public static DimensionCount of(RescalingGroup group) {
        Liveness liveness = group.liveness();
        long live = liveness.liveCount();
        long upper = live - group.rank();
        return new DimensionCount(
                live + liveness.idleCount() + liveness.deadCount(),
                live,
                liveness.idleCount(),
                liveness.deadCount(),
                group.rank(),
                upper,
                certify(group, upper),
                group.pinned());
    }

    private static Certificate certify(RescalingGroup group, long upper) {
        ChannelBound.Result channels = ChannelBound.of(group.network(), group.liveness());
        if (channels.applies() && channels.lower() == upper) {
            return new Certificate(
                    upper, upper, true, "channel multigraph: union-find over fixed edges, taps checked", List.of(), "");
        }
        if (ElementCount.terms(group.liveness().order()) <= PathGraph.DEFAULT_BUDGET) {
            try {
                return eliminate(group, upper);
            } catch (TooLargeException tooLarge) {
                return unproved(group, upper, channels, String.valueOf(tooLarge.getMessage()));
            }
        }
        return unproved(group, upper, channels, "too many scalar paths for elimination");
    }

    private static Certificate eliminate(RescalingGroup group, long upper) {
        PathGraph paths = PathGraph.of(group.network(), group.liveness().idle());
        EliminatedRank rank = EliminatedRank.of(paths);
        boolean sameLive = paths.live().equals(group.liveness().live());
        boolean proved = sameLive && rank.rank() == upper;
        String remark = proved
                ? ""
                : sameLive
                        ? "the bounds do not meet"
                        : "the scalar path graph has " + rank.live() + " live parameters: the two analyses disagree";
        return new Certificate(
                rank.rank(),
                upper,
                proved,
                "exact elimination of the relations of all scalar paths",
                rank.primes(),
                remark);
    }

    private static Certificate unproved(RescalingGroup group, long upper, ChannelBound.Result channels, String size) {
        Map<String, String> incomplete = group.incomplete();
        String blame = incomplete.isEmpty() ? channels.failure() : incomplete.toString();
        return new Certificate(0, upper, false, "none", List.of(), blame + "; " + size);
    }
}
