package org.quotient.experiments.study;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.DivergedException;
import org.quotient.optimizers.training.Evaluation;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Schedule;
import org.quotient.optimizers.training.Score;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;

/**
 * What the runs to be compared have in common; each takes one thread.
 *
 * @param problem network and loss
 * @param task the data, with a validation part
 * @param epochs at most
 * @param batch samples per step
 * @param schedule of the learning rate
 * @param patience epochs without a better validation loss after which to stop; 0 for never
 * @param every a loss is recorded before every so many steps
 */
public record Trial(Problem problem, Task task, int epochs, int batch, Schedule schedule, int patience, int every) {
    /** A run whose last epoch has more than so many times the first loss has failed. */
    private static final double GROWN = 2;

    /** Of a test part that was not looked at. */
    private static final Score UNKNOWN = new Score(Double.NaN, Double.NaN, Double.NaN);

    /** Checks that there is a validation part. */
    public Trial {
        if (task.data().validation().isEmpty()) {
            throw new IllegalArgumentException("'" + task.data().name()
                    + "' has no validation part, and learning rates are not chosen by the test part");
        }
    }

    /**
     * Runs on a network that are not stopped early.
     *
     * @param squared whether numbers are learned by half the squared error
     */
    public static Trial of(
            Network network, DataSplit data, boolean squared, int epochs, int batch, Schedule schedule, int every) {
        Task task = Task.of(network, data, squared);
        return new Trial(Problem.of(network, task.loss()), task, epochs, batch, schedule, 0, every);
    }

    /**
     * Trains.
     *
     * @param method whose update and start
     * @param weights to begin with
     * @param job its rate, seed and phase count
     */
    public Outcome run(Method method, Weights weights, Job job) {
        TrainingPlan plan =
                new TrainingPlan(epochs, batch, job.rate(), schedule, job.seed(), Optional.empty(), patience, 1);
        Trainer trainer = Trainer.of(problem, task, method.update(), plan);
        Notes kept = new Notes(every);
        try {
            Progress end = trainer.run(trainer.begin(method.start(problem, weights)), kept);
            if (kept.failed()) {
                return kept.outcome(true, UNKNOWN);
            }
            if (job.phase() == Job.Phase.CHOOSE) {
                return kept.outcome(false, UNKNOWN);
            }
            try (Evaluation evaluation = Evaluation.of(problem.network(), task, 1)) {
                Score score = evaluation.score(
                        end.state().model().weights(), task.data().test());
                return kept.outcome(false, score);
            }
        } catch (DivergedException e) {
            kept.steps = e.step();
            return kept.outcome(true, UNKNOWN);
        }
    }

    /** Writes down what a run shows. */
    private static final class Notes implements Trainer.Listener {
        private final int every;
        private final List<Double> losses = new ArrayList<>();
        private final List<Outcome.Epoch> epochs = new ArrayList<>();
        private final CRC32 bits = new CRC32();
        private long steps;

        Notes(int every) {
            this.every = every;
        }

        @Override
        public void step(long step, double loss, Run run) {
            steps = step;
            count(loss);
            if ((step - 1) % every == 0) {
                losses.add(loss);
            }
        }

        @Override
        public void epoch(Progress.Epoch epoch) {
            Score held = epoch.held();
            count(held.loss());
            count(held.accuracy());
            epochs.add(new Outcome.Epoch(epoch.trainLoss(), held.loss(), held.accuracy()));
        }

        private void count(double number) {
            bits.update(ByteBuffer.allocate(Double.BYTES).putDouble(number).flip());
        }

        /** Training never throws for losses that are huge but finite, or for a network that only fails on other samples. */
        boolean failed() {
            return epochs.stream().anyMatch(e -> !Double.isFinite(e.validationLoss()))
                    || epochs.getLast().trainLoss() > GROWN * losses.getFirst();
        }

        Outcome outcome(boolean diverged, Score test) {
            return new Outcome(
                    steps,
                    diverged,
                    losses,
                    epochs,
                    test.loss(),
                    test.accuracy(),
                    Long.toHexString(bits.getValue()),
                    Double.isNaN(test.meanIou()) ? null : test.meanIou());
        }
    }
}
