package org.quotient.autodiff.network.random;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Text;
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

    /** Whether the outputs are the same for all of some random inputs, with these weights. */
    boolean seemsConstant() {
        int batch = 5;
        for (Tensor output : model.evaluate(inputs(batch, 0))) {
            int perSample = output.size() / batch;
            for (int i = perSample; i < output.size(); i++) {
                if (output.get(i) != output.get(i % perSample)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Name, features, variables and formulas: what a failing property needs to show. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(network().name() + " " + features);
        Set<Expr> used = new HashSet<>(Graph.topological(network().outputs()));
        for (List<Expr> group :
                List.of(network().inputs(), network().parameters(), network().buffers())) {
            for (Expr variable : group) {
                text.append("\n").append(variable.describe()).append(used.contains(variable) ? "" : " (unused)");
            }
        }
        return text.append('\n').append(Text.of(network().outputs())).toString();
    }
}
