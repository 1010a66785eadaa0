package org.quotient.benchmarks.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.compare.Statistics.Estimate;

/**
 * What one row came to.
 *
 * @param row the row
 * @param series ours first, then one for each other contender, in its fastest variant
 * @param load the load average of the machine at the end, negative if not known
 */
record Comparison(Row row, List<Series> series, double load) {
    /** Does a row's work and times it. */
    static Comparison run(Row row, Peers peers, Interleaved clock, DoubleSupplier load) {
        List<Contender> open = new ArrayList<>();
        try {
            open.add(row.ours().apply(peers));
            for (List<Contender> variants : row.others().apply(peers)) {
                open.add(clock.fastest(variants));
            }
            return new Comparison(row, clock.measure(open), load.getAsDouble());
        } finally {
            open.forEach(Contender::close);
        }
    }

    /** Our series. */
    Series ours() {
        return series.get(0);
    }

    /** The times that count, in seconds per step. */
    double[] times(Series of) {
        return row.cpu() ? of.cpu() : of.wall();
    }

    /** Our median. */
    Estimate time() {
        return Statistics.medianInterval(times(ours()));
    }

    /** The contender that the ratio is formed with: the one that the target names, if it is there, else the fastest. */
    Optional<Series> judge() {
        return named().or(() -> others().min(Comparator.comparingDouble(s -> Statistics.median(times(s)))));
    }

    private Stream<Series> others() {
        return series.stream().skip(1);
    }

    private Optional<Series> named() {
        return row.target()
                .against()
                .flatMap(
                        name -> others().filter(s -> s.contender().equals(name)).findFirst());
    }

    /** That one's time over ours. */
    Optional<Estimate> ratio() {
        return judge().map(other -> Statistics.ratioOfMedians(times(other), times(ours())));
    }

    /** The contenders whose result is not ours. */
    List<String> different() {
        double mine = ours().check();
        return series.stream()
                .skip(1)
                .filter(s -> !(Math.abs(s.check() - mine) <= row.tolerance() * Math.abs(mine)))
                .map(s -> s.contender() + ": " + s.check() + ", ours " + mine)
                .toList();
    }

    /** Whether the target is reached. */
    Target.Verdict verdict() {
        if (!different().isEmpty()) {
            return Target.Verdict.DIFFERENT;
        }
        boolean absent = row.target().against().isPresent() && named().isEmpty();
        return row.target().judge(time(), absent ? Optional.empty() : ratio());
    }

    /** The greatest spread of any contender's repetitions. */
    double spread() {
        return series.stream()
                .mapToDouble(s -> Statistics.spread(times(s)))
                .max()
                .orElse(Double.NaN);
    }

    /** The share of the time in which a thread that had work did not run, median over repetitions, worst contender. */
    double waiting() {
        return series.stream()
                .filter(s -> s.samples().stream().noneMatch(x -> Double.isNaN(x.cpu())))
                .mapToDouble(s ->
                        Statistics.median(IntStream.range(0, s.samples().size())
                                .mapToDouble(i -> Math.max(0, 1 - s.cpu()[i] / s.wall()[i]))
                                .toArray()))
                .max()
                .orElse(Double.NaN);
    }
}
