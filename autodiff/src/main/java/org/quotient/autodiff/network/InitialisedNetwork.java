package org.quotient.autodiff.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;

/**
 * A network with the laws that its parameters and buffers start from.
 *
 * @param network the graph
 * @param laws by name, one for each parameter and buffer
 */
public record InitialisedNetwork(Network network, Map<String, Law> laws) {

    /** Checks that every parameter and buffer has a law. */
    public InitialisedNetwork {
        laws = Map.copyOf(laws);
        for (Expr variable : variables(network).values()) {
            if (!laws.containsKey(Network.nameOf(variable))) {
                throw new IllegalArgumentException("No initial law for '" + Network.nameOf(variable) + "'");
            }
        }
    }

    /**
     * The network at a random point. Nothing is drawn until a weight is asked for, and each weight depends on the seed and
     * its own name only.
     *
     * @param seed any number
     */
    public Model model(long seed) {
        Map<String, Expr> variables = variables(network);
        CounterRandom random = CounterRandom.seeded(seed);
        return new Model(network, Weights.lazy(network, name -> {
            Expr variable = variables.get(name);
            Law law = laws.get(name);
            if (variable == null || law == null) {
                throw new IllegalArgumentException(
                        NearestNames.unknown("a weight of " + network.name(), name, variables.keySet()));
            }
            return law.draw(variable.shape(), variable.dtype(), random.split(name));
        }));
    }

    private static Map<String, Expr> variables(Network network) {
        Map<String, Expr> variables = new LinkedHashMap<>();
        network.parameters().forEach(p -> variables.put(Network.nameOf(p), p));
        network.buffers().forEach(b -> variables.put(Network.nameOf(b), b));
        return variables;
    }
}
