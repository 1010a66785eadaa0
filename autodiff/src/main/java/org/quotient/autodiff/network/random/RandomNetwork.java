package org.quotient.autodiff.network.random;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;

/**
 * A random network with random weights.
 *
 * @param model its weights are small dyadic numbers in f64, none of them 0
 * @param features what the network contains
 */
public record RandomNetwork(Model model, Set<Feature> features) {
    private static final Law INPUTS = new Law.Among(List.of(-3.0, -2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 3.0));

    /** Keeps an unmodifiable copy of the features. */
    public RandomNetwork {
        Set<Feature> copy = EnumSet.noneOf(Feature.class);
        copy.addAll(features);
        features = Collections.unmodifiableSet(copy);
    }

    /** The graph. */
    public Network network() {
        return model.network();
    }

    /** Whether it contains a feature. */
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /**
     * Random inputs, small dyadic numbers.
     *
     * @param batch at least 1
     * @param seed any number
     * @return one tensor for each input
     */
    public List<Tensor> inputs(int batch, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("inputs");
        return network().inputs().stream()
                .map(input ->
                        INPUTS.draw(input.shape().bind(batch), input.dtype(), random.split(Network.nameOf(input))))
                .toList();
    }

    /** Name, features, variables and graph. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(network().name() + " " + features);
        for (Expr parameter : network().parameters()) {
            text.append("\n  ").append(parameter.describe());
        }
        for (Expr output : network().outputs()) {
            text.append("\n  output ").append(output);
        }
        return text.toString();
    }
}
