package org.quotient.geometry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.quotient.autodiff.network.Network;

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
        Optional<ScalarBound> scalar = group.scalarBound().or(() -> ScalarBound.of(group.liveness()));
        if (scalar.isEmpty()) {
            Map<String, String> incomplete = group.incomplete();
            String blame = incomplete.isEmpty()
                    ? channels.failure()
                    : incomplete.entrySet().stream()
                            .map(e -> e.getKey() + ": " + e.getValue())
                            .collect(Collectors.joining("; "));
            return new Certificate(
                    0, upper, false, "none", List.of(), blame + "; too many scalar paths for elimination");
        }
        ScalarBound bound = scalar.get();
        boolean proved = bound.sameLive() && bound.rank() == upper;
        String remark = bound.sameLive()
                ? "the bounds do not meet"
                : "the scalar paths hold " + bound.live() + " parameters: the two analyses disagree";
        return new Certificate(
                bound.rank(),
                upper,
                proved,
                "exact elimination of the relations of all scalar paths",
                bound.primes(),
                proved ? "" : remark);
    }
}
