package org.quotient.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.compare.Statistics.Estimate;

/** A run as a page with a table. */
public final class Markdown {
    private static final double MICRO = 1e-6;
    private static final double MILLI = 1e-3;

    private Markdown() {}

    static String of(Report report) {
        StringBuilder page = new StringBuilder();
        page.append("| row | work | ours | others | ratio | target | verdict |\n");
        page.append("| --- | --- | ---: | --- | ---: | --- | --- |\n");
        report.rows().forEach(row -> page.append(line(row)));
        allocation(report.rows()).ifPresent(page::append);
        page.append('\n').append(notes(report));
        return page.toString();
    }

    private static String line(Comparison c) {
        List<String> others = c.series().stream()
                .skip(1)
                .map(s -> s.contender() + " " + time(Statistics.median(c.times(s))))
                .toList();
        return "| `" + c.row().id() + "` | " + c.row().work() + ": " + c.row().size() + " | " + interval(c.time())
                + (c.row().cpu() ? " of CPU" : "") + " | " + String.join("; ", others) + " | "
                + c.ratio().map(Markdown::ratio).orElse("") + " | "
                + c.row().target().text() + " | " + c.verdict().words() + " |\n";
    }

    /** The most that any row of ours allocated in a step. */
    private static Optional<String> allocation(List<Comparison> rows) {
        List<Series> known = rows.stream()
                .map(Comparison::ours)
                .filter(s -> !Double.isNaN(s.allocation()))
                .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        double most = known.stream().mapToDouble(Series::allocation).max().orElse(0);
        return Optional.of("| `allocation` | heap allocated per step, the most of " + known.size() + " rows | "
                + number(most) + " bytes | | | 0 bytes | " + (most == 0 ? "reached" : "missed") + " |\n");
    }

    private static String notes(Report r) {
        StringBuilder notes = new StringBuilder();
        notes.append("Medians of ").append(r.settings().repetitions()).append(" interleaved repetitions of at least ");
        notes.append(Math.round(r.settings().block() / MILLI))
                .append(" ms each, with 95 % intervals of the median; a ratio is the");
        notes.append(" time of the fastest peer (or the one named in the target) over ours, with an interval from");
        notes.append(
                " resampled pairs. One thread each unless said. Every step includes loss, gradient and the update of");
        notes.append(" all weights; batch and weights are in memory.\n\n");
        notes.append(String.format(
                Locale.ROOT,
                "Noise: repetitions of one contender differ by %s (half the distance of the quartiles, median over rows;"
                        + " worst %s); threads with work waited %s of the time (median over rows; worst %s); load average"
                        + " up to %.2f.%n%n",
                percent(Statistics.median(
                        r.rows().stream().mapToDouble(Comparison::spread).toArray())),
                percent(r.rows().stream().mapToDouble(Comparison::spread).max().orElse(0)),
                percent(Statistics.median(
                        r.rows().stream().mapToDouble(Comparison::waiting).toArray())),
                percent(r.rows().stream().mapToDouble(Comparison::waiting).max().orElse(0)),
                r.rows().stream().mapToDouble(Comparison::load).max().orElse(0)));
        notes.append("- run: ").append(r.started()).append(" to ").append(r.finished());
        notes.append(", seed ").append(r.settings().seed()).append('\n');
        r.machine()
                .forEach((name, fact) -> notes.append("- ")
                        .append(name)
                        .append(": ")
                        .append(fact)
                        .append('\n'));
        r.versions()
                .forEach((name, v) ->
                        notes.append("- ").append(name).append(": ").append(v).append('\n'));
        r.absent().forEach(peer -> notes.append("- absent: ").append(peer).append('\n'));
        r.rows()
                .forEach(row -> row.different()
                        .forEach(d -> notes.append("- different results in `")
                                .append(row.row().id())
                                .append("`: ")
                                .append(d)
                                .append('\n')));
        return notes.toString();
    }

    private static String interval(Estimate e) {
        return time(e.value()) + " (" + time(e.low()) + " to " + time(e.high()) + ")";
    }

    private static String ratio(Estimate e) {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", e.value(), e.low(), e.high());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A time in the unit that suits it. */
    public static String time(double seconds) {
        if (seconds < MILLI) {
            return number(seconds / MICRO) + " µs";
        }
        return seconds < 1 ? number(seconds / MILLI) + " ms" : number(seconds) + " s";
    }

    /** Three digits. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.valueOf(Math.round(value));
        }
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
