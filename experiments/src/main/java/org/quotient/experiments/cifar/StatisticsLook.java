package org.quotient.experiments.cifar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.study.Contest;
import org.quotient.experiments.study.Method;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Evaluation;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Schedule;
import org.quotient.optimizers.training.Score;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * One run of a contest made again, to see after each epoch whether the running statistics of its normalisations are those of the
 * weights: the validation error with them, beside that with statistics taken anew from the training part.
 *
 * @param part of the study
 * @param method that trains
 * @param rate the one chosen
 * @param seed of the run
 * @param epochs what was seen after each
 */
record StatisticsLook(String part, String method, double rate, long seed, List<Epoch> epochs) {
    /** Passes over the training part after which what statistics were before is forgotten: 0.9 to the number of batches. */
    private static final int PASSES = 2;

    /** Copies the list. */
    StatisticsLook {
        epochs = List.copyOf(epochs);
    }

    /**
     * After an epoch.
     *
     * @param trainLoss the mean over the epoch
     * @param running validation error, from 0 to 1, with the running statistics
     * @param anew the same with statistics taken anew
     * @param guarded steps of the epoch in which the update's guard held
     * @param inARow the most of them in a row
     */
    record Epoch(double trainLoss, double running, double anew, int guarded, int inARow) {}

    /**
     * Makes a run again.
     *
     * @param contest that it belongs to
     * @param drawn the network
     * @param data with a validation part
     */
    static StatisticsLook at(
            Contest contest, InitialisedNetwork drawn, DataSplit data, Method method, double rate, long seed) {
        Task task = Task.of(drawn.network(), data, false);
        Problem problem = Problem.of(drawn.network(), task.loss());
        TrainingPlan plan =
                TrainingPlan.of(contest.epochs(), contest.batch(), rate, seed).with(Schedule.parse(contest.schedule()));
        Trainer trainer = Trainer.of(problem, task, method.update(), plan);
        // Steps of length zero move nothing but the running statistics.
        Trainer still =
                Trainer.of(problem, task, Optimizers.of("sgd"), TrainingPlan.of(PASSES, contest.batch(), 0, seed));
        Weights begin = method.start(problem, drawn.model(seed).weights());
        Dataset held = task.data().validation().orElseThrow();
        try (Evaluation evaluation = Evaluation.of(drawn.network(), task, 1)) {
            Watch watch = new Watch(weights -> {
                Weights forgotten = withBuffers(drawn.network(), weights, begin);
                Progress passed = still.run(still.begin(forgotten), Trainer.Listener.silent());
                return evaluation.score(passed.state().model().weights(), held);
            });
            trainer.run(trainer.begin(begin), watch);
            return new StatisticsLook(contest.name(), method.name(), rate, seed, watch.epochs);
        }
    }

    private static Weights withBuffers(Network network, Weights weights, Weights begin) {
        Map<String, Tensor> all = new LinkedHashMap<>(weights.asMap());
        for (Expr buffer : network.buffers()) {
            all.put(Network.nameOf(buffer), begin.get(buffer));
        }
        return Weights.of(all);
    }

    /** The most by which the error with running statistics exceeded the other, in any epoch. */
    double most() {
        return epochs.stream().mapToDouble(e -> e.running() - e.anew()).max().orElse(0);
    }

    private interface Anew {
        Score of(Weights weights);
    }

    private static final class Watch implements Trainer.Listener {
        private final Anew anew;
        private final List<Epoch> epochs = new ArrayList<>();
        private @Nullable Run last;
        private int guarded;
        private int row;
        private int inARow;

        Watch(Anew anew) {
            this.anew = anew;
        }

        @Override
        public void step(long step, double loss, Run run) {
            last = run;
            boolean held = run.reports().getOrDefault("guarded", 0.0) > 0;
            guarded += held ? 1 : 0;
            row = held ? row + 1 : 0;
            inARow = Math.max(inARow, row);
        }

        @Override
        public void epoch(Progress.Epoch epoch) {
            if (last != null) {
                Score fresh = anew.of(last.weights());
                epochs.add(new Epoch(
                        epoch.trainLoss(), 1 - epoch.held().accuracy(), 1 - fresh.accuracy(), guarded, inARow));
            }
            guarded = 0;
            inARow = 0;
        }
    }
}
