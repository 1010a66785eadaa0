package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.Attribution;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.attribution.Lost;
import org.quotient.geometry.functional.sampling.Sampling;

/** Hidden symmetries at initialisation (after Grigsby, Lindsey and Rolnick 2023, figure 6), with exact ranks. */
public final class HiddenStudy {
    /** Points at each radius by which dead units are counted. */
    private static final int IDLE_POINTS = 1000;

    private HiddenStudy() {}

    /**
     * A cell of the first table: d layers, n_0 = ... = n_{d−1} = n, one output.
     *
     * @param n the width
     * @param d the number of affine layers
     * @param biasDeviation s_b
     * @param draws how many networks
     * @param explained of how many of them causes are looked for, the first ones
     */
    public record Cell(int n, int d, double biasDeviation, int draws, int explained) {
        /** The networks. */
        Chain chain() {
            List<Integer> widths = new ArrayList<>(Collections.nCopies(d, n));
            widths.add(1);
            return new Chain(widths, biasDeviation);
        }
    }

    /**
     * A row of the second table: sampled against exact.
     *
     * @param chain the networks
     * @param perParameter normal points per parameter
     * @param draws how many networks
     */
    public record Compared(Chain chain, int perParameter, int draws) {}

    /**
     * What is run.
     *
     * @param cells of the first table
     * @param compared rows of the second
     * @param laws numbers of units k of 1-1-k-1 networks, whose law is known
     * @param lawDraws how many of each
     */
    public record Settings(List<Cell> cells, List<Compared> compared, List<Integer> laws, int lawDraws) {
        /** Copies the lists. */
        public Settings {
            cells = List.copyOf(cells);
            compared = List.copyOf(compared);
            laws = List.copyOf(laws);
        }

        /** The page's. */
        public static Settings full() {
            List<Cell> cells = new ArrayList<>();
            for (double s : List.of(1.0, 0.1)) {
                for (int d = 4; d <= 6; d++) {
                    cells.add(new Cell(5, d, s, 80, 20));
                }
                for (int d = 4; d <= 6; d++) {
                    cells.add(new Cell(10, d, s, 16, 2));
                }
                for (int d = 4; d <= 6; d++) {
                    cells.add(new Cell(15, d, s, 5, 0));
                }
            }
            List<Compared> compared = List.of(
                    row(1, 20, 20, 2, 3, 1),
                    row(1, 20, 60, 2, 2, 2, 1),
                    row(1, 20, 60, 2, 3, 3, 1),
                    row(1, 20, 30, 2, 4, 4, 1),
                    row(0.1, 20, 30, 2, 4, 4, 1),
                    row(1, 20, 25, 2, 3, 3, 3, 1),
                    row(1, 10, 150, 1, 3, 3, 1),
                    row(1, 10, 40, 1, 4, 4, 4, 1));
            return new Settings(cells, compared, List.of(1, 2, 3), 1000);
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    List.of(new Cell(3, 3, 1, 4, 4), new Cell(3, 4, 1, 4, 0), new Cell(3, 3, 0.1, 4, 4)),
                    List.of(row(1, 20, 5, 2, 2, 2, 1), row(1, 10, 5, 1, 3, 3, 1)),
                    List.of(1, 2),
                    20);
        }

        /** The number of networks drawn. */
        public long draws() {
            return cells.stream().mapToLong(Cell::draws).sum()
                    + compared.stream().mapToLong(Compared::draws).sum()
                    + (long) laws.size() * lawDraws;
        }
    }

    static Compared row(double s, int perParameter, int draws, int... widths) {
        return new Compared(new Chain(IntStream.of(widths).boxed().toList(), s), perParameter, draws);
    }

    /**
     * One network of the first table.
     *
     * @param seed of weights and points
     * @param rank found, a certain lower bound of the functional dimension
     * @param points that it took
     * @param dead units off at all of 3000 normal points of radius 1, 10 and 100
     * @param alwaysOn units on at all of them
     * @param causes dimensions lost by cause; empty where causes were not looked for
     */
    public record Draw(long seed, int rank, long points, int dead, int alwaysOn, Map<String, Integer> causes) {}

    /**
     * A cell with its networks.
     *
     * @param parameters D
     * @param bound D − H
     */
    public record CellResult(Cell cell, int parameters, int bound, List<Draw> draws) {
        /** How many reach the bound: these certainly have no hidden symmetries. */
        public int attained() {
            return (int) draws.stream().filter(d -> d.rank() == bound).count();
        }
    }

    /**
     * One network of the second table.
     *
     * @param exact the functional dimension, from all linear regions
     * @param proved over the rationals, not only modulo two primes
     * @param normal the exact rank on normal points
     * @param adaptive the exact rank on points drawn until they add nothing
     */
    public record Ranks(long seed, int exact, boolean proved, int normal, int adaptive) {}

    /** A row of the second table. */
    public record ComparedResult(Compared compared, int bound, List<Ranks> ranks) {}

    /**
     * 1-1-k-1 networks beside their law.
     *
     * @param k units of the second layer
     * @param dimensions by dimension, how many draws
     * @param mismatches draws whose dimension is not that of the formula at their signs
     */
    public record LawResult(int k, Map<Integer, Integer> dimensions, int mismatches) {}

    /** Everything. */
    public record Results(
            Settings settings, List<CellResult> cells, List<ComparedResult> compared, List<LawResult> laws) {}

    /**
     * Runs all.
     *
     * @param step called after each network
     */
    public static Results run(Settings settings, Runnable step) {
        return new Results(
                settings,
                settings.cells().stream().map(c -> cell(c, step)).toList(),
                settings.compared().stream().map(c -> compare(c, step)).toList(),
                settings.laws().stream()
                        .map(k -> law(k, settings.lawDraws(), step))
                        .toList());
    }

    private static CellResult cell(Cell cell, Runnable step) {
        Chain chain = cell.chain();
        InitialisedNetwork drawn = chain.network();
        FunctionalDimension prepared = FunctionalDimension.of(drawn.model(0));
        List<Draw> draws = new ArrayList<>();
        for (long seed = 0; seed < cell.draws(); seed++) {
            Model model = drawn.model(seed);
            FunctionalDimension dimension = prepared.moveTo(model.weights());
            Sampling sampling = Sampling.seeded(seed);
            boolean why = seed < cell.explained();
            Attribution found =
                    why ? dimension.explain(sampling) : new Attribution(dimension.sampled(sampling), List.of());
            Map<String, Integer> causes = new TreeMap<>();
            for (Lost lost : found.lost()) {
                causes.merge(lost.cause().toString(), lost.dimensions(), Integer::sum);
            }
            Chain.Idle idle = everywhere(chain, model, seed);
            draws.add(new Draw(seed, found.rank().rank(), found.rank().points(), idle.dead(), idle.alwaysOn(), causes));
            step.run();
        }
        return new CellResult(cell, chain.parameters(), prepared.bound(), draws);
    }

    /** One set of points for all three radii, so that a unit counts only if it is idle at all of them. */
    private static Chain.Idle everywhere(Chain chain, Model model, long seed) {
        var network = model.network();
        List<double[]> rows = new ArrayList<>();
        for (double radius : new double[] {1, 10, 100}) {
            rows.add(Chain.normal(network, IDLE_POINTS, radius, seed)
                    .doubles()
                    .getFirst()
                    .data());
        }
        return chain.idle(model.weights(), Chain.joined(network, rows));
    }

    private static ComparedResult compare(Compared compared, Runnable step) {
        InitialisedNetwork drawn = compared.chain().network();
        FunctionalDimension prepared = FunctionalDimension.of(drawn.model(0));
        int points = compared.perParameter() * compared.chain().parameters();
        List<Ranks> ranks = new ArrayList<>();
        for (long seed = 0; seed < compared.draws(); seed++) {
            FunctionalDimension dimension = prepared.moveTo(drawn.model(seed).weights());
            FunctionalRank exact = dimension.exact(100_000);
            int normal = dimension
                    .batch(Chain.normal(drawn.network(), points, 1, seed))
                    .rank();
            ranks.add(new Ranks(
                    seed,
                    exact.rank(),
                    exact.proved(),
                    normal,
                    dimension.sampled(Sampling.seeded(seed)).rank()));
            step.run();
        }
        return new ComparedResult(compared, prepared.bound(), ranks);
    }

    private static LawResult law(int k, int draws, Runnable step) {
        InitialisedNetwork drawn = new Chain(List.of(1, 1, k, 1), 1).network();
        FunctionalDimension prepared = FunctionalDimension.of(drawn.model(0));
        Map<Integer, Integer> dimensions = new TreeMap<>();
        int mismatches = 0;
        for (long seed = 0; seed < draws; seed++) {
            Model model = drawn.model(seed);
            int rank = prepared.moveTo(model.weights()).exact(1000).rank();
            dimensions.merge(rank, 1, Integer::sum);
            mismatches += rank == SecondLayer.of(model.weights()).dimension() ? 0 : 1;
            step.run();
        }
        return new LawResult(k, dimensions, mismatches);
    }
}
