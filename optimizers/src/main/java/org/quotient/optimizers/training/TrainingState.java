package org.quotient.optimizers.training;

import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.optimizers.State;

/**
 * Everything that a further step depends on.
 *
 * @param model the network at its present weights, running statistics included
 * @param optimizer what the update remembers
 * @param steps how many steps were taken
 */
public record TrainingState(Model model, State optimizer, long steps) {

    /** The state that belongs to the rescaled point: weights and memories multiplied by their powers of χ. */
    public TrainingState rescaled(Rescaling rescaling) {
        Weights weights = rescaling.weights(model.weights());
        return new TrainingState(model.at(weights), optimizer.rescaled(rescaling), steps);
    }
}
