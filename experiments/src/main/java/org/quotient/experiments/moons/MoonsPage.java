package org.quotient.experiments.moons;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Spread;
import org.quotient.experiments.Table;
import org.quotient.experiments.moons.MoonsStudy.End;
import org.quotient.experiments.moons.MoonsStudy.Moved;
import org.quotient.experiments.moons.MoonsStudy.Results;
import org.quotient.experiments.moons.MoonsStudy.Rule;
import org.quotient.experiments.moons.MoonsStudy.Settings;
import org.quotient.experiments.moons.Summary.Cell;

/** The page of the experiment. */
public final class MoonsPage {
    private final Results results;
    private final Settings settings;
    private final Summary summary;

    private MoonsPage(Results results) {
        this.results = results;
        this.settings = results.settings();
        this.summary = new Summary(results.runs());
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        ResultFolder folder = new ResultFolder().add("README.md", new MoonsPage(results).text());
        MoonsFigures figures = new MoonsFigures(results);
        for (int depth : results.settings().depths()) {
            folder.add("loss-against-rate-" + depth + ".png", figures.lossAgainstRate(depth));
            folder.add("curves-small-rate-" + depth + ".png", figures.curvesAtSmallRate(depth));
            folder.add("curves-best-rate-" + depth + ".png", figures.curvesAtBestRate(depth));
        }
        return folder.json("results.json", results);
    }

    private String text() {
        StringBuilder page = new StringBuilder("""
                # Two moons: rescale once, then train

                Written by `experiments/run two-moons`. Every run with its loss curve is in [results.json](results.json).

                Does it help gradient descent to begin from another representative of the same function? %d points on two moons
                (noise 0.1, %s split into training and test points), networks 2-%d^k-2 with ReLU, biases on hidden layers **and** on
                the output, PyTorch's default initialisation (uniform, bound 1/√fan-in, biases too), single precision. Full-batch
                gradient descent on the cross-entropy, no momentum, no decay, %d epochs (= steps). Seeds %s; a seed decides points,
                split and weights, which are the same for all methods.

                | method | what it does, once, before training |
                | --- | --- |
                | baseline | nothing |
                | PathCond (10 sweeps) | path conditioning as published: ten sweeps at most, moves of 2z below 0.01 end it (Lebeurrier, Vayer, Gribonval 2026) |
                | PathCond (exact) | the minimum of the same criterion, by Newton's method |
                | ENorm | the minimum of Σθ² on the orbit: every unit balanced, with biases (after Stock et al. 2019) |

                All keep the function. **Every method is trained with every rate of one grid**, %s. A comparison at one fixed rate
                alone would mislead: rescaling changes tr K, the trace of the path kernel ∂Φ∂Φᵀ, which is how fast gradient descent of
                a given rate moves in the space of path products. So tr K is reported, and every method also runs with rates that
                make up for it, times tr K before over tr K after. "Best" is the rate of the grid with the lowest median final
                training loss over the seeds, chosen on the very runs that are reported. Losses are medians over seeds with the
                range in parentheses.
                A run *diverged* if its loss became infinite or ended above where it began; it counts as an infinite loss, and is left
                out of accuracies. *At chance*: the loss ended at 99 %% of log 2 or above.
                A run gives the same bits again on the same kind of processor; another may add in another order, and training
                at large rates amplifies last bits.

                ## What one sees

                """.formatted(
                settings.points(),
                "70/30",
                settings.width(),
                settings.epochs(),
                String.join(", ", settings.seeds().stream().map(String::valueOf).toList()),
                String.join(", ", settings.rates().stream().map(Numbers::brief).toList())));
        page.append(new MoonsReading(results).text());
        page.append("## Rescaling\n\n").append(moved());
        for (int depth : settings.depths()) {
            page.append("## k = ").append(depth).append("\n\n");
            page.append("![Final training loss against the rate](loss-against-rate-" + depth + ".png)\n\n");
            page.append("Final training loss:\n\n").append(grid(depth, this::loss));
            page.append("Test accuracy:\n\n").append(grid(depth, MoonsPage::accuracy));
            page.append("Best rates, and rates that make up for the change of tr K:\n\n")
                    .append(rates(depth));
            page.append("![Training loss at the small rate](curves-small-rate-" + depth + ".png)\n\n");
            page.append("![Training loss at each method's best rate](curves-best-rate-" + depth + ".png)\n\n");
        }
        return page.toString().stripTrailing() + "\n";
    }

    private String moved() {
        Table table = new Table(
                "k",
                "method",
                "tr K before",
                "tr K after",
                "after / before",
                "criterion before",
                "after",
                "max abs log λ",
                "sweeps",
                "change of the function");
        for (int depth : settings.depths()) {
            for (Method method : Method.values()) {
                List<Moved> of = results.moved().stream()
                        .filter(m -> m.depth() == depth && m.method() == method)
                        .toList();
                table.add(
                        method == Method.BASELINE ? String.valueOf(depth) : "",
                        method.label(),
                        median(of, Moved::traceBefore),
                        median(of, Moved::traceAfter),
                        Numbers.range(Spread.of(of.stream()
                                .map(m -> m.traceAfter() / m.traceBefore())
                                .toList())),
                        median(of, Moved::divergenceBefore),
                        median(of, Moved::divergenceAfter),
                        median(of, Moved::largestLogScale),
                        method == Method.PATHCOND_SWEEPS ? median(of, m -> (double) m.sweeps()) : "",
                        method == Method.BASELINE ? "0" : median(of, Moved::functionChange));
            }
        }
        return "Medians over seeds. λ multiplies the incoming weights of a unit; the authors' z is 2 log λ. The criterion is"
                + " p times the Kullback-Leibler divergence of diag G from even. The change of the function is the largest"
                + " difference of an output on the training points, over the largest output: rounding in single precision.\n\n"
                + table
                + unfinished();
    }

    /** How much of the decrease ten sweeps leave. */
    private String unfinished() {
        List<String> parts = new ArrayList<>();
        for (int depth : settings.depths()) {
            List<Double> missing = new ArrayList<>();
            for (long seed : settings.seeds()) {
                Moved sweeps = moved(depth, Method.PATHCOND_SWEEPS, seed);
                Moved exact = moved(depth, Method.PATHCOND_EXACT, seed);
                missing.add((sweeps.divergenceAfter() - exact.divergenceAfter())
                        / (exact.divergenceBefore() - exact.divergenceAfter()));
            }
            parts.add(Numbers.two(Math.max(0, 100 * Spread.of(missing).median())) + " % at k = " + depth);
        }
        long capped = results.moved().stream().filter(m -> m.capped() > 0).count();
        return "Of the decrease that the exact minimum reaches, ten sweeps leave (medians) " + String.join(", ", parts)
                + ". "
                + (capped == 0 ? "No scale met the minimiser's bound.\n\n" : capped + " minima met its bound.\n\n");
    }

    private Moved moved(int depth, Method method, long seed) {
        return results.moved().stream()
                .filter(m -> m.depth() == depth && m.method() == method && m.seed() == seed)
                .findFirst()
                .orElseThrow();
    }

    private static String median(List<Moved> of, Function<Moved, Double> what) {
        return Numbers.two(Spread.of(of.stream().map(what).toList()).median());
    }

    private String grid(int depth, Function<Cell, String> cell) {
        List<String> headings = new ArrayList<>(List.of("rate"));
        for (Method method : Method.values()) {
            headings.add(method.label());
        }
        Table table = new Table(headings);
        for (double rate : settings.rates()) {
            List<String> row = new ArrayList<>(List.of(Numbers.brief(rate)));
            for (Method method : Method.values()) {
                String text = cell.apply(summary.cell(depth, method, rate));
                row.add(rate == summary.best(depth, method) ? "**" + text + "**" : text);
            }
            table.add(row);
        }
        return table.toString();
    }

    private String loss(Cell cell) {
        boolean none = cell.count(End.DIVERGED) == cell.runs().size();
        return none ? "all diverged" : Numbers.range(cell.loss()) + failures(cell);
    }

    private static String failures(Cell cell) {
        StringBuilder text = new StringBuilder();
        if (cell.count(End.DIVERGED) > 0) {
            text.append("; ").append(cell.count(End.DIVERGED)).append(" diverged");
        }
        if (cell.count(End.AT_CHANCE) > 0) {
            text.append("; ").append(cell.count(End.AT_CHANCE)).append(" at chance");
        }
        return text.toString();
    }

    private static String accuracy(Cell cell) {
        List<Double> values = cell.accuracies();
        if (values.isEmpty()) {
            return "none";
        }
        Spread s = Spread.of(values);
        return Numbers.fixed(s.median(), 3) + " (" + Numbers.fixed(s.least(), 3) + " to " + Numbers.fixed(s.most(), 3)
                + ")";
    }

    private String rates(int depth) {
        Table table = new Table("method", "rate", "which", "final training loss", "test accuracy");
        for (Method method : Method.values()) {
            double best = summary.best(depth, method);
            row(
                    table,
                    method.label(),
                    Numbers.brief(best),
                    "best of the grid" + edge(best),
                    summary.cell(depth, method, best));
        }
        double baseline = summary.best(depth, Method.BASELINE);
        for (Rule rule : List.of(Rule.MATCHED_TO_BEST, Rule.MATCHED_TO_SMALL)) {
            double from = rule == Rule.MATCHED_TO_BEST ? baseline : settings.smallRate();
            row(
                    table,
                    Method.BASELINE.label(),
                    Numbers.brief(from),
                    rule == Rule.MATCHED_TO_BEST ? "baseline's best" : "small rate",
                    summary.cell(depth, Method.BASELINE, from));
            for (Method method : Method.values()) {
                if (method != Method.BASELINE) {
                    Cell cell = summary.matched(depth, method, rule);
                    row(
                            table,
                            method.label(),
                            Numbers.range(cell.rates()),
                            Numbers.brief(from) + " · tr K before / after",
                            cell);
                }
            }
        }
        return table.toString();
    }

    private String edge(double rate) {
        if (rate == settings.rates().getLast()) {
            return ", its largest";
        }
        return rate == settings.rates().getFirst() ? ", its smallest" : "";
    }

    private void row(Table table, String method, String rate, String which, Cell cell) {
        table.add(method, rate, which, loss(cell), accuracy(cell));
    }
}
