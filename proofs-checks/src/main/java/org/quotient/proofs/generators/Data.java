package org.quotient.proofs.generators;

import java.util.List;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.proofs.Choices;

/**
 * Samples with targets for the first output of a network.
 *
 * @param inputs one tensor per input, with the samples along the first axis
 * @param target of the shape of the first output
 */
public record Data(List<Tensor> inputs, Tensor target) {

    /** Keeps its own copy of the list. */
    public Data {
        inputs = List.copyOf(inputs);
    }

    /** Small integers, none of them 0. */
    public static Data draw(Choices choices, Network network, int samples) {
        return new Data(
                network.inputs().stream()
                        .map(x -> SmallNumbers.tensor(choices, x.shape().bind(samples)))
                        .toList(),
                SmallNumbers.tensor(
                        choices, network.outputs().getFirst().shape().bind(samples)));
    }
}
