package org.quotient.experiments.dimension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.dimension.HiddenStudy.CellResult;
import org.quotient.experiments.dimension.HiddenStudy.ComparedResult;
import org.quotient.experiments.dimension.HiddenStudy.Draw;
import org.quotient.experiments.dimension.HiddenStudy.LawResult;
import org.quotient.experiments.dimension.HiddenStudy.Ranks;
import org.quotient.experiments.dimension.HiddenStudy.Results;
import org.quotient.geometry.functional.HiddenSymmetries;

/** The page of the experiment. */
public final class HiddenPage {
    private static final double CONFIDENCE = 0.95;

    private final Results results;

    private HiddenPage(Results results) {
        this.results = results;
    }

    /** Page, plot and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        HiddenPage page = new HiddenPage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("attained.png", page.figure())
                .json("results.json", results);
    }

    private String text() {
        return """
                # Hidden symmetries at initialisation

                Written by `experiments/run hidden-symmetries`. Every draw is in [results.json](results.json).

                A network has *hidden symmetries* where its functional dimension is below D − H, parameters less hidden units, which is
                all that rescaling forces. Grigsby, Lindsey and Rolnick 2023 (figure 6) draw networks with n_0 = ... = n_{d−1} = n inputs
                and hidden units, one output and d affine layers, n = 5, 10, 15 and d = 4, 5, 6, and count ranks of gradients at normal
                points. Their figure is a histogram, so its claims are qualitative: no hidden symmetries is less likely the deeper the
                network, more likely the wider it is.

                Here every rank is exact (masks decided exactly, elimination modulo a prime), so each is a proved lower bound of the functional
                dimension. Seeds are 0, 1, 2, ...; weights N(0, 2/fan-in), biases N(0, s_b²). The published law of the biases is not known
                to us.

                ## By width and depth

                **The scale of the biases does not matter.** With all biases times s the function is s·f(x/s), and derivatives are those of f at
                x/s but for factors s of columns and rows: the functional dimension is the same for every s_b. So draws of one seed with two
                values of s_b are one network, seen at two scales of points, and the larger rank holds for both:

                """ + pooled() + """
                *attained*: seeds whose rank is D − H at either s_b. These certainly have no hidden symmetries. The interval is that of Clopper
                and Pearson (95 %) for how often sampling finds this: its lower end bounds the probability of no hidden symmetries from below,
                its upper end is none for that probability, since points elsewhere may add rank. *missing*: mean of D − H − rank.
                *found differently*: seeds where the rank found depends on s_b, which says that sampling missed something at one of them.

                ![How often the bound is attained](attained.png)

                For each s_b by itself, beside a replication at normal points of radius 1 alone, where the scale of the biases seemed to change
                the probability more than tenfold: it changes which regions such points meet, not the dimension.

                """ + cells() + """
                *dead*, *always on*: mean number of units off, or on, at all of 3000 normal points, a third each of radius 1, 10 and 100.
                *float*: our own earlier replication with other draws, in double precision with an SVD at m normal points: fraction
                attained and mean missing.

                How it differs from the published way: instead of m up to 100D normal points of one radius, points at seven radii from
                10^−3 to 10^3 and on both sides of every bend along random lines, until 7 rounds in a row add no rank. With exact ranks no
                tolerance has to be chosen, and rows that depend on others cost little. Draws are fewer than there, the
                fewer the larger the network, so that all of this takes minutes.

                """ + causes() + """
                ## Sampled against exact

                For one or two inputs all linear regions can be enumerated exactly, and the functional dimension is known. How often do sampled
                ranks agree with it? Both ways of sampling have exact ranks here; only the points differ.

                """ + compared() + """
                *exact*: the bound is attained, by all linear regions, with the interval of Clopper and Pearson. *normal*: how often the
                rank at N(0, I) points, as many as the table says, is the exact dimension. *adaptive*: the same for the points of the first
                table. *float*: our earlier replication. Regions far from the origin, or thin, have no normal point: a frequency from
                such points understates how often there are no hidden symmetries.

                ## An exact law

                For 1-1-k-1 networks and any law symmetric in the signs the dimension depends on the signs of the second layer alone:
                1 + 2·(units that bend) + 1 if a unit is always on + 1 if one is on at 0. The bound is attained with probability
                2^−k·(1 − 2^−k).

                """ + laws();
    }

    /**
     * A network at every s_b.
     *
     * @param ranks the largest found for each seed
     * @param different seeds for which it depends on s_b
     */
    private record Pooled(int n, int d, int parameters, int bound, List<Integer> ranks, int different) {
        static Pooled of(List<CellResult> same) {
            CellResult first = same.getFirst();
            List<Integer> best = new ArrayList<>();
            int different = 0;
            int seeds = same.stream().mapToInt(c -> c.draws().size()).min().orElse(0);
            for (int i = 0; i < seeds; i++) {
                int seed = i;
                IntSummaryStatistics ranks =
                        same.stream().mapToInt(c -> c.draws().get(seed).rank()).summaryStatistics();
                best.add(ranks.getMax());
                different += ranks.getMin() < ranks.getMax() ? 1 : 0;
            }
            return new Pooled(first.cell().n(), first.cell().d(), first.parameters(), first.bound(), best, different);
        }

        int attained() {
            return (int) ranks.stream().filter(r -> r == bound).count();
        }
    }

    private List<Pooled> pools() {
        Map<List<Integer>, List<CellResult>> same = new LinkedHashMap<>();
        for (CellResult c : results.cells()) {
            same.computeIfAbsent(List.of(c.cell().n(), c.cell().d()), key -> new ArrayList<>())
                    .add(c);
        }
        return same.values().stream().map(Pooled::of).toList();
    }

    private String pooled() {
        Table table =
                new Table("n", "d", "D", "D − H", "seeds", "attained", "interval", "missing", "found differently");
        for (Pooled p : pools()) {
            int seeds = p.ranks().size();
            table.add(
                    p.n(),
                    p.d(),
                    p.parameters(),
                    p.bound(),
                    seeds,
                    p.attained(),
                    interval(p.attained(), seeds),
                    Numbers.three(p.ranks().stream()
                            .mapToInt(r -> p.bound() - r)
                            .average()
                            .orElse(0)),
                    p.different());
        }
        return table.toString();
    }

    private String cells() {
        Table table = new Table(
                "n",
                "d",
                "s_b",
                "D",
                "D − H",
                "draws",
                "attained",
                "interval",
                "missing",
                "dead",
                "always on",
                "points, mean",
                "float: m",
                "attained",
                "missing");
        for (CellResult c : results.cells()) {
            Optional<Replication.Cell> other = Replication.of(c.cell());
            table.add(
                    c.cell().n(),
                    c.cell().d(),
                    Numbers.brief(c.cell().biasDeviation()),
                    c.parameters(),
                    c.bound(),
                    c.cell().draws(),
                    c.attained(),
                    interval(c.attained(), c.cell().draws()),
                    Numbers.three(mean(c, d -> c.bound() - d.rank())),
                    Numbers.fixed(mean(c, Draw::dead), 2),
                    Numbers.fixed(mean(c, Draw::alwaysOn), 2),
                    Numbers.fixed(mean(c, d -> (int) d.points()), 0),
                    other.map(o -> o.points() + ", " + o.draws() + " draws").orElse("–"),
                    other.map(o -> Numbers.fixed(o.full(), 3)).orElse("–"),
                    other.map(o -> Numbers.three(o.deficiency())).orElse("–"));
        }
        return table.toString();
    }

    private static double mean(CellResult cell, java.util.function.ToIntFunction<Draw> what) {
        return cell.draws().stream().mapToInt(what).average().orElse(0);
    }

    private static String interval(int attained, int draws) {
        HiddenSymmetries.Interval i = HiddenSymmetries.clopperPearson(attained, draws, CONFIDENCE);
        return Numbers.fixed(i.lower(), 3) + " to " + Numbers.fixed(i.upper(), 3);
    }

    private String causes() {
        Table table = new Table("n, d, s_b", "networks", "missing", "of which, by cause");
        for (CellResult c : results.cells()) {
            int explained = c.cell().explained();
            if (explained > 0) {
                Map<String, Integer> sums = new TreeMap<>();
                c.draws().forEach(d -> d.causes().forEach((cause, n) -> sums.merge(cause, n, Integer::sum)));
                int all = sums.values().stream().mapToInt(Integer::intValue).sum();
                table.add(
                        c.cell().n() + ", " + c.cell().d() + ", "
                                + Numbers.brief(c.cell().biasDeviation()),
                        explained,
                        all,
                        all == 0
                                ? "–"
                                : sums.entrySet().stream()
                                        .sorted(Map.Entry.<String, Integer>comparingByValue()
                                                .reversed())
                                        .map(e ->
                                                e.getKey() + " " + Numbers.fixed(100.0 * e.getValue() / all, 0) + " %")
                                        .collect(Collectors.joining(", ")));
            }
        }
        return """
                Why dimensions are missing, summed over the first networks of a cell (looking for causes takes longer the larger the network; none
                was asked for at n = 15). A unit is charged for what the rank gains when its mask is set free, dead units first:

                """ + table;
    }

    private String compared() {
        Table table = new Table(
                "network",
                "s_b",
                "D − H",
                "draws",
                "exact",
                "interval",
                "normal points",
                "normal = exact",
                "adaptive = exact",
                "float: exact",
                "normal = exact");
        for (ComparedResult c : results.compared()) {
            Chain chain = c.compared().chain();
            int draws = c.compared().draws();
            int full =
                    (int) c.ranks().stream().filter(r -> r.exact() == c.bound()).count();
            Optional<Replication.Row> other = Replication.of(chain);
            table.add(
                    chain.text(),
                    Numbers.brief(chain.biasDeviation()),
                    c.bound(),
                    draws,
                    Numbers.fixed((double) full / draws, 2),
                    interval(full, draws),
                    c.compared().perParameter() + "D",
                    same(c, Ranks::normal),
                    same(c, Ranks::adaptive),
                    other.map(o -> Numbers.fixed(o.full(), 2)).orElse("–"),
                    other.map(o -> o.same() + " of " + o.draws()).orElse("–"));
        }
        long all = results.compared().stream().mapToLong(c -> c.ranks().size()).sum();
        long proved = results.compared().stream()
                .flatMap(c -> c.ranks().stream())
                .filter(Ranks::proved)
                .count();
        return table + "Of the " + all + " exact dimensions " + proved + " are proved over the rationals"
                + (proved == all ? "" : ", the others hold unless two primes divide all minors") + ".\n\n";
    }

    private static String same(ComparedResult c, java.util.function.ToIntFunction<Ranks> rank) {
        return c.ranks().stream().filter(r -> rank.applyAsInt(r) == r.exact()).count() + " of "
                + c.ranks().size();
    }

    private String laws() {
        Table table = new Table("k", "dimension", "probability", "expected", "found");
        int mismatches = 0;
        for (LawResult law : results.laws()) {
            int draws = results.settings().lawDraws();
            int patterns = 1 << 2 * law.k();
            boolean first = true;
            Map<Integer, Integer> expected = SecondLayer.law(law.k());
            Map<Integer, Integer> all = new TreeMap<>(law.dimensions());
            expected.forEach((dimension, n) -> all.putIfAbsent(dimension, 0));
            for (Map.Entry<Integer, Integer> e : all.entrySet()) {
                int n = expected.getOrDefault(e.getKey(), 0);
                table.add(
                        first ? String.valueOf(law.k()) : "",
                        e.getKey(),
                        n + "/" + patterns,
                        Numbers.fixed((double) draws * n / patterns, 1),
                        e.getValue());
                first = false;
            }
            mismatches += law.mismatches();
        }
        return table + "Draws whose dimension is not what the formula gives for their signs: " + mismatches + " of "
                + results.laws().size() * results.settings().lawDraws() + ".\n";
    }

    private byte[] figure() throws IOException {
        Figure figure =
                new Figure("Fraction of seeds that attain the bound", "number of affine layers d", "fraction attained");
        Map<Integer, List<Pooled>> lines = new TreeMap<>();
        pools().forEach(p ->
                lines.computeIfAbsent(p.n(), n -> new ArrayList<>()).add(p));
        int colour = 0;
        for (Map.Entry<Integer, List<Pooled>> line : lines.entrySet()) {
            figure.line(
                    "n = " + line.getKey(),
                    colour++ % Figure.COLOURS,
                    line.getValue().stream().map(p -> (double) p.d()).toList(),
                    line.getValue().stream()
                            .map(p -> (double) p.attained() / p.ranks().size())
                            .toList(),
                    true);
        }
        return figure.png();
    }
}
