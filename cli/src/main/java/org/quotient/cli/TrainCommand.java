package org.quotient.cli;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.data.Augmentation;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.WholeFile;
import org.quotient.interop.data.DataSets;
import org.quotient.interop.onnx.OnnxExport;
import org.quotient.interop.onnx.OnnxWriter;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.DivergedException;
import org.quotient.optimizers.training.Evaluation;
import org.quotient.optimizers.training.LedgerListener;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.RankMetric;
import org.quotient.optimizers.training.RankRecorder;
import org.quotient.optimizers.training.RankSeries;
import org.quotient.optimizers.training.Schedule;
import org.quotient.optimizers.training.Score;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;
import org.quotient.optimizers.zoo.OptimizerKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient train NETWORK --data NAME[:DIR] --optimizer NAME ...}. */
@Command(
        name = "train",
        description = "Trains a network on a data set.",
        footer = {
            "",
            "Data: moons, spirals, teacher and digits are made on the spot; mnist:DIR, fashion-mnist:DIR, cifar10:DIR and",
            "camvid:DIR are read. Settings follow: moons,noise=0.2  mnist:data/mnist,train=1000,validation=500.",
            "camvid's pictures of 90 by 120 do not halve twice: camvid:data/camvid,crop=88x120 takes the middle.",
            "Numbers in and classes out, for a network that fits: moons 2 and 2, spirals 2 and 3, teacher 5 and 3, digits",
            "64 (or 1x8x8) and 10, mnist and fashion-mnist 784 (or 1x28x28) and 10, cifar10 3x32x32 and 10.",
            "Schedules: constant, exponential:0.99 (per epoch), steps:0.1:80:120 (times 0.1 at epochs 80 and 120), cosine,",
            "linear. The loss is cross-entropy, per pixel where the data has a class per pixel; --loss half-squared learns",
            "the data's numbers, or 1 for the class and 0 for the others.",
            "",
            "With --checkpoint DIR the run can be killed at any moment: the same command goes on from the last checkpoint and",
            "reaches the same bits as a run that never stopped. The log has a JSON object per epoch.",
            "With --metric the functional dimension, or whether the data determine the weights, is taken at the start, after every",
            "epoch (or every K epochs) and at the end: functional-dimension or local-identifiability, with settings such as",
            "functional-dimension:every=10,on=test,samples=500; on is train, test, or everywhere for points drawn in the input space.",
            "With --grid every rate has a log and a checkpoint folder of its own, with optimizer and rate in the name:",
            "--log g.jsonl --checkpoint g becomes g.sgd-0.1.jsonl and g.sgd-0.1.",
            "",
            "Examples:",
            "  quotient train mlp:2-32-32-2 --data moons --optimizer frame-adam",
            "  quotient train mlp:784-256-256-10,dtype=f32 --data mnist:data/mnist --optimizer sm --epochs 5 --batch 64",
            "  quotient train model.onnx --data cifar10:data/cifar10 --optimizer g-sgd --learning-rate 0.05 \\",
            "      --checkpoint runs/a --log runs/a.jsonl --out trained.onnx --json   (in a folder with a folder 'runs')",
            "  quotient train segnet-tiny,input=3x88x120,dtype=f32 --data camvid:data/camvid,crop=88x120 --optimizer un",
            "  quotient train mlp:2-8-8-2 --data moons --optimizer sgd --metric functional-dimension:every=10 \\",
            "      --metric local-identifiability:every=10"
        })
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(names = "--data", required = true, paramLabel = "NAME[:DIR]", description = "The data set, with settings.")
    private String data;

    @Mixin
    private OptimizerOption optimizer;

    @Option(
            names = "--epochs",
            paramLabel = "E",
            defaultValue = "30",
            description = "Passes over the data (default 30).")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Samples per step (default: that of the optimizer, 32 for most; see 'quotient optimizers').")
    private @Nullable Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "H",
            description = "Default: that of the optimizer, see 'quotient optimizers'.")
    private @Nullable Double learningRate;

    @Option(
            names = "--grid",
            paramLabel = "H,H,...",
            split = ",",
            description =
                    "Train once with each of these learning rates, all with the same budget, and keep the run with the"
                            + " least validation loss; the data needs a validation part.")
    private double @Nullable [] grid;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            defaultValue = "constant",
            description = "How the learning rate changes (default constant).")
    private String schedule;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            defaultValue = "cross-entropy",
            description = "cross-entropy (default) or half-squared.")
    private String loss;

    @Option(
            names = "--augment",
            paramLabel = "P",
            description = "Move pictures by up to P pixels and mirror half of them, at random.")
    private @Nullable Integer augment;

    @Option(
            names = "--patience",
            paramLabel = "K",
            defaultValue = "0",
            description = "Stop after K epochs without a better validation loss (default 0: never).")
    private int patience;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "1",
            description = "Threads (default 1); the result is the same, bit for bit.")
    private int threads;

    @Option(names = "--log", paramLabel = "RUN.jsonl", description = "Write a JSON object per epoch there.")
    private @Nullable String log;

    @Option(names = "--checkpoint", paramLabel = "DIR", description = "Keep a checkpoint there, and go on from it.")
    private @Nullable String checkpoint;

    @Option(names = "--checkpoint-every", paramLabel = "STEPS", description = "How often (default: after each epoch).")
    private @Nullable Integer every;

    @Option(
            names = "--ledger",
            description =
                    "Check after each step that the conserved charges changed as they must: a test of the gradient."
                            + " For sgd and momentum; exit code 1 if a law is broken.")
    private boolean ledger;

    @Option(
            names = "--metric",
            paramLabel = "NAME[:k=v,...]",
            description =
                    "Take a rank along the training: functional-dimension or local-identifiability; may be given several times.")
    private List<String> metrics = new ArrayList<>();

    @Option(names = "--out", paramLabel = "M.onnx", description = "Write the trained network there.")
    private @Nullable String out;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        if (out != null && !out.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new BadInput("--out is an ONNX file, its name must end in .onnx; given '" + out + "'.");
        }
        Path target = out == null ? null : TrainFiles.place("--out", out);
        TrainFiles.checkApart("--log", log, Arrays.asList(network, out, checkpoint, optimizer.file()));
        TrainFiles.checkApart("--out", out, Arrays.asList(checkpoint));
        if (!loss.equals("cross-entropy") && !loss.equals("half-squared")) {
            throw new BadInput("--loss expects cross-entropy or half-squared; given '" + loss + "'.");
        }
        Ranges.atLeast("--checkpoint-every", every, 1, "steps");
        if (every != null && checkpoint == null) {
            throw new BadInput(
                    "--checkpoint-every " + every + " says how often, but not where: give --checkpoint DIR too.");
        }
        Ranges.atLeast("--epochs", epochs, 1, "epochs");
        Ranges.atLeast("--batch", batch, 1, "samples");
        Ranges.atLeast("--patience", patience, 0, "epochs");
        Ranges.atLeast("--threads", threads, 1, "threads");
        Ranges.atLeast("--augment", augment, 0, "pixels");
        if (learningRate != null) {
            Ranges.rate("--learning-rate", learningRate);
        }
        for (double rate : grid == null ? new double[0] : grid) {
            Ranges.rate("--grid", rate);
        }
        long start = System.nanoTime();
        Update update = optimizer.update();
        LoadedNetwork loaded = options.load(network).requireFinite();
        try {
            return trained(loaded, update, target, start);
        } catch (IllegalArgumentException | DivergedException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
    }

    private int trained(LoadedNetwork loaded, Update update, @Nullable Path target, long start) {
        Model model = loaded.model();
        DataSplit split = DataSets.load(data, options.seed());
        if (patience > 0 && split.validation().isEmpty()) {
            throw new BadInput("--patience needs a validation part to watch; give one with the data, such as '" + data
                    + ",validation=500'.");
        }
        Task task = Task.of(model.network(), split, loss.equals("half-squared"));
        Optional<Augmentation> moves = Optional.empty();
        if (augment != null) {
            if (task.data().train().sampleShape().rank() != 3) {
                throw new BadInput("--augment moves pictures; the network's input is "
                        + task.data().train().sampleShape() + ".");
            }
            moves = Optional.of(new Augmentation(augment, true, options.seed()));
        }
        double[] rates = rates(split);
        Problem problem = Problem.of(model.network(), task.loss());
        Ran best = null;
        List<TrainAnswer.Tried> tried = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            TrainingPlan plan = new TrainingPlan(
                    epochs, batch(), rates[i], Schedule.parse(schedule), options.seed(), moves, patience, threads);
            try {
                Ran ran = run(
                        model,
                        problem,
                        task,
                        update,
                        plan,
                        rates.length == 1 ? "" : optimizer.label() + "-" + rates[i]);
                double held = ran.done.epochs().getLast().held().loss();
                tried.add(new TrainAnswer.Tried(rates[i], held));
                if (best == null || held < best.done.epochs().getLast().held().loss()) {
                    best = ran;
                }
            } catch (DivergedException e) {
                if (rates.length == 1) {
                    throw e;
                }
                tried.add(new TrainAnswer.Tried(rates[i], Double.NaN));
            }
        }
        if (best == null) {
            throw new BadInput("Training diverged with every learning rate of --grid; give smaller ones.");
        }
        Progress done = best.done;
        Weights weights = done.state().model().weights();
        Score train;
        Score test;
        Score held = null;
        try (Evaluation evaluation = Evaluation.of(model.network(), task, threads)) {
            train = evaluation.score(weights, task.data().train());
            test = evaluation.score(weights, task.data().test());
            if (task.data().validation().isPresent()) {
                held = evaluation.score(weights, task.data().validation().get());
            }
        }
        if (target != null) {
            ModelProto proto = loaded.file() == null
                    ? OnnxExport.toProto(model.at(weights))
                    : OnnxWriter.withWeights(loaded.file(), weights);
            WholeFile.write(target, proto::writeTo);
        }
        return common.deliver(new TrainAnswer(
                network,
                split.name(),
                split.description(),
                optimizer.spec(),
                best.rate,
                batch(),
                train,
                held,
                test,
                done,
                best.resumedAt,
                (System.nanoTime() - start) / 1e9,
                best.books,
                rates.length == 1 ? List.of() : tried,
                best.readings,
                out));
    }

    private int batch() {
        return batch == null ? optimizer.kind().map(OptimizerKind::batch).orElse(OptimizerKind.BATCH) : batch;
    }

    /** The rates to try. */
    private double[] rates(DataSplit split) {
        if (grid == null) {
            return new double[] {
                learningRate == null
                        ? optimizer.kind().map(OptimizerKind::learningRate).orElse(0.1)
                        : learningRate
            };
        }
        if (learningRate != null) {
            throw new BadInput("--grid tries several learning rates; give it or --learning-rate, not both.");
        }
        if (Arrays.stream(grid).distinct().count() < Math.max(2, grid.length)) {
            throw new BadInput("--grid expects two different learning rates or more, each once; given "
                    + Arrays.stream(grid).mapToObj(String::valueOf).collect(Collectors.joining(",")) + ".");
        }
        if (split.validation().isEmpty()) {
            throw new BadInput("--grid needs a validation part to choose by; give one with the data, such as '" + data
                    + ",validation=500'.");
        }
        return grid;
    }

    /** One run, with what its books showed if they were kept. */
    private record Ran(
            double rate, Progress done, long resumedAt, LedgerListener.@Nullable Books books, RankSeries readings) {}

    private Ran run(Model model, Problem problem, Task task, Update update, TrainingPlan plan, String label) {
        Trainer trainer = Trainer.of(problem, task, update, plan);
        try (TrainFiles files = TrainFiles.of(
                log == null || label.isEmpty() ? log : TrainFiles.labelled(log, label),
                checkpoint == null || label.isEmpty() ? checkpoint : checkpoint + "." + label,
                description(model, task, plan),
                model.network())) {
            return run(model, problem, task, update, plan, trainer, files);
        }
    }

    private Ran run(
            Model model,
            Problem problem,
            Task task,
            Update update,
            TrainingPlan plan,
            Trainer trainer,
            TrainFiles files) {
        Progress from = files.resumed().orElseGet(() -> trainer.begin(model.weights()));
        if (from.state().steps() > trainer.steps()) {
            throw new BadInput("The checkpoint in '" + checkpoint + "' has done "
                    + from.state().steps()
                    + " steps already, of " + trainer.stepsPerEpoch() + " an epoch: more than --epochs " + epochs
                    + ". Give as many epochs or more, or another --checkpoint folder.");
        }
        AtomicReference<LedgerListener> books = new AtomicReference<>();
        List<RankMetric> asked =
                metrics.stream().map(m -> RankMetric.parse(m, options.seed())).toList();
        if (asked.stream().distinct().count() < asked.size()) {
            throw new BadInput("--metric asks for the same reading twice: " + String.join(", ", metrics) + ".");
        }
        RankRecorder ranks = asked.isEmpty() ? null : RankRecorder.of(asked, task, trainer, from, files.readings());
        Supplier<RankSeries> readings = () -> ranks == null ? RankSeries.EMPTY : ranks.series();
        Progress done = files.run(trainer, from, task.data().validation().isPresent(), every, readings, watch -> {
            Trainer.Listener listener = ranks == null ? watch : ranks.before(watch);
            if (ledger) {
                books.set(LedgerListener.of(listener, trainer, problem, update, from));
            }
            return ledger ? books.get() : listener;
        });
        return new Ran(
                plan.learningRate(),
                done,
                from.state().steps(),
                books.get() == null ? null : books.get().books(),
                readings.get());
    }

    /** What a checkpoint belongs to. The number of epochs may grow where the learning rate does not depend on it. */
    private String description(Model model, Task task, TrainingPlan plan) {
        boolean whole = plan.schedule() instanceof Schedule.Cosine || plan.schedule() instanceof Schedule.Linear;
        return String.join(
                "\n",
                "network " + network + " with weights " + Long.toHexString(Checksums.of(model.weights()))
                        + " and graph " + Long.toHexString(Checksums.of(model.network())),
                "data " + data + " with checksum "
                        + Long.toHexString(task.data().checksum()),
                "loss " + loss,
                "optimizer " + optimizer.identity(),
                "learning rate " + plan.learningRate() + ", schedule " + schedule + (whole ? " over " + epochs : ""),
                "batch " + batch(),
                "seed " + options.seed(),
                "augmentation " + (augment == null ? "none" : augment),
                "patience " + patience,
                "metrics " + (metrics.isEmpty() ? "none" : String.join(" ", metrics)));
    }
}
