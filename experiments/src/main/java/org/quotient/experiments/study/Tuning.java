package org.quotient.experiments.study;

import java.util.List;
import org.quotient.experiments.study.Job.Phase;

/**
 * Methods with equal budgets: each may try as many learning rates, on the same seeds, and is then run with the best of them.
 *
 * @param methods with as many rates each
 * @param choosing seeds of the runs by which rates are chosen
 * @param seeds of the runs that are reported
 */
public record Tuning(List<Method> methods, List<Long> choosing, List<Long> seeds) {
    /** Copies the lists and checks that budgets are equal. */
    public Tuning {
        methods = Method.equalBudgets(methods);
        choosing = List.copyOf(choosing);
        seeds = List.copyOf(seeds);
    }

    /** How a run is made. */
    @FunctionalInterface
    public interface Attempt {
        /** The run of a method at the rate and seed of a job. */
        Outcome of(Method method, Job job);
    }

    /** How many runs there are. */
    public long runs() {
        long rates = methods.getFirst().rates().size();
        return methods.size() * (rates * choosing.size() + seeds.size());
    }

    /**
     * Makes all runs that are not in a journal.
     *
     * @param part of the study
     * @param start where runs begin, by name
     * @param step called after each run
     */
    public void run(Journal journal, String part, String start, Runnable step, Attempt attempt) {
        run(journal, part, start, Criterion.VALIDATION_LOSS, step, attempt);
    }

    /** The same, with rates chosen by a criterion. */
    public void run(Journal journal, String part, String start, Criterion criterion, Runnable step, Attempt attempt) {
        for (Method method : methods) {
            for (double rate : method.rates()) {
                for (long seed : choosing) {
                    Job job = new Job(part, Phase.CHOOSE, start, method.name(), rate, seed);
                    journal.of(job, () -> attempt.of(method, job));
                    step.run();
                }
            }
            double chosen =
                    Choice.of(journal.entries(), method, part, start, criterion).rate();
            for (long seed : seeds) {
                Job job = new Job(part, Phase.FINAL, start, method.name(), chosen, seed);
                journal.of(job, () -> attempt.of(method, job));
                step.run();
            }
        }
    }

    /** The runs among those of a study. */
    public Tuned of(List<Entry> entries, String part, String start) {
        return of(entries, part, start, Criterion.VALIDATION_LOSS);
    }

    /** The same, with rates chosen by a criterion. */
    public Tuned of(List<Entry> entries, String part, String start, Criterion criterion) {
        return new Tuned(this, part, start, entries, criterion);
    }
}
