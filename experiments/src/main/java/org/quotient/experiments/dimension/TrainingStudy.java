package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.LocalIdentifiability;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.interop.data.DataSets;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Score;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;
import org.quotient.optimizers.zoo.Optimizers;

/** Batch functional dimension while a network learns (after Bona-Pellissier, Malgouyres and Bachoc 2024), with exact ranks. */
public final class TrainingStudy {
    private TrainingStudy() {}

    /**
     * What is run.
     *
     * @param samples of digits, 8 by 8 pixels, to learn, as many to test, and as many random points
     * @param hidden widths of the hidden layers
     * @param batch samples per step
     * @param rate the learning rate of SGD
     * @param epochs at which ranks are taken, increasing; 0 is the start
     * @param conditionPoints training samples for the conditions C_N and C_S
     * @param prefixes sizes of growing sets, to show the cap
     * @param floating points of the small network of the float comparison
     * @param seeds of weights and order
     */
    public record Settings(
            int samples,
            List<Integer> hidden,
            int batch,
            double rate,
            List<Integer> epochs,
            int conditionPoints,
            List<Integer> prefixes,
            int floating,
            List<Long> seeds) {
        /** Copies the lists. */
        public Settings {
            hidden = List.copyOf(hidden);
            epochs = List.copyOf(epochs);
            prefixes = List.copyOf(prefixes);
            seeds = List.copyOf(seeds);
        }

        /** The page's. */
        public static Settings full() {
            return new Settings(
                    600,
                    List.of(20, 20, 20),
                    60,
                    0.1,
                    List.of(0, 10, 40, 80, 160),
                    300,
                    List.of(20, 50, 100, 200, 300, 600),
                    100,
                    List.of(0L, 1L, 2L));
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(60, List.of(4, 4), 20, 0.1, List.of(0, 2), 20, List.of(5, 60), 40, List.of(0L));
        }

        /** The number of runs. */
        public long runs() {
            return seeds.size();
        }
    }

    /**
     * A rank on a set of points.
     *
     * @param set which points
     * @param rank exact, modulo a prime
     * @param upper what it cannot exceed
     * @param bound what the architecture allows
     * @param rejected points on a kink, left out
     */
    public record SetRank(String set, int rank, int upper, int bound, long rejected) {
        static SetRank of(String set, FunctionalRank rank) {
            return new SetRank(set, rank.rank(), rank.upper(), rank.bound(), rank.rejected());
        }
    }

    /**
     * A moment of a run.
     *
     * @param epoch 0 for the start
     * @param accuracy on the test part; NaN at the start
     * @param ranks on each set
     * @param conditions whether the first training samples determine the weights
     */
    public record Moment(int epoch, double accuracy, List<SetRank> ranks, LocalIdentifiability conditions) {}

    /** A run. */
    public record Trained(long seed, List<Moment> moments) {}

    /**
     * At the end of the first run, on training samples.
     *
     * @param logits the rank of the logits
     * @param softmax the rank of their softmax
     * @param prefixes ranks on the first samples, as many as the settings say
     */
    public record Caveats(SetRank logits, SetRank softmax, List<SetRank> prefixes) {}

    /**
     * Everything.
     *
     * @param parameters D
     * @param units H
     * @param outputs n_d, the rows that a point gives
     * @param constantInputs coordinates that no training sample changes
     * @param floats the float comparison
     */
    public record Results(
            Settings settings,
            int parameters,
            int units,
            int outputs,
            int constantInputs,
            List<Trained> runs,
            Caveats caveats,
            List<FloatCase> floats) {}

    /** Training samples. */
    static final String TRAIN = "training";

    /** Test samples. */
    static final String TEST = "test";

    /** Normal points. */
    static final String RANDOM = "random";

    /**
     * Runs all.
     *
     * @param step called after each run
     */
    public static Results run(Settings settings, Runnable step) {
        DataSplit data = DataSets.load("digits,size=8,n=" + 2 * settings.samples() + ",fraction=0.5", 0);
        int inputs = data.train().sampleShape().elements();
        int classes = data.train().classes();
        StringBuilder name = new StringBuilder("mlp:" + inputs);
        settings.hidden().forEach(w -> name.append('-').append(w));
        InitialisedNetwork drawn = BuiltIns.network(name + "-" + classes + ",init=torch,dtype=f32");
        Task task = Task.of(drawn.network(), data, false);
        Problem problem = Problem.of(drawn.network(), task.loss());
        List<Trained> runs = new ArrayList<>();
        Weights trained = drawn.model(0).weights();
        for (long seed : settings.seeds()) {
            TrainingPlan plan = TrainingPlan.of(settings.epochs().getLast(), settings.batch(), settings.rate(), seed);
            Trainer trainer = Trainer.of(problem, task, Optimizers.of("sgd"), plan);
            Watch watch = new Watch(settings, task, drawn.model(seed), trainer.stepsPerEpoch());
            Progress done = trainer.run(trainer.begin(drawn.model(seed).weights()), watch);
            runs.add(new Trained(seed, watch.finished()));
            trained = runs.size() == 1 ? done.state().model().weights() : trained;
            step.run();
        }
        return new Results(
                settings,
                (int) drawn.network().parameterCount(),
                settings.hidden().stream().mapToInt(Integer::intValue).sum(),
                classes,
                constant(task.data().train()),
                runs,
                caveats(settings, task, new Model(drawn.network(), trained)),
                FloatCase.all(settings.floating()));
    }

    private static int constant(Dataset part) {
        int size = part.sampleShape().elements();
        double[] first = new double[size];
        part.copySamples(new int[] {0}, first);
        boolean[] changes = new boolean[size];
        double[] x = new double[size];
        for (int n = 1; n < part.size(); n++) {
            part.copySamples(new int[] {n}, x);
            for (int i = 0; i < size; i++) {
                changes[i] |= x[i] != first[i];
            }
        }
        return (int) IntStream.range(0, size).filter(i -> !changes[i]).count();
    }

    private static Points samples(Network network, Dataset part, int count) {
        int[] first = IntStream.range(0, Math.min(count, part.size())).toArray();
        return Points.of(
                network, List.of(part.samples(first, network.inputs().getFirst().dtype())));
    }

    private static Caveats caveats(Settings settings, Task task, Model trained) {
        Network network = trained.network();
        Expr logits = network.outputs().getFirst();
        Model softmax = new Model(network.withOutputs(List.of(Ops.softmax(logits, 1))), trained.weights());
        FunctionalDimension plain = FunctionalDimension.of(trained);
        Dataset train = task.data().train();
        Points all = samples(network, train, settings.samples());
        return new Caveats(
                SetRank.of(TRAIN, plain.batch(all)),
                SetRank.of(TRAIN, FunctionalDimension.of(softmax).batch(all)),
                settings.prefixes().stream()
                        .map(n -> SetRank.of("first " + n, plain.batch(samples(network, train, n))))
                        .toList());
    }

    /** Takes ranks at the epochs asked for. */
    private static final class Watch implements Trainer.Listener {
        private final Settings settings;
        private final Task task;
        private final FunctionalDimension prepared;
        private final Network network;
        private final int stepsPerEpoch;
        private final List<Moment> moments = new ArrayList<>();
        private final List<Score> scores = new ArrayList<>();

        Watch(Settings settings, Task task, Model start, int stepsPerEpoch) {
            this.settings = settings;
            this.task = task;
            this.network = start.network();
            this.prepared = FunctionalDimension.of(start);
            this.stepsPerEpoch = stepsPerEpoch;
            take(0, start.weights());
        }

        private void take(int epoch, Weights weights) {
            FunctionalDimension now = prepared.moveTo(weights);
            int count = settings.samples();
            List<SetRank> ranks = Arrays.asList(
                    SetRank.of(TRAIN, now.batch(samples(network, task.data().train(), count))),
                    SetRank.of(TEST, now.batch(samples(network, task.data().test(), count))),
                    SetRank.of(RANDOM, now.batch(Chain.normal(network, count, 1, 0))));
            moments.add(new Moment(
                    epoch,
                    Double.NaN,
                    ranks,
                    LocalIdentifiability.of(now, samples(network, task.data().train(), settings.conditionPoints()))));
        }

        @Override
        public void step(long step, double loss, Run run) {
            if (step % stepsPerEpoch == 0 && settings.epochs().contains((int) (step / stepsPerEpoch))) {
                take((int) (step / stepsPerEpoch), run.weights());
            }
        }

        @Override
        public void epoch(Progress.Epoch epoch) {
            scores.add(epoch.held());
        }

        /** With the accuracies, which are known after the ranks. */
        List<Moment> finished() {
            return moments.stream()
                    .map(m -> new Moment(
                            m.epoch(),
                            m.epoch() == 0
                                    ? Double.NaN
                                    : scores.get(m.epoch() - 1).accuracy(),
                            m.ranks(),
                            m.conditions()))
                    .toList();
        }
    }
}
