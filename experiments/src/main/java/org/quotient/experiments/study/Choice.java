package org.quotient.experiments.study;

import java.util.Comparator;
import java.util.List;
import org.quotient.experiments.Spread;
import org.quotient.experiments.study.Job.Phase;

/**
 * The learning rate that a method gets: of its rates the one with the least median, over the seeds of the choice, of a
 * {@link Criterion}, which is the last validation loss unless said otherwise. A run that diverged counts as an infinite loss; of equals the smaller rate is taken.
 *
 * @param rate that is chosen
 * @param loss its median; infinite if every rate diverged
 * @param diverged how many of the method's runs for the choice diverged
 * @param runs how many there were
 * @param atEdge whether it is the smallest or largest of the method's rates, so that a better one may lie outside
 */
public record Choice(double rate, double loss, int diverged, int runs, boolean atEdge) {

    /**
     * Chooses.
     *
     * @param entries all runs of the study so far
     * @param method whose rates
     * @param part of the study
     * @param start where the runs begin
     */
    public static Choice of(List<Entry> entries, Method method, String part, String start) {
        return of(entries, method, part, start, Criterion.VALIDATION_LOSS);
    }

    /** Chooses by a criterion. */
    public static Choice of(List<Entry> entries, Method method, String part, String start, Criterion criterion) {
        List<Entry> mine =
                entries.stream().filter(e -> serves(e, method, part, start)).toList();
        if (mine.isEmpty()) {
            throw new IllegalStateException("No runs to choose a rate of '" + method.name() + "' by");
        }
        double best = method.rates().stream()
                .sorted()
                .min(Comparator.comparingDouble(rate -> median(mine, method, part, start, rate, criterion)))
                .orElseThrow();
        double least = method.rates().stream().min(Double::compare).orElseThrow();
        double most = method.rates().stream().max(Double::compare).orElseThrow();
        return new Choice(
                best,
                median(mine, method, part, start, best, criterion),
                (int) mine.stream().filter(e -> e.outcome().diverged()).count(),
                mine.size(),
                best == least || best == most);
    }

    /** The median of a criterion at a rate; infinite if there are no runs, or most diverged. */
    public static double median(
            List<Entry> entries, Method method, String part, String start, double rate, Criterion criterion) {
        List<Double> losses = entries.stream()
                .filter(e -> serves(e, method, part, start) && e.job().rate() == rate)
                .map(e -> criterion.of(e.outcome()))
                .toList();
        return losses.isEmpty() ? Double.POSITIVE_INFINITY : Spread.of(losses).median();
    }

    private static boolean serves(Entry entry, Method method, String part, String start) {
        Job job = entry.job();
        return job.phase() == Phase.CHOOSE
                && job.part().equals(part)
                && job.start().equals(start)
                && job.method().equals(method.name());
    }
}
