package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.jacobian.ExactRows;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.regions.LinearRegions;
import org.quotient.geometry.functional.sampling.RegionPoints;
import org.quotient.geometry.functional.sampling.Sampling;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Drawn;
import org.quotient.proofs.Finding;
import org.quotient.proofs.GeneratedInstances;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/**
 * The functional dimension is at most live − generators, whatever the architecture, and has closed forms for one hidden layer. All
 * linear regions are enumerated and their Jacobians written over the rationals; the group has no part in that rank.
 */
final class FunctionalDimensionTheorem {
    private static final int QUICK = 60;
    private static final int MOST_INPUTS = 4;
    private static final int MOST_PARAMETERS = 40;
    private static final int MOST_REGIONS = 2_000;

    /** A few points only: what they give must lie on the right side of what all regions give. */
    private static final Sampling SAMPLING =
            Sampling.seeded(0).withPatience(1).withLines(1).withMost(200);

    private static final Networks ANY = Networks.of(
                    Family.MLP, Family.RESIDUAL, Family.SHARING, Family.POOLING, Family.CNN)
            .upTo(2);

    private FunctionalDimensionTheorem() {}

    /** A network, and what is known of it if it has one hidden layer. */
    private record Subjected(NetworkInstance instance, Optional<OneHiddenLayer> shallow) {}

    static Theorem<?> theorem() {
        return new Theorem<>(
                "functional-dimension",
                new Claim<>(
                        "the functional dimension is at most live − generators; for one hidden layer with biases it is"
                                + " n₀r + rm + m if no unit is special, less n₀ for a unit that nothing leaves, n₀ + m for one"
                                + " that is never on, m for one that is always on, m for two that bend at one place on one"
                                + " side (n₀ + m if their outgoing weights are parallel) and 1 on opposite sides with parallel"
                                + " outgoing weights; without biases n₀r + rm − r, or for n₀ = 1 m for each half-line on which"
                                + " a unit is on",
                        FunctionalDimensionTheorem::check),
                "\\operatorname{dim}_{\\mathrm{fun}}(\\theta) \\le m_{\\mathrm{live}} - \\operatorname{rank} B, \\qquad"
                        + " \\operatorname{dim}_{\\mathrm{fun}} = n_0 r + r m + m"
                        + " \\text{ generically for one hidden layer with biases}",
                "Grigsby, Lindsey, Meyerhoff and Wu 2022; closed forms: derived",
                List.of(
                        new Hypothesis<>(
                                "at most " + MOST_INPUTS + " inputs and " + MOST_PARAMETERS + " parameters",
                                FunctionalDimensionTheorem::small),
                        new Hypothesis<>(
                                "for a closed form: units bend at different places but for the two that are meant",
                                s -> s.shallow().isEmpty() || s.shallow().get().bendsAreDistinct())),
                new GeneratedInstances<>(
                        worked(),
                        FunctionalDimensionTheorem::draw,
                        QUICK,
                        10 * QUICK,
                        s -> s.instance().network().parameterCount(),
                        s -> s.instance().description()),
                Verdict.PROVED,
                new Claim<>(
                        "the bound live − generators is attained wherever no parameter is zero",
                        FunctionalDimensionTheorem::attained));
    }

    /** Networks that attain the bound, so that one generator too many shows. */
    private static List<Drawn<Subjected>> worked() {
        Layer relu = new Layer.Activation(0);
        Layer two = new Layer.Dense(2, true);
        Sketch maxima = Sketch.of(2, new Layer.Dense(4, false), new Layer.PoolUnits(2), new Layer.Dense(2, false));
        Sketch residual = Sketch.of(2, two, relu, new Layer.Residual(List.of(two, relu)), new Layer.Dense(1, true));
        Sketch pooled = new Sketch(
                List.of(1, 2, 2),
                List.of(new Layer.Conv(1, 1, 0, true), relu, new Layer.Pool(true, 2), new Layer.Flatten(), two));
        return Stream.of(
                        NetworkInstance.of(maxima, -1, -2, -3, 3, 2, -2, -2, 1, 3, -1, 3, -2),
                        NetworkInstance.of(residual, -1, -2, -3, 3, 2, -2, -2, 1, 3, -1, 3, -2, -3, 2, 1),
                        NetworkInstance.of(pooled, 1, 2, -3, -3, 1, -3))
                .map(i -> Drawn.fixed(new Subjected(i, Optional.empty())))
                .toList();
    }

    private static Subjected draw(Choices choices) {
        if (choices.maybe()) {
            Networks some = choices.maybe() ? ANY.withZeros() : ANY;
            return new Subjected(some.draw(choices), Optional.empty());
        }
        OneHiddenLayer shallow = OneHiddenLayer.draw(choices);
        return new Subjected(shallow.instance(), Optional.of(shallow));
    }

    private static boolean small(Subjected s) {
        List<org.quotient.autodiff.Expr> inputs = s.instance().network().inputs();
        return inputs.size() == 1
                && inputs.getFirst().shape().bind(1).elements() <= MOST_INPUTS
                && s.instance().network().parameterCount() <= MOST_PARAMETERS;
    }

    /** The largest rank over all linear regions; proved over the rationals or else modulo a prime. */
    private record Regions(int number, int rank, boolean proved) {
        static Regions of(NetworkInstance i) {
            Subject subject = Subject.of(i.model());
            LinearRegions.Found found =
                    LinearRegions.of(subject.masked(), subject.decider().parameters(), MOST_REGIONS);
            Patterns patterns = RegionPoints.of(subject, found.regions());
            // Not told any bound, so that the rank can exceed it.
            RankStream stream =
                    new RankStream(subject, ExactRank.FIELD, subject.rows().columns());
            stream.add(patterns);
            boolean proved = ExactRows.affordable(subject, patterns)
                    && new ExactRows(subject, patterns).rankIs(stream.space().pivotRows());
            return new Regions(found.regions().size(), stream.rank(), proved);
        }
    }

    /** The functional dimension of a small network. */
    static int rank(NetworkInstance i) {
        return Regions.of(i).rank();
    }

    private static long bound(NetworkInstance i) {
        return i.live() - i.group().rank();
    }

    private static Finding check(Subjected s) {
        NetworkInstance i = s.instance();
        Regions regions = Regions.of(i);
        if (regions.number() == 0) {
            return new Finding.NotApplicable("the network is smooth in θ somewhere");
        }
        int rank = regions.rank();
        String found = "rank " + rank + " over " + regions.number() + " linear regions";
        if (rank > bound(i)) {
            return new Finding.Refuted(found + ", but live − generators = " + bound(i));
        }
        if (s.shallow().isPresent() && s.shallow().get().closedForm() != rank) {
            OneHiddenLayer shallow = s.shallow().get();
            return new Finding.Refuted(found + ", closed form " + shallow.closedForm() + " ("
                    + shallow.situation().text() + ")");
        }
        FunctionalDimension dimension = FunctionalDimension.of(i.model());
        FunctionalRank exact = dimension.exact(MOST_REGIONS);
        FunctionalRank sampled = dimension.sampled(SAMPLING);
        if (exact.rank() != rank || sampled.lower() > rank || sampled.upper() < rank) {
            return new Finding.Refuted(found + ", but FunctionalDimension says " + exact.rank() + " exactly and from "
                    + sampled.lower() + " to " + sampled.upper() + " by samples");
        }
        String evidence = found + ", bound " + bound(i)
                + s.shallow()
                        .map(one -> ", closed form (" + one.situation().text() + (one.bias() ? ")" : ", no bias)"))
                        .orElse("");
        return regions.proved() ? new Finding.Proved(evidence) : new Finding.Supported(evidence + ", modulo a prime");
    }

    private static Finding attained(Subjected s) {
        NetworkInstance i = s.instance();
        boolean zeros = i.weights().asMap().values().stream()
                .anyMatch(w -> java.util.Arrays.stream(w.data()).anyMatch(x -> x == 0));
        if (zeros) {
            return new Finding.NotApplicable("no parameter is zero");
        }
        Regions regions = Regions.of(i);
        if (regions.number() == 0) {
            return new Finding.NotApplicable("the network is smooth in θ somewhere");
        }
        if (regions.rank() == bound(i)) {
            return new Finding.Proved("rank " + regions.rank());
        }
        String found = "rank " + regions.rank() + " over all " + regions.number() + " linear regions, but the bound is "
                + bound(i);
        return regions.proved() ? new Finding.Refuted(found) : new Finding.NotApplicable("the rank is proved");
    }
}
