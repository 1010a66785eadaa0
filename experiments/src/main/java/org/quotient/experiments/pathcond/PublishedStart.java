package org.quotient.experiments.pathcond;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.zoo.Representative;

/**
 * Path conditioning as a change of weights. As published it does not see batch normalisation: the weights before one are scaled as if
 * they fed the next layer directly, scales and shifts of the normalisation stay. With the statistics of a batch that is another
 * function; at inference, with fresh running statistics, the same up to the normalisation's ε.
 *
 * @param problem whose network's scales are sought
 * @param representative among them
 */
record PublishedStart(Problem problem, Representative representative) {
    private static final int SWEEPS = 10;
    private static final String NORMALISED = ",bn=true";

    /**
     * The published ten sweeps, on a built-in network without its normalisations.
     *
     * @param spec of the network
     */
    static PublishedStart of(String spec) {
        return new PublishedStart(
                problem(BuiltIns.network(spec.replace(NORMALISED, "")).network()), Representative.pathCond(SWEEPS));
    }

    /** The exact minimiser over the scales that keep the function, those around normalisations included. */
    static PublishedStart exact(Network network) {
        return new PublishedStart(problem(network), Representative.pathCond(0));
    }

    private static Problem problem(Network network) {
        return Problem.of(network, Loss.halfSquaredError());
    }

    /** The weights moved; those that the network does not have are kept. */
    Weights weights(Weights drawn) {
        Map<String, Tensor> all = new LinkedHashMap<>(drawn.asMap());
        Weights own = own(drawn);
        all.putAll(representative.of(problem, own).weights(own).asMap());
        return Weights.of(all);
    }

    /** The largest |log λ|. */
    double largest(Weights drawn) {
        double most = 0;
        for (double z : representative.of(problem, own(drawn)).z()) {
            most = Math.max(most, Math.abs(z));
        }
        return most;
    }

    private Weights own(Weights drawn) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        problem.network().parameters().forEach(p -> own.put(Network.nameOf(p), drawn.get(p)));
        problem.network().buffers().forEach(b -> own.put(Network.nameOf(b), drawn.get(b)));
        return Weights.of(own);
    }
}
