package org.quotient.optimizers.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.data.Batches;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;

/**
 * Trains a network on a data set. Everything random is a function of the plan's seed and the number of the step, so a run that
 * goes on from a {@link Progress} reaches the same bits as one that never stopped.
 */
public final class Trainer {
    private final Task task;
    private final Training training;
    private final TrainingPlan plan;
    private final Batches batches;

    private Trainer(Problem problem, Task task, Update update, TrainingPlan plan) {
        this.task = task;
        this.plan = plan;
        this.training = Training.of(problem, update).withThreads(plan.threads());
        this.batches = Batches.of(plan.seed(), task.data().train().size(), plan.batchSize());
    }

    /** A trainer. */
    public static Trainer of(Network network, Task task, Update update, TrainingPlan plan) {
        return new Trainer(Problem.of(network, task.loss()), task, update, plan);
    }

    /** A trainer for a problem that is known already, with the task's loss. */
    public static Trainer of(Problem problem, Task task, Update update, TrainingPlan plan) {
        return new Trainer(problem, task, update, plan);
    }

    /** What is told while training goes on. */
    public interface Listener {
        /** After each step: its number, from 1, and the loss before it on its batch. */
        default void step(long step, double loss, Run run) {}

        /** Whether the differential of each step is wanted, see {@link Run#differential}. */
        default boolean observes() {
            return false;
        }

        /** After each epoch, with all that is known so far. */
        default void epoch(Progress.Epoch epoch) {}

        /**
         * Whether the progress is wanted after this step, to be stored; it costs a copy of the weights. Asked once a step, at the
         * end of an epoch too.
         */
        default boolean wantsProgress(long step) {
            return false;
        }

        /** The progress that was asked for. */
        default void progress(Progress progress) {}

        /** Tells nobody. */
        static Listener silent() {
            return new Listener() {};
        }
    }

    /** Before the first step. */
    public Progress begin(Weights weights) {
        return Progress.begin(training.start(weights));
    }

    /** How many steps an epoch has. */
    public int stepsPerEpoch() {
        return batches.stepsPerEpoch();
    }

    /** How many steps the plan has, if it is not stopped early. */
    public long steps() {
        return (long) plan.epochs() * batches.stepsPerEpoch();
    }

    /** The learning rate of a step, from 0. */
    public double learningRate(long step) {
        return plan.learningRate() * plan.schedule().factor(step, batches.stepsPerEpoch(), steps());
    }

    /**
     * Trains to the end of the plan.
     *
     * @param from {@link #begin}, or where a run of the same plan had come
     * @throws DivergedException if a loss is not finite: of a step on its batch, or after an epoch on what is held out
     */
    public Progress run(Progress from, Listener listener) {
        Dataset train = task.data().train();
        Dataset held = task.data().validation().orElse(task.data().test());
        DType dtype = training.problem().dtype();
        List<Progress.Epoch> epochs = new ArrayList<>(from.epochs());
        double lossSum = from.lossSum();
        long samples = from.samples();
        double best = from.best();
        int sinceBest = from.sinceBest();
        long step = from.state().steps();
        if (stopped(sinceBest) || step >= steps()) {
            return from;
        }
        try (Run run = listener.observes() ? training.openObserved(from.state()) : training.open(from.state());
                Evaluation evaluation = Evaluation.of(training.problem().network(), task, plan.threads())) {
            Iterator<Batches.Batch> next = batches.from(step);
            while (step < steps()) {
                Batches.Batch chosen = next.next();
                Batch batch = task.batch(train, chosen.indices(), dtype, plan.augmentation(), step);
                double rate = learningRate(step);
                double loss = run.step(batch, rate);
                if (!Double.isFinite(loss)) {
                    throw new DivergedException(training.update().name(), step + 1, rate, loss);
                }
                step++;
                lossSum += loss * chosen.indices().length;
                samples += chosen.indices().length;
                listener.step(step, loss, run);
                if (step % batches.stepsPerEpoch() == 0) {
                    Weights reached = run.weights();
                    Score score = evaluation.score(reached, held);
                    // Pixels none of which has a class have no loss.
                    boolean none =
                            Double.isNaN(score.loss()) && held.voidLabel().isPresent();
                    if (!Double.isFinite(score.loss()) && !(none && finite(reached))) {
                        // The last step of an epoch is the last of all, perhaps: no loss of a further step would tell.
                        throw new DivergedException(training.update().name(), step, rate, score.loss());
                    }
                    int number = (int) (step / batches.stepsPerEpoch());
                    Progress.Epoch epoch = new Progress.Epoch(number, step, rate, lossSum / samples, score);
                    epochs.add(epoch);
                    lossSum = 0;
                    samples = 0;
                    sinceBest = score.loss() < best ? 0 : sinceBest + 1;
                    best = Math.min(best, score.loss());
                    listener.epoch(epoch);
                }
                if (listener.wantsProgress(step)) {
                    listener.progress(new Progress(run.state(), lossSum, samples, epochs, best, sinceBest));
                }
                if (samples == 0 && stopped(sinceBest)) {
                    break;
                }
            }
            return new Progress(run.state(), lossSum, samples, epochs, best, sinceBest);
        }
    }

    private static boolean finite(Weights weights) {
        return weights.asMap().values().stream().allMatch(w -> Double.isFinite(w.maxAbs()));
    }

    private boolean stopped(int sinceBest) {
        return plan.patience() > 0 && sinceBest >= plan.patience();
    }
}
