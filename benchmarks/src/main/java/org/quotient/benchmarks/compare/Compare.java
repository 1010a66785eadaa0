package org.quotient.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

    @Option(names = "--only", split = ",", paramLabel = "ROW", description = "rows, by name or its beginning")
    private List<String> only = List.of();

    @Option(names = "--list", description = "names the rows and ends")
    private boolean list;

    @Option(
            names = "--repetitions",
            paramLabel = "R",
            defaultValue = "15",
            description = "repetitions of each, at least " + Launch.FEWEST + " (default: ${DEFAULT-VALUE})")
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
        System.exit(execute(Launch.writer(System.out), Launch.writer(System.err), arguments));
    }

    /** The command, for tests. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        return Launch.execute("compare", new Compare(), out, err, arguments);
    }

    @Override
    public Integer call() throws IOException {
        List<Row> chosen = Launch.chosen(spec, Rows.of(seed), Row::id, only);
        Launch.check(spec, repetitions, block, warmUp);
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
}
