package org.quotient.optimizers.training;

import org.quotient.autodiff.network.Model;
import org.quotient.optimizers.State;

/**
 * Everything that a further step depends on.
 *
 * @param model the network at its present weights
 * @param optimizer what the update remembers
 * @param steps how many steps were taken
 */
public record TrainingState(Model model, State optimizer, long steps) {}
