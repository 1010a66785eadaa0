package org.quotient.experiments.smun;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Job.Phase;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Trial;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.Tuning;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Schedule;
import org.quotient.optimizers.training.Task;

/**
 * SGD, SM and UN on networks of two and four hidden layers, with and without batch normalisation (after Badrinarayanan, Mishra and
 * Cipolla 2015).
 */
public final class SmUnStudy {
    private SmUnStudy() {}

    /**
     * What is run.
     *
     * @param choosingData on which rates are chosen
     * @param data on which reported runs learn
     * @param width of every hidden layer
     * @param depths numbers of hidden layers
     * @param batch samples per step
     * @param choosingEpochs of the runs by which rates are chosen
     * @param epochs of reported runs, at most
     * @param gamma factor of the learning rate per epoch
     * @param patience epochs without a better validation loss after which a reported run stops
     * @param methods with as many rates each
     * @param choosing seeds of the runs by which rates are chosen
     * @param seeds of the runs that are reported
     */
    public record Settings(
            Material choosingData,
            Material data,
            int width,
            List<Integer> depths,
            int batch,
            int choosingEpochs,
            int epochs,
            double gamma,
            int patience,
            List<Method> methods,
            List<Long> choosing,
            List<Long> seeds) {
        /** Copies the lists and checks that budgets are equal. */
        public Settings {
            depths = List.copyOf(depths);
            methods = Method.equalBudgets(methods);
            choosing = List.copyOf(choosing);
            seeds = List.copyOf(seeds);
        }

        /** The page's. */
        public static Settings full() {
            return new Settings(
                    new Material("mnist", 1000, 500, 10_000),
                    new Material("mnist", 10_000, 2500, 10_000),
                    128,
                    List.of(2, 4),
                    100,
                    30,
                    12,
                    0.95,
                    4,
                    methods(9),
                    List.of(100L),
                    LongStream.range(0, 5).boxed().toList());
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    Material.digits(100, 50, 50),
                    Material.digits(200, 60, 100),
                    12,
                    List.of(2),
                    20,
                    3,
                    4,
                    0.95,
                    2,
                    methods(2),
                    List.of(100L),
                    List.of(0L, 1L));
        }

        /** SGD, SM and UN with the same rates, √10 apart, from 10^0 downwards. */
        static List<Method> methods(int count) {
            List<Double> rates = Method.down(1, count);
            return List.of(
                    Method.of("SGD", "sgd", rates), Method.of("SM", "sm:mu=0", rates), Method.of("UN", "un", rates));
        }

        /** Methods and seeds. */
        Tuning tuning() {
            return new Tuning(methods, choosing, seeds);
        }

        /** How many runs there are. */
        public long runs() {
            return 2L * depths.size() * tuning().runs();
        }

        /** The network of a part. */
        String network(Part part, int inputs, int classes) {
            return "mlp:" + inputs + ("-" + width).repeat(part.depth()) + "-" + classes + ",init=he,bias=true,bn="
                    + part.normalised() + ",dtype=f32";
        }

        /** The parts in order. */
        public List<Part> parts() {
            List<Part> all = new ArrayList<>();
            for (boolean normalised : List.of(false, true)) {
                depths.forEach(depth -> all.add(new Part(depth, normalised)));
            }
            return all;
        }
    }

    /**
     * A network.
     *
     * @param depth the number of its hidden layers
     * @param normalised whether there is batch normalisation before every activation
     */
    public record Part(int depth, boolean normalised) {
        /** As pages and jobs say it. */
        public String text() {
            return depth + " hidden layers" + (normalised ? ", batch normalisation" : "");
        }
    }

    /** Everything. */
    public record Results(Settings settings, List<Entry> entries) {
        /** Copies the list. */
        public Results {
            entries = List.copyOf(entries);
        }

        /** What came out for a part, method by method. */
        public Tuned tuned(Part part) {
            return settings.tuning().of(entries, part.text(), "");
        }

        /** The reported runs of a method, in the order of seeds. */
        public List<Entry> runs(Part part, Method method) {
            return tuned(part).runs(method);
        }
    }

    /**
     * Runs all that is not in the journal.
     *
     * @param directory of data sets, if the settings need it
     * @param journal of these settings
     * @param step called after each run
     * @throws IOException if data are missing
     */
    public static Results run(Settings settings, Optional<Path> directory, Journal journal, Runnable step)
            throws IOException {
        DataSplit small = settings.choosingData().load(directory);
        DataSplit data = settings.data().load(directory);
        int inputs = data.train().sampleShape().elements();
        for (Part part : settings.parts()) {
            InitialisedNetwork drawn =
                    BuiltIns.network(settings.network(part, inputs, data.train().classes()));
            Task choosing = Task.of(drawn.network(), small, false);
            Problem problem = Problem.of(drawn.network(), choosing.loss());
            Schedule schedule = new Schedule.Exponential(settings.gamma());
            Trial first = new Trial(problem, choosing, settings.choosingEpochs(), settings.batch(), schedule, 0, 10);
            Trial last = new Trial(
                    problem,
                    Task.of(drawn.network(), data, false),
                    settings.epochs(),
                    settings.batch(),
                    schedule,
                    settings.patience(),
                    50);
            settings.tuning()
                    .run(
                            journal,
                            part.text(),
                            "",
                            step,
                            (method, job) -> (job.phase() == Phase.CHOOSE ? first : last)
                                    .run(
                                            method,
                                            unitRows(
                                                    drawn.network(),
                                                    drawn.model(job.seed()).weights()),
                                            job));
        }
        return new Results(settings, journal.entries());
    }

    /** As in the derived code: every row of every weight matrix, that of the last layer too, has norm 1; another function. */
    static Weights unitRows(Network network, Weights weights) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.asMap());
        for (Expr parameter : network.parameters()) {
            if (parameter.shape().rank() == 2) {
                Tensor w = weights.get(parameter);
                int columns = w.shape().size(1);
                double[] data = w.data().clone();
                for (int row = 0; row < data.length; row += columns) {
                    double squares = 0;
                    for (int j = row; j < row + columns; j++) {
                        squares += data[j] * data[j];
                    }
                    for (int j = row; j < row + columns; j++) {
                        data[j] /= Math.sqrt(squares);
                    }
                }
                all.put(Network.nameOf(parameter), Tensor.of(w.shape(), w.dtype(), data));
            }
        }
        return Weights.of(all);
    }
}
