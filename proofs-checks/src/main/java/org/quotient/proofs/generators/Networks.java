package org.quotient.proofs.generators;

import java.util.List;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Generator;

/**
 * Random networks of some families with small integers for weights, data and a rescaling.
 *
 * @param families what to draw from, the simplest first
 * @param most the largest width
 * @param samples how many samples of data, 0 for none
 * @param zeros whether weights may be zero
 */
public record Networks(List<Family> families, int most, int samples, boolean zeros)
        implements Generator<NetworkInstance> {

    /** Keeps its own copy of the list. */
    public Networks {
        families = List.copyOf(families);
    }

    /** Networks of given families with widths up to 3, two samples and without zeros. */
    public static Networks of(Family... families) {
        return new Networks(List.of(families), 3, 2, false);
    }

    /** The same with another largest width. */
    public Networks upTo(int width) {
        return new Networks(families, width, samples, zeros);
    }

    /** The same with another number of samples. */
    public Networks withSamples(int number) {
        return new Networks(families, most, number, zeros);
    }

    /** The same with zeros among the weights. */
    public Networks withZeros() {
        return new Networks(families, most, samples, true);
    }

    @Override
    public NetworkInstance draw(Choices choices) {
        Family family = families.get(choices.below(families.size()));
        Sketch sketch = family.draw(choices, most);
        Network network = sketch.network();
        RescalingGroup group = RescalingGroup.of(network);
        Weights weights = SmallNumbers.weights(choices, network);
        if (zeros) {
            weights = SmallNumbers.zeroed(choices, group, weights);
        }
        int[] exponents = SmallNumbers.exponents(choices, group.rank());
        Data data = Data.draw(choices, network, samples);
        return new NetworkInstance(sketch.toString(), new Model(network, weights), group, exponents, data);
    }
}
