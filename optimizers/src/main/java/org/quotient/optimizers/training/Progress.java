package org.quotient.optimizers.training;

import java.util.List;

/**
 * How far a training has come: all that is needed to go on as if it had not stopped.
 *
 * @param state weights, memory of the update, number of steps
 * @param lossSum of the batches of the present epoch, each weighted by its samples
 * @param samples of the present epoch so far
 * @param epochs what the epochs that are over showed
 * @param best the least validation loss so far, infinite before the first epoch
 * @param sinceBest how many epochs ago that was
 */
public record Progress(
        TrainingState state, double lossSum, long samples, List<Epoch> epochs, double best, int sinceBest) {
    /** Copies the list. */
    public Progress {
        epochs = List.copyOf(epochs);
    }

    /** Before the first step. */
    public static Progress begin(TrainingState state) {
        return new Progress(state, 0, 0, List.of(), Double.POSITIVE_INFINITY, 0);
    }

    /**
     * One epoch.
     *
     * @param epoch its number, from 1
     * @param steps taken so far
     * @param learningRate of its last step
     * @param trainLoss the mean over its batches, each before its step, in training mode
     * @param held the score on the validation part, or the test part if there is none
     */
    public record Epoch(int epoch, long steps, double learningRate, double trainLoss, Score held) {}
}
