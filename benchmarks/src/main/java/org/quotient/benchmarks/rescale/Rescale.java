package org.quotient.benchmarks.rescale;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.benchmarks.compare.Interleaved;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.compare.Launch;
import org.quotient.benchmarks.compare.Machine;
import org.quotient.benchmarks.compare.Progress;
import org.quotient.benchmarks.rescale.Measured.Entry;
import org.quotient.benchmarks.rescale.Measured.Kind;
import org.quotient.benchmarks.torch.RescalePeer;
import org.quotient.geometry.criteria.Minimiser;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code benchmarks/rescale}: path conditioning, exactly and by published sweeps, here and in PyTorch. */
@Command(
        name = "benchmarks/rescale",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Times path conditioning (Lebeurrier et al. 2026) in seconds of processor time: ours to the minimum and by ten"
                    + " published sweeps, in turn with PyTorch. Writes rescale.md and rescale.json after every row.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  benchmarks/rescale                                all networks (some minutes)",
            "  benchmarks/rescale --only mlp --repetitions 25    the rows whose names begin so",
            "  benchmarks/rescale --python /usr/bin/python3      where PyTorch is"
        })
public final class Rescale implements Callable<Integer> {
    private static final int SWEEPS = 10;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "rows, by name or its beginning")
    private List<String> only = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "15",
            description = "repetitions of each, at least " + Launch.FEWEST + " (default: ${DEFAULT-VALUE})")
    private int repetitions;

    @Option(
            names = "--block",
            paramLabel = "MS",
            defaultValue = "500",
            description = "least milliseconds of a repetition; the clock of processor time ticks every 10"
                    + " (default: ${DEFAULT-VALUE})")
    private double block;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "15",
            description = "least seconds of warm-up of each (default: ${DEFAULT-VALUE})")
    private double warmUp;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "seed of the weights (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where to write (default: docs/benchmarks of the project)")
    private Path out = Path.of(System.getProperty("quotient.benchmarks.out", "docs/benchmarks"));

    @Option(
            names = "--python",
            split = ",",
            paramLabel = "COMMAND",
            defaultValue = "python3,/usr/bin/python3",
            description = "Pythons to look for PyTorch in (default: ${DEFAULT-VALUE})")
    private List<String> python = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final List<RescaleRow> rows;

    private Rescale(List<RescaleRow> rows) {
        this.spec = CommandLine.Model.CommandSpec.create();
        this.rows = rows;
    }

    /** Runs the command; exit code 0 if every row was measured, 1 if one failed, 2 for a bad argument. */
    public static void main(String[] arguments) {
        System.exit(execute(Launch.writer(System.out), Launch.writer(System.err), RescaleRow.all(), arguments));
    }

    /** The command, for tests. */
    static int execute(PrintWriter out, PrintWriter err, List<RescaleRow> rows, String... arguments) {
        return Launch.execute("rescale", new Rescale(rows), out, err, arguments);
    }

    @Override
    public Integer call() throws IOException {
        List<RescaleRow> chosen = Launch.chosen(spec, rows, RescaleRow::id, only);
        Launch.check(spec, repetitions, block, warmUp);
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(err);
        Instant started = now();
        Map<String, String> machine = Machine.facts();
        List<Measured> done = new ArrayList<>();
        Optional<RescalePeer> peer = RescalePeer.start(python);
        String told = peer.map(RescalePeer::version)
                .orElse("none: none of " + String.join(", ", python)
                        + " can import torch (--python names another; Debian: apt install python3-torch)");
        RescaleReport report = null;
        try {
            for (RescaleRow row : chosen) {
                Interleaved clock = new Interleaved(
                        repetitions, block / 1000, warmUp, what -> progress.accept(row.id() + ": " + what));
                done.add(measure(row, peer, clock));
                report = new RescaleReport(started, now(), settings(), machine, told, List.copyOf(done));
                report.write(out);
            }
        } finally {
            progress.clear();
            peer.ifPresent(RescalePeer::close);
        }
        if (report != null) {
            spec.commandLine().getOut().print(report.markdown());
            spec.commandLine().getOut().flush();
            err.println("rescale: written to " + out.resolve("rescale.md") + " and " + out.resolve("rescale.json"));
        }
        return 0;
    }

    private Measured measure(RescaleRow row, Optional<RescalePeer> peer, Interleaved clock) {
        Model model = BuiltIns.model(row.spec() + ",dtype=f32", seed);
        OurRescaling exact = new OurRescaling("ours, exact", model, Minimiser.exact());
        Map<Kind, Parted> contenders = new LinkedHashMap<>();
        contenders.put(Kind.EXACT, exact);
        if (!row.chain().isEmpty()) {
            contenders.put(Kind.OUR_SWEEPS, new OurRescaling("ours", model, Minimiser.sweeps(SWEEPS)));
            peer.ifPresent(p -> {
                List<Parted> methods = p.contenders(model, row.chain(), row.input(), SWEEPS);
                contenders.put(Kind.PUBLISHED, methods.get(0));
                contenders.put(Kind.AGGREGATED, methods.get(1));
            });
        }
        List<Series> series = clock.measure(List.copyOf(contenders.values()));
        List<Entry> entries = new ArrayList<>();
        for (Kind kind : contenders.keySet()) {
            Parted contender = contenders.get(kind);
            List<Parted.Block> blocks = contender.blocks();
            int first = blocks.size() - repetitions;
            entries.add(new Entry(
                    kind,
                    series.get(entries.size()),
                    contender.parts(),
                    blocks.subList(first, blocks.size()),
                    blocks.subList(0, first).stream()
                            .mapToInt(Parted.Block::runs)
                            .sum(),
                    kind == Kind.EXACT ? exact.minimum().gap() : Double.NaN));
        }
        int generators = exact.minimum().z().length;
        contenders.values().forEach(Parted::close);
        return new Measured(row, model.network().parameterCount(), generators, entries, Machine.load());
    }

    private Map<String, Number> settings() {
        Map<String, Number> settings = new LinkedHashMap<>();
        settings.put("seed", seed);
        settings.put("repetitions", repetitions);
        settings.put("block milliseconds", block);
        settings.put("warm-up seconds", warmUp);
        return settings;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
