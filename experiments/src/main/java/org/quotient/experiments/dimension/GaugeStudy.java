package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.floating.FloatingDimension;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.sampling.Sampling;

/** The largest rank by architecture: what the inferred group allows, beside the largest rank among drawn weights. */
public final class GaugeStudy {
    /** Points of a batch where the rank is counted in floating point. */
    static final int POINTS = 200;

    /** Their radius: farther out than the kinks of most units. */
    static final double RADIUS = 5;

    private GaugeStudy() {}

    /**
     * What is run.
     *
     * @param draws how many weights are drawn for each network, all normal; the seeds are 0, 1, 2, ...
     */
    public record Settings(int draws) {
        /** The page's. */
        public static Settings full() {
            return new Settings(20);
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(6);
        }
    }

    /**
     * A network.
     *
     * @param text what it is
     * @param parameters D
     * @param idle parameters that the next operation undoes, or that reach no output
     * @param generators of the rescaling group, as inferred from the graph
     * @param further identities beyond rescaling that were found, dimensions
     * @param bound what remains
     * @param rank the largest found
     * @param attained in how many draws it is the bound
     * @param exact whether ranks are exact; else singular values
     * @param gap the least gap among the draws that attain the bound; NaN for exact ranks
     * @param knownGauge what is known, in words
     * @param knownBound what is known
     * @param knownRank the largest rank found before
     */
    public record Row(
            String text,
            int parameters,
            int idle,
            int generators,
            int further,
            int bound,
            int rank,
            int attained,
            boolean exact,
            double gap,
            String knownGauge,
            int knownBound,
            int knownRank) {
        /** Whether all agree with what is known. */
        public boolean agrees() {
            return bound == knownBound && rank == knownRank;
        }
    }

    /** Everything. */
    public record Results(Settings settings, List<Row> rows) {}

    /** How many networks there are. */
    public static long networks() {
        return Architectures.all().size();
    }

    /**
     * Runs all.
     *
     * @param step called after each network
     */
    public static Results run(Settings settings, Runnable step) {
        List<Row> rows = new ArrayList<>();
        for (Architectures.Known known : Architectures.all()) {
            rows.add(polynomial(known.network()) ? exact(known, settings) : floating(known, settings));
            step.run();
        }
        return new Results(settings, rows);
    }

    private static Model drawn(Network network, long seed) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        CounterRandom random = CounterRandom.seeded(seed);
        for (Expr p : network.parameters()) {
            CounterRandom stream = random.split(Network.nameOf(p));
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, stream::normal));
        }
        return new Model(network, Weights.of(values));
    }

    /** What the library itself says: exact ranks are for piecewise polynomials, sample by sample. */
    private static boolean polynomial(Network network) {
        try {
            FunctionalDimension.of(drawn(network, 0));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Row exact(Architectures.Known known, Settings settings) {
        FunctionalDimension prepared = FunctionalDimension.of(drawn(known.network(), 0));
        int bound = prepared.bound();
        int best = 0;
        int attained = 0;
        for (long seed = 0; seed < settings.draws(); seed++) {
            FunctionalRank rank =
                    prepared.moveTo(drawn(known.network(), seed).weights()).sampled(Sampling.seeded(seed));
            bound = Math.min(bound, rank.bound());
            best = Math.max(best, rank.rank());
            attained += rank.attained() ? 1 : 0;
        }
        return row(known, prepared.bound() - bound, best, attained, true, Double.NaN);
    }

    private static Row floating(Architectures.Known known, Settings settings) {
        RescalingGroup group = RescalingGroup.of(known.network());
        int bound = group.liveness().live().cardinality() - group.rank();
        int best = 0;
        int attained = 0;
        double gap = Double.POSITIVE_INFINITY;
        for (long seed = 0; seed < settings.draws(); seed++) {
            Model model = drawn(known.network(), seed);
            FloatingRank rank = FloatingDimension.whole(
                    model, Chain.normal(known.network(), POINTS, RADIUS, seed).doubles(), bound, DType.F64);
            best = Math.max(best, rank.rank());
            attained += rank.attained() ? 1 : 0;
            gap = rank.attained() ? Math.min(gap, rank.gap()) : gap;
        }
        return row(known, 0, best, attained, false, gap);
    }

    private static Row row(Architectures.Known known, int further, int best, int attained, boolean exact, double gap) {
        RescalingGroup group = RescalingGroup.of(known.network());
        int parameters = (int) known.network().parameterCount();
        int live = group.liveness().live().cardinality();
        return new Row(
                known.text(),
                parameters,
                parameters - live,
                group.rank(),
                further,
                live - group.rank() - further,
                best,
                attained,
                exact,
                gap,
                known.gauge(),
                known.bound(),
                known.found());
    }
}
