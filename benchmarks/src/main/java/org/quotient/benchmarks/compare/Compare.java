package org.quotient.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command {@code benchmarks/compare}: the table of targets, measured against peers in the same run. */
@Command(
        name = "benchmarks/compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times the engine against libtorch (through DJL), PyTorch and OpenBLAS, one block of each in turn, and prints the"
                    + " table of targets. Writes FILE.md and FILE.json after every row: an interrupted run loses nothing that"
                    + " was finished.",
            "Peers that are not installed are left out and named.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  benchmarks/compare                          the whole table (about half an hour)",
            "  benchmarks/compare --only mlp,tiny          the rows whose names begin so",
            "  benchmarks/compare --only gemm --libraries /usr/lib/x86_64-linux-gnu/openblas-pthread"
        })
public final class Compare implements Callable<Integer> {
    private static final int BAD_USE = 2;
    private static final int FEWEST_FOR_AN_INTERVAL = 6;

    @Option(names = "--only", split = ",", paramLabel = "ROW", description = "rows, by name or its beginning")
    private List<String> only = List.of();

    @Option(names = "--list", description = "names the rows and ends")
    private boolean list;

    @Option(
            names = "--repetitions",
            paramLabel = "R",
            defaultValue = "15",
            description = "repetitions of each, at least " + FEWEST_FOR_AN_INTERVAL + " (default: ${DEFAULT-VALUE})")
    private int repetitions;

    @Option(
            names = "--block",
            paramLabel = "MS",
            defaultValue = "50",
            description = "least milliseconds of a repetition (default: ${DEFAULT-VALUE})")
    private double block;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "3",
            description = "seconds of warm-up of each (default: ${DEFAULT-VALUE})")
    private double warmUp;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "seed of weights and data (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "compare",
            description = "where to write, without .md and .json (default: ${DEFAULT-VALUE})")
    private Path out;

    @Option(
            names = "--python",
            split = ",",
            paramLabel = "COMMAND",
            defaultValue = "python3,/usr/bin/python3",
            description = "Pythons to look for PyTorch in (default: ${DEFAULT-VALUE})")
    private List<String> python = List.of();

    @Option(
            names = "--libraries",
            paramLabel = "FOLDER",
            description = "folder of libopenblas.so.0 and libblas.so.3, if not installed for the system")
    private Optional<Path> libraries = Optional.empty();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Compare() {
        this.spec = CommandLine.Model.CommandSpec.create();
    }

    /** Runs the command; exit code 0 if every row was measured, 1 if one failed, 2 for a bad argument. */
    public static void main(String[] arguments) {
        System.exit(execute(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** The command, for tests. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Compare());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, given) -> {
            err.println("compare: " + e.getMessage());
            return BAD_USE;
        });
        line.setExecutionExceptionHandler((e, commandLine, result) -> {
            err.println("compare: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return 1;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        List<Row> chosen = chosen(Rows.of(seed));
        check();
        PrintWriter print = spec.commandLine().getOut();
        if (list) {
            chosen.forEach(row -> print.println(row.id() + "  " + row.work() + ": " + row.size() + "; "
                    + row.target().text()));
            return 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        Run run = new Run(new Run.Settings(repetitions, block / 1000, warmUp, seed), out);
        try (Peers peers = Peers.find(python, libraries.map(Path::toAbsolutePath))) {
            Report report = run.measure(chosen, peers, err);
            print.print(Markdown.of(report));
            print.flush();
            run.finish(report, err);
            return report.failed().isEmpty() ? 0 : 1;
        }
    }

    private void check() {
        if (repetitions < FEWEST_FOR_AN_INTERVAL) {
            throw bad("--repetitions expects " + FEWEST_FOR_AN_INTERVAL
                    + " or more, so that a median has an interval; given " + repetitions);
        }
        if (!(block >= 1 && block <= 60_000)) {
            throw bad("--block expects milliseconds from 1 to 60000; given " + block);
        }
        if (!(warmUp >= 0 && warmUp <= 600)) {
            throw bad("--warm-up expects seconds from 0 to 600; given " + warmUp);
        }
    }

    private List<Row> chosen(List<Row> all) {
        for (String name : only) {
            if (all.stream().noneMatch(row -> row.id().startsWith(name))) {
                throw bad("--only: there is no row '" + name + "'; there are "
                        + all.stream().map(Row::id).collect(Collectors.joining(", ")));
            }
        }
        return only.isEmpty()
                ? all
                : all.stream()
                        .filter(row -> only.stream().anyMatch(row.id()::startsWith))
                        .toList();
    }

    private ParameterException bad(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
