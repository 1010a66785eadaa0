package org.quotient.experiments.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The finished runs of a study of training. */
public final class Journal {
    private static final Kept.Names<Job, Outcome> NAMES = new Kept.Names<>("job", Job.class, "outcome", Outcome.class);

    private final Kept<Job, Outcome> runs;

    private Journal(Kept<Job, Outcome> runs) {
        this.runs = runs;
    }

    /** One that is kept in memory only. */
    public static Journal inMemory() {
        return new Journal(Kept.inMemory(NAMES));
    }

    /**
     * Opens one, or begins one with its first run.
     *
     * @param file need not exist
     * @param settings of the study, as JSON can show them
     * @throws IOException if the file is of other settings or another kind, or cannot be read or written
     */
    public static Journal open(Path file, Object settings) throws IOException {
        return new Journal(Kept.open(file, settings, NAMES));
    }

    /**
     * The outcome of a run: the one known, or that of making it now, which is then stored.
     *
     * @throws java.io.UncheckedIOException if it cannot be stored
     */
    public Outcome of(Job job, Supplier<Outcome> run) {
        return runs.of(job, run);
    }

    /** All runs, in the order in which they were made. */
    public List<Entry> entries() {
        return runs.known().entrySet().stream()
                .map(run -> new Entry(run.getKey(), run.getValue()))
                .toList();
    }
}
