package org.quotient.experiments.study;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.quotient.experiments.study.Job.Phase;

/**
 * What came out of a {@link Tuning}.
 *
 * @param tuning methods and seeds
 * @param part of the study
 * @param start where runs began, by name
 * @param entries all runs of the study
 * @param criterion by which rates were chosen
 */
public record Tuned(Tuning tuning, String part, String start, List<Entry> entries, Criterion criterion) {
    /** Copies the list. */
    public Tuned {
        entries = List.copyOf(entries);
    }

    /** The methods in order. */
    public List<Method> methods() {
        return tuning.methods();
    }

    /** The rate that a method gets. */
    public Choice choice(Method method) {
        return Choice.of(entries, method, part, start, criterion);
    }

    /** The reported runs of a method, in the order of seeds. */
    public List<Entry> runs(Method method) {
        return runs(method, choice(method).rate());
    }

    /** The reported runs of a method at a rate, in the order of seeds. */
    public List<Entry> runs(Method method, double rate) {
        return tuning.seeds().stream()
                .map(seed -> new Job(part, Phase.FINAL, start, method.name(), rate, seed))
                .flatMap(job -> entries.stream().filter(e -> e.job().equals(job)))
                .toList();
    }

    /** The median, over the seeds of the choice, of the criterion at a rate. */
    public double loss(Method method, double rate) {
        return Choice.median(entries, method, part, start, rate, criterion);
    }

    /** All methods with their means, the least first, such as {@code SM 5.24 %, SGD 6.31 %}. */
    public String order(Measure measure) {
        return methods().stream()
                .sorted(Comparator.comparingDouble(m -> measure.mean(runs(m))))
                .map(m -> m.name() + " " + measure.text(measure.mean(runs(m))))
                .collect(Collectors.joining(", "));
    }

    /** On how many seeds a method has less than another: both begin with the same draw and see the same order of samples. */
    public int wins(Method method, Method other, Measure measure) {
        List<Entry> mine = runs(method);
        List<Entry> theirs = runs(other);
        int wins = 0;
        for (int i = 0; i < mine.size(); i++) {
            wins += measure.mean(List.of(mine.get(i))) < measure.mean(List.of(theirs.get(i))) ? 1 : 0;
        }
        return wins;
    }

    /** The same as a sentence, with the difference of the means. */
    public String against(Method method, Method other, Measure measure) {
        return method.name() + " against " + other.name() + ": lower " + measure.name() + " on "
                + wins(method, other, measure) + " of " + runs(method).size() + " seeds, difference of means "
                + measure.difference(measure.mean(runs(method)) - measure.mean(runs(other))) + ".";
    }

    /** The names of the methods whose rate is the least or the largest of their grid; of those another could have been better. */
    public List<String> atEdge() {
        return methods().stream()
                .filter(m -> choice(m).atEdge())
                .map(Method::name)
                .toList();
    }

    /** A sentence on rates at the edge of their grids, where there are any. */
    public String edges() {
        List<String> names = atEdge();
        return names.isEmpty()
                ? ""
                : "Chosen at the edge of the grid, so that a better rate may lie beyond: " + String.join("; ", names)
                        + ".";
    }
}
