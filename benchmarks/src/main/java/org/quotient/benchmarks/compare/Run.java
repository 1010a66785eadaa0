package org.quotient.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Row after row; both files are written anew after each of them. What fails is told and passed over, and an interruption
 * leaves the rows that were finished.
 */
final class Run {
    private final Settings settings;
    private final Path markdown;
    private final Path json;
    private final Instant started = now();
    private final Map<String, String> machine = Machine.facts();
    private final List<Comparison> done = new CopyOnWriteArrayList<>();
    private final Map<String, String> failed = new LinkedHashMap<>();
    private volatile boolean stopping;

    /**
     * How to measure.
     *
     * @param repetitions of each contender
     * @param block least seconds of a repetition
     * @param warmUp seconds that each contender runs before
     * @param seed of weights and data
     */
    record Settings(int repetitions, double block, double warmUp, long seed) {}

    Run(Settings settings, Path out) {
        this.settings = settings;
        this.markdown = out.resolveSibling(out.getFileName() + ".md");
        this.json = out.resolveSibling(out.getFileName() + ".json");
    }

    /**
     * Measures rows.
     *
     * @param rows in this order
     * @param peers who else takes part; not closed, except when the run is interrupted
     * @param err for progress, what failed, and where the files are
     * @return the report with everything that was measured
     */
    Report measure(List<Row> rows, Peers peers, PrintWriter err) {
        Progress progress = new Progress(err);
        Thread hook = new Thread(() -> {
            stopping = true;
            progress.clear();
            err.println("compare: interrupted; " + done.size() + " of " + rows.size() + " rows are in " + markdown);
            peers.close();
        });
        Runtime.getRuntime().addShutdownHook(hook);
        for (Row row : rows) {
            String place = (done.size() + failed.size() + 1) + "/" + rows.size() + " " + row.id() + ": ";
            Interleaved clock = new Interleaved(
                    settings.repetitions(), settings.block(), settings.warmUp(), what -> progress.accept(place + what));
            try {
                done.add(Comparison.run(row, peers, clock, Machine::load));
                report(peers).write(markdown, json);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + markdown + " or " + json, e);
            } catch (RuntimeException e) {
                if (!stopping) {
                    String why = e.getMessage() == null ? e.toString() : e.getMessage();
                    failed.put(row.id(), why);
                    progress.clear();
                    err.println("compare: " + row.id() + " failed: " + why);
                }
            }
        }
        progress.clear();
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return report(peers);
    }

    private Report report(Peers peers) {
        return new Report(
                started,
                now(),
                settings,
                machine,
                peers.versions(),
                peers.absent(),
                Map.copyOf(failed),
                List.copyOf(done));
    }

    /** Writes the files a last time and says where they are. */
    void finish(Report report, PrintWriter err) throws IOException {
        report.write(markdown, json);
        err.println("compare: written to " + markdown + " and " + json);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
