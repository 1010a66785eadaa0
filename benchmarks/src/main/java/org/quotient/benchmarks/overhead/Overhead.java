package org.quotient.benchmarks.overhead;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.quotient.benchmarks.compare.Launch;
import org.quotient.benchmarks.compare.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/overhead}: the cost of a step of each optimizer over plain descent or Adam. */
@Command(
        name = "benchmarks/overhead",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what a training step of an optimizer costs over one of plain SGD, or Adam, in pairs taken in turn."
                    + " Writes overhead.md and overhead.json after every row.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  benchmarks/overhead                          all rows (some minutes)",
            "  benchmarks/overhead --only mlp-f32 --pairs 300    the rows whose names begin so"
        })
public final class Overhead implements Callable<Integer> {
    private static final int FEWEST = 30;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "rows, by name or its beginning")
    private List<String> only = List.of();

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "60",
            description = "pairs, at least " + FEWEST + " (default: ${DEFAULT-VALUE})")
    private int pairs;

    @Option(
            names = "--openings",
            paramLabel = "N",
            defaultValue = "1",
            description = {
                "how often a process takes the memory of both anew, its pairs shared among the openings (default: ${DEFAULT-VALUE}):",
                "where arrays happen to lie decides about some percent of a step"
            })
    private int openings;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "6",
            description = {
                "Java processes that share the pairs of a row (default: ${DEFAULT-VALUE}): what the compiler makes of the same code",
                "differs from one to the next, and decides about some percent of a step too"
            })
    private int processes;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "20",
            description = {
                "steps of each in a pair (default: ${DEFAULT-VALUE}, of cnn a fifth); the first finds the caches as the other left them,",
                "which in a training no step does, so they are not to be few"
            })
    private int steps;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "600",
            description =
                    "steps of each before the first pair of an opening (default: ${DEFAULT-VALUE}, of cnn a fifth)")
    private int warmUp;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "samples (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "seed of weights and data (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where to write (default: docs/benchmarks of the project)")
    private Path out = Path.of(System.getProperty("quotient.benchmarks.out", "docs/benchmarks"));

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private Overhead() {}

    /** Runs the command; exit code 0 if every row was measured, 1 if one failed, 2 for a bad argument. */
    public static void main(String[] arguments) {
        System.exit(execute(Launch.writer(System.out), Launch.writer(System.err), arguments));
    }

    /** The command, for tests. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return Launch.execute("overhead", new Overhead(), out, err, arguments);
    }

    @Override
    public Integer call() throws IOException {
        List<OverheadRow> chosen = Launch.chosen(spec, OverheadRow.all(), OverheadRow::id, only);
        if (pairs < FEWEST) {
            throw Launch.bad(spec, "--pairs expects " + FEWEST + " or more; given " + pairs);
        }
        if (steps < 1 || warmUp < 1 || batch < 1) {
            throw Launch.bad(
                    spec,
                    "--steps, --warm-up and --batch expect 1 or more; given " + steps + ", " + warmUp + " and "
                            + batch);
        }
        if (processes < 1 || processes > pairs) {
            throw Launch.bad(spec, "--processes expects 1 to " + pairs + ", the number of pairs; given " + processes);
        }
        if (openings < 1 || openings > pairs / processes) {
            throw Launch.bad(
                    spec,
                    "--openings expects 1 to " + pairs / processes + ", the number of pairs of a process; given "
                            + openings);
        }
        Processes clock = new Processes(processes, new Pairs(batch, pairs, openings, steps, warmUp, seed));
        List<OverheadResult> done = new ArrayList<>();
        for (OverheadRow row : chosen) {
            spec.commandLine().getErr().println("overhead: " + row.id());
            done.add(clock.measure(row));
            report(done).write(out);
        }
        spec.commandLine().getOut().print(report(done).markdown());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private OverheadReport report(List<OverheadResult> done) {
        Map<String, Number> settings = new LinkedHashMap<>();
        settings.put("batch", batch);
        settings.put("pairs", pairs);
        settings.put("processes", processes);
        settings.put("openings of each process", openings);
        settings.put("steps of each in a pair (cnn: a fifth)", steps);
        settings.put("warm-up steps (cnn: a fifth)", warmUp);
        settings.put("seed", seed);
        // Where it was written is the machine's affair.
        String command = "benchmarks/overhead"
                + (only.isEmpty() ? "" : " --only " + String.join(",", only))
                + " --pairs " + pairs + " --processes " + processes + " --openings " + openings + " --steps " + steps
                + " --warm-up " + warmUp
                + " --batch " + batch + " --seed "
                + seed;
        return new OverheadReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                command,
                settings,
                Machine.facts(),
                Machine.load(),
                List.copyOf(done));
    }
}
