package org.quotient.experiments;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.quotient.experiments.balanced.BalancedPage;
import org.quotient.experiments.balanced.BalancedStudy;
import org.quotient.experiments.cifar.CifarPage;
import org.quotient.experiments.cifar.CifarStudy;
import org.quotient.experiments.dimension.GaugePage;
import org.quotient.experiments.dimension.GaugeStudy;
import org.quotient.experiments.dimension.HiddenPage;
import org.quotient.experiments.dimension.HiddenStudy;
import org.quotient.experiments.dimension.LawsPage;
import org.quotient.experiments.dimension.LawsStudy;
import org.quotient.experiments.dimension.TrainingPage;
import org.quotient.experiments.dimension.TrainingStudy;
import org.quotient.experiments.gsgdmlp.GsgdPage;
import org.quotient.experiments.gsgdmlp.GsgdStudy;
import org.quotient.experiments.initialisation.InitialisationPage;
import org.quotient.experiments.initialisation.InitialisationStudy;
import org.quotient.experiments.moons.MoonsPage;
import org.quotient.experiments.moons.MoonsStudy;
import org.quotient.experiments.pathcond.PathCondPage;
import org.quotient.experiments.pathcond.PathCondSettings;
import org.quotient.experiments.pathcond.PathCondStudy;
import org.quotient.experiments.segnet.SegNetPage;
import org.quotient.experiments.segnet.SegNetStudy;
import org.quotient.experiments.size.SizePage;
import org.quotient.experiments.size.SizeStudy;
import org.quotient.experiments.smun.SmUnPage;
import org.quotient.experiments.smun.SmUnStudy;
import org.quotient.experiments.study.Journal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code experiments/run}: each experiment writes a page, its plots and all its numbers to a folder. */
@Command(
        name = "experiments/run",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "EXPERIMENT",
        description = {
            "Runs an experiment and writes README.md, plots and results.json to docs/experiments/EXPERIMENT when all is done.",
            "The same numbers on every run and any number of cores; other processors may differ in the last bits.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  experiments/run two-moons                         the whole grid",
            "  experiments/run two-moons --quick --out /tmp/try  a small one, in seconds",
            "  experiments/run initialisation",
            "  experiments/run hidden-symmetries",
            "  experiments/run balanced --data data          data/mnist has the four files of MNIST",
            "  experiments/run cifar --data data             data/cifar10 has binary batches of CIFAR-10",
            "  experiments/run segnet --data data            data/camvid (or camvid-120x90) has folders of pictures",
            "",
            "Those that take --data go on where an interrupted run stopped; --fresh begins anew."
        })
public final class Experiments implements Callable<Integer> {
    private static final int BAD_USE = 2;
    private static final String RUNS = "runs.jsonl";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Experiments() {
        spec = CommandLine.Model.CommandSpec.create();
    }

    /** Runs the command; exit code 0 if the results were written, 1 if that failed, 2 for a bad argument. */
    public static void main(String[] arguments) {
        System.exit(execute(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** The command, for tests. */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Experiments());
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, given) -> {
            err.println("experiments: " + e.getMessage());
            return BAD_USE;
        });
        line.setExecutionExceptionHandler((e, commandLine, result) -> {
            err.println("experiments: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return 1;
        });
        return line.execute(arguments);
    }

    /** Without an experiment there is nothing to do but to say what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return 0;
    }

    /** A study whose finished runs are kept. */
    private interface Study<S, J, R> {
        /** Its results, from the runs in a journal and those still to be made. */
        R run(S settings, Optional<Path> data, J journal, Runnable step) throws IOException;
    }

    /** Finds the finished runs of a study with these settings in a file, which need not exist. */
    private interface Opener<J> {
        J open(Path file, Object settings) throws IOException;
    }

    /** Page, plots and numbers of results. */
    private interface Page<R> {
        ResultFolder of(R results) throws IOException;
    }

    /** What takes steps. */
    private interface Work<T> {
        T run(Runnable step) throws IOException;
    }

    /** Runs of training in a journal. */
    private <S, R> int resumable(
            String name, Where where, Sources sources, S settings, long runs, Study<S, Journal, R> study, Page<R> page)
            throws IOException {
        return resumable(name, where, sources, settings, runs, Journal::open, study, page);
    }

    /**
     * Finished runs are lines of {@code EXPERIMENT.runs.jsonl} beside the folder of the results, until all are there; then that file
     * goes into the folder.
     */
    private <S, J, R> int resumable(
            String name,
            Where where,
            Sources sources,
            S settings,
            long runs,
            Opener<J> opener,
            Study<S, J, R> study,
            Page<R> page)
            throws IOException {
        Path folder = where.folder(name).toAbsolutePath().normalize();
        Path file = folder.resolveSibling(folder.getFileName() + ".runs.jsonl");
        Path done = folder.resolve(RUNS);
        if (sources.fresh) {
            Files.deleteIfExists(file);
        }
        if (sources.keep && !Files.exists(file) && Files.exists(done)) {
            Files.copy(done, file);
        }
        J journal = opener.open(file, settings);
        ResultFolder results = watched(name, runs, step -> page.of(study.run(settings, sources.data, journal, step)));
        where.write(
                results.add(RUNS, Files.readAllBytes(file)),
                name,
                spec.commandLine().getOut());
        Files.delete(file);
        return 0;
    }

    /** A study that is run from its beginning. */
    private <S, R> int plain(
            String name, Where where, S settings, long steps, BiFunction<S, Runnable, R> study, Page<R> page)
            throws IOException {
        R results = watched(name, steps, step -> study.apply(settings, step));
        where.write(page.of(results), name, spec.commandLine().getOut());
        return 0;
    }

    /** Does something that reports steps, with a bar on a terminal and silently elsewhere. */
    private static <T> T watched(String name, long steps, Work<T> work) throws IOException {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return work.run(() -> {});
        }
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build()) {
            return work.run(bar::step);
        }
    }

    /** Training. */
    @Command(
            name = "two-moons",
            mixinStandardHelpOptions = true,
            description =
                    "Gradient descent on two moons from rescaled initialisations, with a sweep of learning rates per method")
    int twoMoons(@CommandLine.Mixin Where where) throws IOException {
        MoonsStudy.Settings settings = where.quick ? MoonsStudy.Settings.quick() : MoonsStudy.Settings.full();
        return plain("two-moons", where, settings, settings.runs(), MoonsStudy::run, MoonsPage::of);
    }

    /** Predictions at initialisation. */
    @Command(
            name = "initialisation",
            mixinStandardHelpOptions = true,
            description = "Log-scales of path conditioning at initialisation, predicted and drawn")
    int initialisation(@CommandLine.Mixin Where where) throws IOException {
        InitialisationStudy.Settings settings =
                where.quick ? InitialisationStudy.Settings.quick() : InitialisationStudy.Settings.full();
        return plain(
                "initialisation", where, settings, settings.draws(), InitialisationStudy::run, InitialisationPage::of);
    }

    /** Functional dimension at initialisation. */
    @Command(
            name = "hidden-symmetries",
            mixinStandardHelpOptions = true,
            description = "How often drawn weights have hidden symmetries, with exact ranks; about 5 minutes")
    int hiddenSymmetries(@CommandLine.Mixin Where where) throws IOException {
        HiddenStudy.Settings settings = where.quick ? HiddenStudy.Settings.quick() : HiddenStudy.Settings.full();
        return plain("hidden-symmetries", where, settings, settings.draws(), HiddenStudy::run, HiddenPage::of);
    }

    /** Functional dimension along training. */
    @Command(
            name = "dimension-training",
            mixinStandardHelpOptions = true,
            description = "Functional dimension on data while a network learns; about 2 minutes")
    int dimensionTraining(@CommandLine.Mixin Where where) throws IOException {
        TrainingStudy.Settings settings = where.quick ? TrainingStudy.Settings.quick() : TrainingStudy.Settings.full();
        return plain("dimension-training", where, settings, settings.runs(), TrainingStudy::run, TrainingPage::of);
    }

    /** Bounds by architecture. */
    @Command(
            name = "gauge",
            mixinStandardHelpOptions = true,
            description = "What seven architectures allow: the inferred bound beside the largest rank found; seconds")
    int gauge(@CommandLine.Mixin Where where) throws IOException {
        GaugeStudy.Settings settings = where.quick ? GaugeStudy.Settings.quick() : GaugeStudy.Settings.full();
        return plain("gauge", where, settings, GaugeStudy.networks(), GaugeStudy::run, GaugePage::of);
    }

    /** Conservation laws. */
    @Command(
            name = "conservation-laws",
            mixinStandardHelpOptions = true,
            description = "Conservation laws of gradient flow, counted by Lie closure; about a minute")
    int conservationLaws(@CommandLine.Mixin Where where) throws IOException {
        LawsStudy.Settings settings = where.quick ? LawsStudy.Settings.quick() : LawsStudy.Settings.full();
        return plain("conservation-laws", where, settings, settings.counts(), LawsStudy::run, LawsPage::of);
    }

    /** Training from three representatives. */
    @Command(
            name = "balanced",
            mixinStandardHelpOptions = true,
            description = "Updates from balanced and unbalanced starts of one function, on MNIST; about 15 minutes")
    int balanced(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        BalancedStudy.Settings settings = where.quick ? BalancedStudy.Settings.quick() : BalancedStudy.Settings.full();
        return resumable("balanced", where, sources, settings, settings.runs(), BalancedStudy::run, BalancedPage::of);
    }

    /** G-SGD with its ablation. */
    @Command(
            name = "g-sgd-mlp",
            mixinStandardHelpOptions = true,
            description =
                    "G-SGD, SGD, and SGD from G-SGD's initialisation on a narrow network, on MNIST; about 10 minutes")
    int gsgdMlp(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        GsgdStudy.Settings settings = where.quick ? GsgdStudy.Settings.quick() : GsgdStudy.Settings.full();
        return resumable("g-sgd-mlp", where, sources, settings, settings.runs(), GsgdStudy::run, GsgdPage::of);
    }

    /** SM and UN. */
    @Command(
            name = "sm-un",
            mixinStandardHelpOptions = true,
            description = "SGD, SM and UN with and without batch normalisation, on MNIST; about 10 minutes")
    int smUn(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        SmUnStudy.Settings settings = where.quick ? SmUnStudy.Settings.quick() : SmUnStudy.Settings.full();
        return resumable("sm-un", where, sources, settings, settings.runs(), SmUnStudy::run, SmUnPage::of);
    }

    /** Certified ranks of large networks. */
    @Command(
            name = "functional-dimension-size",
            mixinStandardHelpOptions = true,
            description =
                    "Certified functional dimension up to 25,720 parameters, beside singular values; on MNIST, or without --data on"
                            + " digits made on the spot; about half an hour")
    int functionalDimensionSize(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        SizeStudy.Settings settings = where.quick
                ? SizeStudy.Settings.quick()
                : sources.data.isPresent() ? SizeStudy.Settings.onImages() : SizeStudy.Settings.onDigits();
        return resumable(
                "functional-dimension-size",
                where,
                sources,
                settings,
                settings.runs(),
                SizeStudy::findings,
                SizeStudy::run,
                SizePage::of);
    }

    /** Convolutional networks. */
    @Command(
            name = "cifar",
            mixinStandardHelpOptions = true,
            description =
                    "Eight updates on a small CNN and a residual network, on a part of CIFAR-10; about 20 minutes")
    int cifar(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        CifarStudy.Settings settings = where.quick ? CifarStudy.Settings.quick() : CifarStudy.Settings.full();
        return resumable("cifar", where, sources, settings, settings.runs(), CifarStudy::run, CifarPage::of);
    }

    /** A class for every pixel. */
    @Command(
            name = "segnet",
            mixinStandardHelpOptions = true,
            description = "UN against SGD on a small SegNet, on CamVid at 120 by 90 pixels; about 15 minutes")
    int segnet(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        SegNetStudy.Settings settings = where.quick ? SegNetStudy.Settings.quick() : SegNetStudy.Settings.full();
        return resumable("segnet", where, sources, settings, settings.runs(), SegNetStudy::run, SegNetPage::of);
    }

    /** Path conditioning before training. */
    @Command(
            name = "pathcond",
            mixinStandardHelpOptions = true,
            description =
                    "The four experiments of path-conditioned training, small, on CIFAR-10 and MNIST; about 15 minutes")
    int pathCond(@CommandLine.Mixin Where where, @CommandLine.Mixin Sources sources) throws IOException {
        PathCondSettings settings = where.quick ? PathCondSettings.quick() : PathCondSettings.full();
        return resumable("pathcond", where, sources, settings, settings.runs(), PathCondStudy::run, PathCondPage::of);
    }
}
