package org.quotient.experiments.gsgdmlp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Trial;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.Tuning;
import org.quotient.optimizers.training.Schedule;

/**
 * G-SGD on a narrow network of five layers without biases (Meng et al., ICLR 2019, released code), against SGD, and against SGD from
 * G-SGD's own initialisation: is it the update or the start that helps?
 */
public final class GsgdStudy {
    private GsgdStudy() {}

    /**
     * What is run.
     *
     * @param data to learn
     * @param hidden the network's layers between input and output, such as {@code 64-64-64-64}
     * @param batch samples per step
     * @param epochs of every run
     * @param gamma factor of the learning rate per epoch
     * @param every a loss is recorded before every so many steps
     * @param methods with as many rates each
     * @param choosing seeds of the runs by which rates are chosen
     * @param seeds of the runs that are reported
     */
    public record Settings(
            Material data,
            String hidden,
            int batch,
            int epochs,
            double gamma,
            int every,
            List<Method> methods,
            List<Long> choosing,
            List<Long> seeds) {
        private static final String ONES = "g-sgd:skeleton=index,init=ones";

        /** Copies the lists and checks that budgets are equal. */
        public Settings {
            methods = Method.equalBudgets(methods);
            choosing = List.copyOf(choosing);
            seeds = List.copyOf(seeds);
        }

        /** The page's. */
        public static Settings full() {
            return new Settings(
                    new Material("mnist", 20_000, 5000, 10_000),
                    "64-64-64-64",
                    64,
                    10,
                    Math.exp(-0.01),
                    50,
                    methods(6),
                    List.of(100L, 101L, 102L),
                    LongStream.range(0, 5).boxed().toList());
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    Material.digits(200, 60, 100),
                    "12-12-12",
                    20,
                    4,
                    Math.exp(-0.01),
                    1,
                    methods(2),
                    List.of(100L),
                    List.of(0L, 1L));
        }

        /** The methods, each with so many rates around what a first look at the training loss found to train. */
        static List<Method> methods(int count) {
            return List.of(
                    Method.of("SGD", "sgd", Method.down(3, count)),
                    new Method("SGD, skeleton start", "sgd", ONES, Method.down(1, count)),
                    Method.of("G-SGD as published", ONES, Method.down(0.3, count)),
                    Method.of("G-SGD, index, kept start", "g-sgd:skeleton=index,init=keep", Method.down(1e-13, count)),
                    Method.of(
                            "G-SGD, score, kept start",
                            "g-sgd:skeleton=score,units=plain,init=keep",
                            Method.down(1e-8, count)));
        }

        /** Methods and seeds. */
        Tuning tuning() {
            return new Tuning(methods, choosing, seeds);
        }

        /** How many runs there are. */
        public long runs() {
            return tuning().runs();
        }

        /** The network for samples of so many numbers and so many classes. */
        String network(int inputs, int classes) {
            return "mlp:" + inputs + "-" + hidden + "-" + classes + ",init=torch,bias=false,dtype=f64";
        }
    }

    /**
     * Everything.
     *
     * @param network its name with all settings
     * @param parameters how many it has
     * @param hiddenUnits how many degrees of freedom basis paths have less
     * @param entries all runs
     */
    public record Results(Settings settings, String network, long parameters, int hiddenUnits, List<Entry> entries) {
        /** Copies the list. */
        public Results {
            entries = List.copyOf(entries);
        }

        /** What came out, method by method. */
        public Tuned tuned() {
            return settings.tuning().of(entries, "", "");
        }

        /** The reported runs of a method, in the order of seeds. */
        public List<Entry> runs(Method method) {
            return tuned().runs(method);
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
        DataSplit data = settings.data().load(directory);
        String spec = settings.network(
                data.train().sampleShape().elements(), data.train().classes());
        InitialisedNetwork drawn = BuiltIns.network(spec);
        Trial trial = Trial.of(
                drawn.network(),
                data,
                false,
                settings.epochs(),
                settings.batch(),
                new Schedule.Exponential(settings.gamma()),
                settings.every());
        settings.tuning()
                .run(
                        journal,
                        "",
                        "",
                        step,
                        (method, job) ->
                                trial.run(method, drawn.model(job.seed()).weights(), job));
        return new Results(
                settings,
                spec,
                drawn.network().parameterCount(),
                trial.problem().group().rank(),
                journal.entries());
    }
}
