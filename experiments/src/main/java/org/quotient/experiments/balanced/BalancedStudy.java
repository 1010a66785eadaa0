package org.quotient.experiments.balanced;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.balanced.Start.Unbalance;
import org.quotient.experiments.study.Choice;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Job;
import org.quotient.experiments.study.Job.Phase;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Material;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Trial;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.Tuning;
import org.quotient.optimizers.training.Schedule;

/**
 * Balanced against unbalanced initialisation (after Neyshabur, Salakhutdinov and Srebro 2015, section 5): one function, drawn at
 * random, trained from three representatives. An update that is invariant under rescaling cannot tell them apart.
 */
public final class BalancedStudy {
    private BalancedStudy() {}

    /**
     * What is run.
     *
     * @param data to learn
     * @param hidden the network's layers between input and output, such as {@code 256-256}
     * @param dtype f64 or f32
     * @param batch samples per step
     * @param epochs of every run
     * @param every a loss is recorded before every so many steps
     * @param unbalance of the second and third start
     * @param methods with as many rates each
     * @param choosing seeds of the runs by which rates are chosen
     * @param seeds of the runs that are reported
     */
    public record Settings(
            Material data,
            String hidden,
            String dtype,
            int batch,
            int epochs,
            int every,
            Unbalance unbalance,
            List<Method> methods,
            List<Long> choosing,
            List<Long> seeds) {
        /** Copies the lists and checks that budgets are equal. */
        public Settings {
            methods = Method.equalBudgets(methods);
            choosing = List.copyOf(choosing);
            seeds = List.copyOf(seeds);
        }

        /** The page's. */
        public static Settings full() {
            return new Settings(
                    new Material("mnist", 4000, 1000, 10_000),
                    "256-256",
                    "f64",
                    100,
                    6,
                    4,
                    new Unbalance(0.25, 10, 1),
                    methods(2, 3),
                    List.of(100L, 101L, 102L),
                    List.of(0L, 1L, 2L));
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(
                    Material.digits(200, 60, 100),
                    "12-12",
                    "f64",
                    20,
                    4,
                    1,
                    new Unbalance(0.25, 10, 1),
                    methods(0, 1),
                    List.of(100L),
                    List.of(0L, 1L));
        }

        /** The methods, each with its usual rate and so many below and above; momentum, which makes steps larger, with one less above. */
        static List<Method> methods(int below, int above) {
            return List.of(
                    Method.of("SGD", "sgd", around(0.1, below, above)),
                    Method.of("momentum", "momentum", around(0.02, below + 1, above - 1)),
                    Method.of("Adam", "adam", around(0.001, below, above)),
                    Method.of("SM", "sm:mu=0", around(0.05, below, above)),
                    Method.of("SM, deep form", "sm:deep,mu=0", around(0.05, below, above)),
                    Method.of("Path-SGD", "path-sgd", around(0.003, below, above)),
                    Method.of("UN", "un", around(0.03, below, above)),
                    Method.of("G-SGD", "g-sgd:units=plain", around(1e-8, below, above)),
                    Method.of("ENorm-SGD", "enorm-sgd", around(0.03, below, above)),
                    Method.of("frame-Adam", "frame-adam", around(0.001, below, above)));
        }

        /** Rates √10 apart. */
        private static List<Double> around(double middle, int below, int above) {
            double step = Math.sqrt(10);
            return Method.rates(middle * Math.pow(step, -below), step, below + above + 1);
        }

        /** Methods and seeds. */
        Tuning tuning() {
            return new Tuning(methods, choosing, seeds);
        }

        /** How many runs there are at most; fewer where two starts choose one rate. */
        public long runs() {
            long rates = methods.getFirst().rates().size();
            return methods.size() * (2 * rates * choosing.size() + 4L * seeds.size());
        }

        /** The network for samples of so many numbers and so many classes. */
        String network(int inputs, int classes) {
            return "mlp:" + inputs + "-" + hidden + "-" + classes + ",init=torch,bias=true,dtype=" + dtype;
        }
    }

    /**
     * Everything.
     *
     * @param network its name with all settings
     * @param parameters how many it has
     * @param entries all runs
     */
    public record Results(Settings settings, String network, long parameters, List<Entry> entries) {
        /** Copies the list. */
        public Results {
            entries = List.copyOf(entries);
        }

        /** The rate that a method gets for a start. */
        public Choice choice(Method method, Start start) {
            return tuned(start).choice(method);
        }

        /** The reported runs of a method from a start at a rate, in the order of seeds. */
        public List<Entry> runs(Method method, Start start, double rate) {
            return tuned(start).runs(method, rate);
        }

        private Tuned tuned(Start start) {
            return settings.tuning().of(entries, "", start.text());
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
                drawn.network(), data, false, settings.epochs(), settings.batch(), Schedule.CONSTANT, settings.every());
        for (Method method : settings.methods()) {
            for (Start start : List.of(Start.BALANCED, Start.UNBALANCED)) {
                for (long seed : settings.choosing()) {
                    for (double rate : method.rates()) {
                        one(settings, drawn, trial, journal, method, start, Phase.CHOOSE, rate, seed);
                        step.run();
                    }
                }
            }
            double chosen = Choice.of(journal.entries(), method, "", Start.BALANCED.text())
                    .rate();
            double other = Choice.of(journal.entries(), method, "", Start.UNBALANCED.text())
                    .rate();
            for (long seed : settings.seeds()) {
                for (Start start : Start.values()) {
                    one(settings, drawn, trial, journal, method, start, Phase.FINAL, chosen, seed);
                    step.run();
                }
                one(settings, drawn, trial, journal, method, Start.UNBALANCED, Phase.FINAL, other, seed);
                step.run();
            }
        }
        return new Results(settings, spec, drawn.network().parameterCount(), journal.entries());
    }

    private static void one(
            Settings settings,
            InitialisedNetwork drawn,
            Trial trial,
            Journal journal,
            Method method,
            Start start,
            Phase phase,
            double rate,
            long seed) {
        Job job = new Job("", phase, start.text(), method.name(), rate, seed);
        journal.of(job, () -> {
            Weights weights =
                    start.of(trial.problem().group(), drawn.model(seed).weights(), settings.unbalance(), seed);
            return trial.run(method, weights, job);
        });
    }
}
