package org.quotient.optimizers.training;

import java.util.List;
import org.quotient.autodiff.Tensor;

/**
 * Samples with their targets.
 *
 * @param inputs one tensor per input of the network, with a common leading batch axis
 * @param target of the shape that the loss asks for, with the same batch axis
 */
public record Batch(List<Tensor> inputs, Tensor target) {
    /** Keeps its own copy of the list. */
    public Batch {
        inputs = List.copyOf(inputs);
    }

    /** A batch for a network with one input. */
    public static Batch of(Tensor input, Tensor target) {
        return new Batch(List.of(input), target);
    }
}
