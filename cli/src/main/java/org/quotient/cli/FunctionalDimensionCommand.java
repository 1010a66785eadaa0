package org.quotient.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.Attribution;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.HiddenSymmetries;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient functional-dimension NETWORK}. */
@Command(
        name = "functional-dimension",
        description =
                "Bounds the rank of the derivative of a network's function in its parameters at its weights: from below"
                        + " by exact ranks modulo primes, from above by the rescaling group and exact identities.",
        footer = {
            "",
            "Without --inputs points are drawn, at radii from 0.001 to 1000 and on both sides of every bend along random",
            "lines, until 7 rounds in a row add no rank. With --inputs the bounds are for inputs of their kind: coordinates",
            "that never change cost dimensions. Points on a kink, where the network is not smooth in its parameters, are left",
            "out and counted. --exact enumerates all linear regions, for one input of few numbers.",
            "bound: what the architecture allows. attained: rank = bound. proved: lower = upper. lost: causes of what is",
            "missing, which add up to bound - rank. gap: with --floating, the ratio of the last singular value counted to the",
            "first not counted; below 10,000 the rank is doubtful; null if nothing is left out, and for exact ranks.",
            "",
            "Examples:",
            "  quotient functional-dimension mlp:2-3-1 --exact",
            "  quotient functional-dimension model.onnx --inputs X.npy --json",
            "  quotient functional-dimension mlp:784-30-30-10 --samples 20000 --no-attribution",
            "  quotient functional-dimension mlp:4-8-2,activation=tanh --floating",
            "  quotient functional-dimension mlp:1-3-3-1,init=torch --draws 200 --exact"
        })
final class FunctionalDimensionCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(
            names = "--inputs",
            paramLabel = "X.npy",
            description = "The points; once per input of the network, in its order.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Draw at most N points (default 1,000,000, of which as few as needed).")
    private @Nullable Integer samples;

    @Option(names = "--exact", description = "Enumerate all linear regions: the functional dimension itself.")
    private boolean exact;

    @Option(
            names = "--regions",
            paramLabel = "M",
            description = "With --exact: refuse networks of more regions (default 100,000).")
    private @Nullable Integer regions;

    @Option(
            names = "--floating",
            description = "Count singular values in double precision instead: no proof, any network.")
    private boolean floating;

    @Option(
            names = "--draws",
            paramLabel = "K",
            description =
                    "Instead: draw the weights of a built-in K times, with the seeds from --seed on, and estimate how"
                            + " often the bound is attained.")
    private @Nullable Integer draws;

    @Option(names = "--few", description = "Accept fewer points with --inputs than the bound needs: the rank of these.")
    private boolean few;

    @Option(
            names = "--attribution",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Find the causes of what is missing (default).")
    private boolean attribution;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        check();
        LoadedNetwork loaded = options.load(network).requireFinite();
        try {
            return common.deliver(draws != null ? drawn(loaded, draws) : floating ? floating(loaded) : exactly(loaded));
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()) + ".", e);
        }
    }

    private void check() {
        if (!inputs.isEmpty() && samples != null) {
            throw new BadInput("--inputs gives the points and --samples draws them; give one of the two.");
        }
        if (exact && (!inputs.isEmpty() || samples != null || floating)) {
            throw new BadInput(
                    "--exact takes points inside all linear regions; --inputs, --samples and --floating do not"
                            + " go with it.");
        }
        if (draws != null && (draws < 1 || floating || !inputs.isEmpty())) {
            throw new BadInput("--draws expects 1 or more, and neither --inputs nor --floating; given " + draws + ".");
        }
        if (few && inputs.isEmpty()) {
            throw new BadInput("--few is about the points of --inputs; give them.");
        }
        if (regions != null && !exact) {
            throw new BadInput("--regions limits the regions of --exact; give that too.");
        }
        if ((samples != null && samples < 1) || (regions != null && regions < 1)) {
            throw new BadInput("--samples and --regions expect 1 or more; given " + (samples == null ? "" : samples)
                    + (regions == null ? "" : regions) + ".");
        }
    }

    private Sampling sampling() {
        Sampling sampling = Sampling.seeded(options.seed());
        return samples == null ? sampling : sampling.withMost(samples);
    }

    private @Nullable Points points(Network read) {
        return inputs.isEmpty() ? null : Points.of(read, InputFiles.read(read, inputs));
    }

    private void requireEnough(FunctionalDimension dimension, long given, String which) {
        if (!few && given < dimension.pointsNeeded()) {
            throw new BadInput("Each point gives " + dimension.rowsPerPoint() + " rows, so at least "
                    + Table.count(dimension.pointsNeeded())
                    + " points off the kinks are needed for the rank to reach the"
                    + " bound " + Table.count(dimension.bound()) + "; given " + Table.count(given) + which
                    + (inputs.isEmpty() ? "." : ". Give more, or --few for the rank of these alone."));
        }
    }

    private static FunctionalDimension prepared(LoadedNetwork loaded) {
        try {
            return FunctionalDimension.of(loaded.model());
        } catch (IllegalArgumentException e) {
            throw new BadInput(
                    e.getMessage() + ". --floating counts singular values of any network, without a proof.", e);
        }
    }

    private Answer exactly(LoadedNetwork loaded) {
        Points points = points(loaded.network());
        FunctionalDimension dimension = prepared(loaded);
        if (points != null) {
            requireEnough(dimension, points.count(), "");
        } else if (samples != null) {
            requireEnough(dimension, samples, " with --samples");
        }
        Attribution found;
        try (RankProgress progress = new RankProgress(dimension.bound())) {
            found = search(dimension.listening(progress), points);
        }
        FunctionalRank rank = found.rank();
        if (points != null) {
            requireEnough(
                    dimension, rank.points(), " off the kinks (" + Table.count(rank.rejected()) + " lie on a kink)");
        }
        return new FunctionalAnswer(network, found, attribution);
    }

    private Answer drawn(LoadedNetwork loaded, int count) {
        if (loaded.file() != null) {
            throw new BadInput("--draws draws the weights of a built-in; '" + network + "' is a file.");
        }
        int bound = prepared(loaded).bound();
        HiddenSymmetries found = HiddenSymmetries.of(
                BuiltIns.network(network), options.seed(), count, d -> exact ? d.exact(most()) : d.sampled(sampling()));
        return new DrawsAnswer(network, loaded.network().parameterCount(), bound, found);
    }

    private Attribution search(FunctionalDimension dimension, @Nullable Points points) {
        if (attribution) {
            return exact
                    ? dimension.explainExactly(most())
                    : points == null ? dimension.explain(sampling()) : dimension.explain(points);
        }
        FunctionalRank rank = exact
                ? dimension.exact(most())
                : points == null ? dimension.sampled(sampling()) : dimension.batch(points);
        return new Attribution(rank, List.of());
    }

    private int most() {
        return regions == null ? 100_000 : regions;
    }

    private Answer floating(LoadedNetwork loaded) {
        FloatingSubject subject = FloatingSubject.of(loaded.model());
        Points points = points(loaded.network());
        long given = points != null ? points.count() : samples != null ? samples : Long.MAX_VALUE;
        if (!few && given < subject.pointsNeeded()) {
            throw new BadInput("At least " + Table.count(subject.pointsNeeded()) + " points are needed for the rank to"
                    + " reach the bound " + Table.count(subject.bound()) + "; given " + Table.count(given)
                    + (points == null ? "." : ". Give more, or --few for the rank of these alone."));
        }
        try {
            FloatingRank rank = points == null ? subject.drawn(sampling()) : subject.at(points);
            return new FloatingAnswer(network, loaded.network().parameterCount(), rank);
        } catch (IllegalStateException e) {
            throw new BadInput(String.valueOf(e.getMessage()) + ".", e);
        }
    }
}
