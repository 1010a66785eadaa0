package org.quotient.experiments.size;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.experiments.study.Kept;
import org.quotient.experiments.study.Material;
import org.quotient.geometry.functional.Attribution;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;
import org.quotient.optimizers.zoo.Optimizers;

/** The functional dimension on networks of growing size, drawn and trained, with singular values beside it. */
public final class SizeStudy {
    private static final double NANOSECONDS = 1e9;
    private static final int IMAGES_AT_ONCE = 1_000;

    private SizeStudy() {}

    /**
     * What is run.
     *
     * @param drawn built-ins at drawn weights
     * @param counted how many of these have their singular values counted too
     * @param data of the trained network
     * @param images how many training images are the points
     * @param hidden the widths of its hidden layers
     * @param epochs of training
     */
    public record Settings(List<String> drawn, int counted, Material data, int images, String hidden, int epochs) {
        /** Copies the list. */
        public Settings {
            drawn = List.copyOf(drawn);
        }

        /** All networks of the page, on MNIST. */
        public static Settings onImages() {
            return new Settings(networks(), 3, new Material("mnist", 59_000, 1_000, 10_000), 60_000, "30-30-30", 20);
        }

        /** The same without data files. */
        public static Settings onDigits() {
            return new Settings(networks(), 3, Material.digits(2_500, 500, 500), 3_000, "30-30-30", 20);
        }

        private static List<String> networks() {
            return List.of("mlp:20-20-10-10", "mlp:30-20-20-10", "mlp:30-30-30-10", "mlp:100-60-60-10");
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(List.of("mlp:6-6-6-4", "mlp:10-8-8-4"), 2, Material.digits(300, 60, 60), 360, "6-6", 2);
        }

        /** The number of cases. */
        public long runs() {
            return drawn.size() + counted + 4L;
        }
    }

    /**
     * A case.
     *
     * @param network what was looked at
     * @param points which points
     * @param singular whether singular values were counted
     */
    public record Case(String network, String points, boolean singular, Finding finding) {}

    /**
     * Everything.
     *
     * @param cases in the order of the page
     * @param memory the heap of Java, in bytes
     * @param peak the largest resident size of the process up to now in bytes; 0 if the system does not tell
     */
    public record Results(Settings settings, List<Case> cases, long memory, long peak) {
        /** Copies the list. */
        public Results {
            cases = List.copyOf(cases);
        }
    }

    /** What is in a line of the file of findings. */
    static final Kept.Names<String, Finding> LINES = new Kept.Names<>("name", String.class, "finding", Finding.class);

    /**
     * Opens a file of findings.
     *
     * @param file need not exist
     * @param settings of the study
     * @throws IOException if the file is of other settings or another kind, or cannot be read or written
     */
    public static Kept<String, Finding> findings(Path file, Object settings) throws IOException {
        return Kept.open(file, settings, LINES);
    }

    /**
     * Looks at all that has not been looked at.
     *
     * @param directory of data sets, if the settings need it
     * @param findings of these settings
     * @param step called after each case
     * @throws IOException if data are missing
     */
    public static Results run(
            Settings settings, Optional<Path> directory, Kept<String, Finding> findings, Runnable step)
            throws IOException {
        Map<String, Supplier<Case>> todo = new LinkedHashMap<>();
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < settings.drawn().size(); i++) {
            String name = settings.drawn().get(i);
            boolean counted = i < settings.counted();
            todo.put(name, () -> exact(findings, name, "drawn", () -> BuiltIns.model(name, 0), Optional.empty()));
            if (counted) {
                todo.put(name + " counted", () -> counted(findings, name));
            }
        }
        Trained prepared = prepared(settings, directory);
        Model model = prepared.model();
        Model soft = softmax(model);
        Tensor images = prepared.images();
        String name = prepared.name();
        String trained = name + ", trained";
        todo.put("images", () -> exact(findings, trained, "images", () -> model, Optional.of(images)));
        todo.put(
                "images, softmax",
                () -> exact(findings, trained + ", softmax", "images", () -> soft, Optional.of(images)));
        todo.put("normal", () -> exact(findings, trained, "Gaussian", () -> model, Optional.empty()));
        todo.put(
                "normal, softmax",
                () -> exact(findings, trained + ", softmax", "Gaussian", () -> soft, Optional.empty()));
        for (Supplier<Case> one : todo.values()) {
            cases.add(one.get());
            step.run();
        }
        return new Results(settings, cases, Runtime.getRuntime().maxMemory(), Memory.peak());
    }

    /** A trained network and the images that it is looked at on. */
    private record Trained(String name, Model model, Tensor images) {}

    /** Apart, so that the data can be forgotten before memory is needed for more. */
    private static Trained prepared(Settings settings, Optional<Path> directory) throws IOException {
        DataSplit data = settings.data().load(directory);
        int inputs = data.train().sampleShape().elements();
        String name =
                "mlp:" + inputs + "-" + settings.hidden() + "-" + data.train().classes();
        return new Trained(name, trained(settings, data, name), images(data, settings.images(), inputs));
    }

    /** Training as in Bona-Pellissier, Malgouyres and Bachoc: SGD at 0.1 with batches of 256. */
    private static Model trained(Settings settings, DataSplit data, String name) {
        Model drawn = BuiltIns.model(name + ",dtype=f32", 0);
        DataSplit flat = data.reshaped(
                org.quotient.autodiff.Shape.of(data.train().sampleShape().elements()));
        Task task = Task.of(drawn.network(), flat, false);
        Trainer trainer = Trainer.of(
                Problem.of(drawn.network(), task.loss()),
                task,
                Optimizers.of("sgd"),
                TrainingPlan.of(settings.epochs(), 256, 0.1, 0));
        Progress end = trainer.run(trainer.begin(drawn.weights()), new Trainer.Listener() {});
        return end.state().model();
    }

    private static Model softmax(Model model) {
        Network network = model.network();
        Expr logits = network.outputs().get(0);
        return new Model(network.withOutputs(List.of(Ops.softmax(logits, 1))), model.weights());
    }

    /** The first training images as the network sees them, and the validation part behind them. */
    private static Tensor images(DataSplit data, int count, int inputs) {
        double[] all = new double[Math.min(count, total(data)) * inputs];
        int at = 0;
        for (Dataset part : parts(data)) {
            for (int from = 0; from < part.size() && at < all.length; from += IMAGES_AT_ONCE) {
                int to = Math.min(part.size(), from + IMAGES_AT_ONCE);
                double[] some = part.samples(IntStream.range(from, to).toArray(), org.quotient.autodiff.DType.F32)
                        .data();
                int length = Math.min(some.length, all.length - at);
                System.arraycopy(some, 0, all, at, length);
                at += length;
            }
        }
        return Tensor.of(org.quotient.autodiff.Shape.of(all.length / inputs, inputs), all);
    }

    private static List<Dataset> parts(DataSplit data) {
        return List.of(data.train(), data.validation().orElse(data.test()));
    }

    private static int total(DataSplit data) {
        return parts(data).stream().mapToInt(Dataset::size).sum();
    }

    private static Case exact(
            Kept<String, Finding> findings,
            String network,
            String points,
            Supplier<Model> model,
            Optional<Tensor> given) {
        Finding finding = findings.of(network + " on " + points, () -> {
            long before = cpu();
            Model at = model.get();
            FunctionalDimension dimension = FunctionalDimension.of(at);
            Attribution found = given.isPresent()
                    ? dimension.explain(Points.of(at.network(), List.of(given.get())))
                    : dimension.explain(Sampling.seeded(1));
            FunctionalRank rank = found.rank();
            return new Finding(
                    (int) rank.parameters(),
                    rank.bound(),
                    rank.lower(),
                    rank.upper(),
                    rank.proved(),
                    rank.error(),
                    rank.points(),
                    found.lost().stream()
                            .map(l -> l.dimensions() + " " + l.cause() + " " + l.where())
                            .toList(),
                    found.unexplained(),
                    0,
                    (cpu() - before) / NANOSECONDS,
                    rank.remark());
        });
        return new Case(network, points, false, finding);
    }

    private static Case counted(Kept<String, Finding> findings, String network) {
        Finding finding = findings.of(network + " by singular values", () -> {
            long before = cpu();
            FunctionalDimension dimension = FunctionalDimension.of(BuiltIns.model(network, 0));
            // As many points as the bound needs, and half as many again.
            int points = 3 * dimension.pointsNeeded() / 2;
            FloatingRank rank = dimension.floating(Sampling.seeded(1).withMost(points));
            return new Finding(
                    rank.live(),
                    rank.bound(),
                    rank.rank(),
                    rank.bound(),
                    false,
                    0,
                    points,
                    List.of(),
                    0,
                    Double.isInfinite(rank.gap()) ? -1 : rank.gap(),
                    (cpu() - before) / NANOSECONDS,
                    rank.flagged() ? "the gap is small" : "");
        });
        return new Case(network, "drawn", true, finding);
    }

    /** Nanoseconds that all threads have worked. */
    private static long cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : System.nanoTime();
    }
}
