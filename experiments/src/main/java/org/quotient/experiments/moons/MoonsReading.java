package org.quotient.experiments.moons;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.Spread;
import org.quotient.experiments.Table;
import org.quotient.experiments.moons.MoonsStudy.End;
import org.quotient.experiments.moons.MoonsStudy.Results;
import org.quotient.experiments.moons.MoonsStudy.Rule;
import org.quotient.experiments.moons.MoonsStudy.Settings;
import org.quotient.experiments.moons.Summary.Cell;

/** What the tables say in short, in words that follow the numbers: another run may say something else. */
final class MoonsReading {
    private final Results results;
    private final Settings settings;
    private final Summary summary;

    MoonsReading(Results results) {
        this.results = results;
        this.settings = results.settings();
        this.summary = new Summary(results.runs());
    }

    /** A way to choose rates, the same for all methods. */
    private record Comparison(String name, String sentence, Function<Method, Cell> cells) {}

    private List<Comparison> comparisons(int depth) {
        String small = Numbers.brief(settings.smallRate());
        double best = summary.best(depth, Method.BASELINE);
        String bestRate = Numbers.brief(best);
        return List.of(
                new Comparison(
                        "rate " + small,
                        "At rate " + small + " for all, ",
                        method -> summary.cell(depth, method, settings.smallRate())),
                new Comparison(
                        "rate " + small + " · tr K before / after",
                        "With that rate corrected for tr K, ",
                        method -> matched(depth, method, Rule.MATCHED_TO_SMALL, settings.smallRate())),
                new Comparison(
                        "rate " + bestRate + " (baseline's best) · tr K before / after",
                        "With the baseline's best rate corrected for tr K, ",
                        method -> matched(depth, method, Rule.MATCHED_TO_BEST, best)),
                new Comparison(
                        "the best rate of each",
                        "With the best rate of each, ",
                        method -> summary.cell(depth, method, summary.best(depth, method))));
    }

    private Cell matched(int depth, Method method, Rule rule, double from) {
        return method == Method.BASELINE ? summary.cell(depth, method, from) : summary.matched(depth, method, rule);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        List<String> headings = new ArrayList<>(List.of("k", "median final training loss at"));
        for (Method method : Method.values()) {
            headings.add(method.label());
        }
        Table table = new Table(headings);
        for (int depth : settings.depths()) {
            rows(table, depth);
        }
        text.append(table);
        for (int depth : settings.depths()) {
            text.append("**k = ").append(depth).append(".**");
            for (Comparison comparison : comparisons(depth)) {
                text.append(' ').append(comparison.sentence()).append(verdict(comparison.cells()));
            }
            text.append("\n\n");
        }
        return text.append("""
                        "Apart" means that the ranges over seeds do not meet. A correction for tr K makes the mean speed in the space of
                        path products equal at the start, no more: an advantage that goes away with it was one of step size. This is one
                        small task, with full batches and without momentum, and the best rates are chosen from a coarse grid; nothing
                        follows for others.

                        """).toString();
    }

    private void rows(Table table, int depth) {
        row(table, String.valueOf(depth), "*tr K after / before*", m -> Numbers.two(trace(depth, m)));
        for (Comparison comparison : comparisons(depth)) {
            row(
                    table,
                    "",
                    comparison.name(),
                    m -> Numbers.two(comparison.cells().apply(m).loss().median()));
        }
        row(table, "", "*the best rate of each is*", m -> Numbers.brief(summary.best(depth, m)));
        row(table, "", "*the largest at which every seed trained*", m -> largest(depth, m));
    }

    private static void row(Table table, String depth, String name, Function<Method, String> cell) {
        List<String> row = new ArrayList<>(List.of(depth, name));
        for (Method method : Method.values()) {
            row.add(cell.apply(method));
        }
        table.add(row);
    }

    private double trace(int depth, Method method) {
        return Spread.of(results.moved().stream()
                        .filter(m -> m.depth() == depth && m.method() == method)
                        .map(m -> m.traceAfter() / m.traceBefore())
                        .toList())
                .median();
    }

    private String largest(int depth, Method method) {
        double most = settings.rates().stream()
                .filter(rate -> summary.cell(depth, method, rate).count(End.TRAINED)
                        == settings.seeds().size())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
        return Double.isNaN(most) ? "none" : Numbers.brief(most);
    }

    /** Who has the lowest median, and whether that is more than chance between seeds. */
    private static String verdict(Function<Method, Cell> cells) {
        List<Method> order = new ArrayList<>(List.of(Method.values()));
        order.sort(Comparator.comparingDouble(m -> cells.apply(m).loss().median()));
        Method first = order.getFirst();
        double most = cells.apply(first).loss().most();
        List<String> near = order.stream()
                .skip(1)
                .filter(m -> cells.apply(m).loss().least() <= most)
                .map(Method::label)
                .toList();
        List<String> apart = order.stream()
                .skip(1)
                .map(Method::label)
                .filter(m -> !near.contains(m))
                .toList();
        if (near.isEmpty()) {
            return first.label() + " is lowest, apart from all others.";
        }
        return first.label() + " has the lowest median"
                + (apart.isEmpty()
                        ? ", but all ranges overlap with its."
                        : ", apart from " + join(apart) + ", not from " + join(near) + ".");
    }

    private static String join(List<String> names) {
        return String.join(" and ", names);
    }
}
