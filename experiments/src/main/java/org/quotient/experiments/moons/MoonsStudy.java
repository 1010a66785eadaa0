package org.quotient.experiments.moons;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.geometry.RescalingGroup;

/**
 * Gradient descent on two moons from rescaled initialisations. Every method is trained with every rate of one grid, and with
 * rates of its own that make up for the change of tr K, the mean speed in the space of path products: a gain at one fixed rate
 * may be no more than a larger step.
 */
public final class MoonsStudy {
    private static final double NOISE = 0.1;
    private static final double TRAIN = 0.7;

    private MoonsStudy() {}

    /**
     * What is run.
     *
     * @param depths numbers k of hidden layers
     * @param width units of a hidden layer
     * @param points of both sets together
     * @param rates the grid of learning rates, increasing
     * @param smallRate one of them, where curves are compared
     * @param seeds each decides data, split and weights
     * @param epochs gradient steps
     * @param every after how many epochs the loss is noted
     */
    public record Settings(
            List<Integer> depths,
            int width,
            int points,
            List<Double> rates,
            double smallRate,
            List<Long> seeds,
            int epochs,
            int every) {

        /** Copies its lists. */
        public Settings {
            depths = List.copyOf(depths);
            rates = List.copyOf(rates);
            seeds = List.copyOf(seeds);
            if (!rates.contains(smallRate) || epochs % every != 0) {
                throw new IllegalArgumentException("The small rate must be of the grid, and " + every
                        + " must divide the number of epochs; given " + smallRate + ", " + rates + ", " + epochs);
            }
        }

        /** The published setting of the networks and the data; the grid and the number of seeds are ours. */
        public static Settings full() {
            return new Settings(
                    List.of(1, 4, 8),
                    64,
                    1000,
                    List.of(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
                    0.01,
                    LongStream.range(0, 5).boxed().toList(),
                    1000,
                    20);
        }

        /** Seconds. */
        public static Settings quick() {
            return new Settings(List.of(1, 3), 16, 200, List.of(0.01, 0.1, 1.0), 0.01, List.of(0L, 1L), 60, 10);
        }

        /** The number of training runs. */
        public long runs() {
            int methods = Method.values().length;
            return (long) depths.size() * seeds.size() * (methods * rates.size() + 2 * (methods - 1));
        }

        /** The network of a depth, as a built-in. */
        String network(int depth) {
            return "mlp:2-" + (width + "-").repeat(depth) + "2,init=torch,bias=true,dtype=f32";
        }
    }

    /** Where the rate of a run comes from. */
    public enum Rule {
        /** It is of the grid. */
        GRID,
        /** The baseline's best rate times tr K before the rescaling over tr K after, for each seed. */
        MATCHED_TO_BEST,
        /** The small rate times the same. */
        MATCHED_TO_SMALL
    }

    /** How a run ended. */
    public enum End {
        /** None of the others. */
        TRAINED,
        /** At least 99 % of log 2, the loss of always answering one half. */
        AT_CHANCE,
        /** The loss became infinite or NaN, or ended above where it began. */
        DIVERGED
    }

    /**
     * One run.
     *
     * @param initialLoss on the training set
     * @param finalLoss on the training set; infinite for a run that diverged
     * @param testAccuracy NaN for a run that diverged
     * @param curve training losses; see {@link Settings#every}
     */
    public record Run(
            int depth,
            Method method,
            long seed,
            Rule rule,
            double rate,
            End end,
            double initialLoss,
            double finalLoss,
            double trainAccuracy,
            double testAccuracy,
            List<Double> curve) {}

    /** What a method did to the drawn weights; see {@link Method.Start}. */
    public record Moved(
            int depth,
            Method method,
            long seed,
            double traceBefore,
            double traceAfter,
            double divergenceBefore,
            double divergenceAfter,
            double largestLogScale,
            int sweeps,
            int capped,
            double functionChange) {}

    /** Everything. */
    public record Results(Settings settings, List<Moved> moved, List<Run> runs) {
        /** Copies its lists. */
        public Results {
            moved = List.copyOf(moved);
            runs = List.copyOf(runs);
        }
    }

    /**
     * Runs all.
     *
     * @param step called after each training run
     */
    public static Results run(Settings settings, Runnable step) {
        List<Moved> moved = new ArrayList<>();
        List<Run> runs = new ArrayList<>();
        for (int depth : settings.depths()) {
            depth(settings, depth, step, moved, runs);
        }
        return new Results(settings, moved, runs);
    }

    private static void depth(Settings settings, int depth, Runnable step, List<Moved> moved, List<Run> runs) {
        InitialisedNetwork drawn = BuiltIns.network(settings.network(depth));
        RescalingGroup group = RescalingGroup.of(drawn.network());
        List<TwoMoons> data = new ArrayList<>();
        List<Map<Method, Method.Start>> starts = new ArrayList<>();
        for (long seed : settings.seeds()) {
            TwoMoons moons = TwoMoons.of(settings.points(), NOISE, TRAIN, seed);
            data.add(moons);
            Map<Method, Method.Start> of = new EnumMap<>(Method.class);
            for (Method method : Method.values()) {
                Method.Start s = method.start(group, drawn.model(seed), moons.trainX());
                of.put(method, s);
                moved.add(new Moved(
                        depth,
                        method,
                        seed,
                        s.traceBefore(),
                        s.traceAfter(),
                        s.divergenceBefore(),
                        s.divergenceAfter(),
                        s.largestLogScale(),
                        s.sweeps(),
                        s.capped(),
                        s.functionChange()));
            }
            starts.add(of);
        }
        try (Trainer trainer = new Trainer(drawn.network())) {
            Training training = new Training(settings, depth, trainer, step, runs);
            for (Method method : Method.values()) {
                for (double rate : settings.rates()) {
                    for (int i = 0; i < data.size(); i++) {
                        training.add(
                                i, Objects.requireNonNull(starts.get(i).get(method)), data.get(i), Rule.GRID, rate);
                    }
                }
            }
            double best = new Summary(runs).best(depth, Method.BASELINE);
            for (Method method : Method.values()) {
                if (method != Method.BASELINE) {
                    for (int i = 0; i < data.size(); i++) {
                        Method.Start start =
                                Objects.requireNonNull(starts.get(i).get(method));
                        double ratio = start.traceBefore() / start.traceAfter();
                        training.add(i, start, data.get(i), Rule.MATCHED_TO_BEST, best * ratio);
                        training.add(i, start, data.get(i), Rule.MATCHED_TO_SMALL, settings.smallRate() * ratio);
                    }
                }
            }
        }
    }

    /** Where runs of one depth go. */
    private record Training(Settings settings, int depth, Trainer trainer, Runnable step, List<Run> runs) {

        void add(int index, Method.Start start, TwoMoons data, Rule rule, double rate) {
            Trainer.Outcome got =
                    trainer.train(start.model().weights(), data, rate, settings.epochs(), settings.every());
            double first = got.curve().isEmpty() ? Double.NaN : got.curve().getFirst();
            double last = got.curve().isEmpty() ? Double.NaN : got.curve().getLast();
            boolean diverged = !got.finite() || last > first;
            End end = diverged ? End.DIVERGED : last >= 0.99 * Math.log(2) ? End.AT_CHANCE : End.TRAINED;
            runs.add(new Run(
                    depth,
                    start.method(),
                    settings.seeds().get(index),
                    rule,
                    rate,
                    end,
                    first,
                    diverged ? Double.POSITIVE_INFINITY : last,
                    diverged ? Double.NaN : got.trainAccuracy(),
                    diverged ? Double.NaN : got.testAccuracy(),
                    got.curve()));
            step.run();
        }
    }
}
