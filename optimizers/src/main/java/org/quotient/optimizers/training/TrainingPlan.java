package org.quotient.optimizers.training;

import java.util.Optional;
import org.quotient.autodiff.data.Augmentation;

/**
 * How long and with what a network is trained.
 *
 * @param epochs at least 1
 * @param batchSize at least 1
 * @param learningRate the base rate η, at least 0, finite
 * @param schedule its factor
 * @param seed of the order of samples
 * @param augmentation of pictures, if any
 * @param patience after how many epochs without a better validation loss to stop; 0 for never
 * @param threads at least 1; the results are the same bits for any number
 */
public record TrainingPlan(
        int epochs,
        int batchSize,
        double learningRate,
        Schedule schedule,
        long seed,
        Optional<Augmentation> augmentation,
        int patience,
        int threads) {

    /** Checks the ranges. */
    public TrainingPlan {
        if (epochs < 1 || batchSize < 1 || patience < 0 || threads < 1) {
            throw new IllegalArgumentException(
                    "Training needs 1 or more epochs, batches of 1 or more, 1 or more threads, and"
                            + " a patience of 0 or more; given " + epochs + ", " + batchSize + ", " + threads + ", "
                            + patience);
        }
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("A learning rate is finite and at least 0; given " + learningRate);
        }
    }

    /** A plan with a constant rate, on one thread. */
    public static TrainingPlan of(int epochs, int batchSize, double learningRate, long seed) {
        return new TrainingPlan(epochs, batchSize, learningRate, Schedule.CONSTANT, seed, Optional.empty(), 0, 1);
    }

    /** The same with another schedule. */
    public TrainingPlan with(Schedule other) {
        return new TrainingPlan(epochs, batchSize, learningRate, other, seed, augmentation, patience, threads);
    }
}
