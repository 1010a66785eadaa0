package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.geometry.paths.TooLargeException;

/** A network at a point, with what several checks ask of it computed once. Not for several threads. */
public final class NetworkInstance {
    /** The most paths that are written down. */
    public static final long PATHS = 50_000;

    private static final long TERMS = 200_000;

    private final String description;
    private final Model model;
    private @Nullable RescalingGroup group;
    private @Nullable Optional<EnumeratedRank> paths;

    /**
     * An instance.
     *
     * @param description how a reader can build it again
     * @param model the network and its weights
     */
    public NetworkInstance(String description, Model model) {
        this.description = description;
        this.model = model;
    }

    /** How a reader can build it again. */
    public String description() {
        return description;
    }

    /** The network and its weights. */
    public Model model() {
        return model;
    }

    /** The graph. */
    public Network network() {
        return model.network();
    }

    /** The group inferred from the graph. */
    public RescalingGroup group() {
        RescalingGroup known = group;
        if (known == null) {
            known = RescalingGroup.of(network());
            group = known;
        }
        return known;
    }

    /** The rank of the matrix of all path vectors, written down; empty if there are more than {@link #PATHS}. */
    public Optional<EnumeratedRank> paths() {
        Optional<EnumeratedRank> known = paths;
        if (known == null) {
            known = enumerate();
            paths = known;
        }
        return known;
    }

    private Optional<EnumeratedRank> enumerate() {
        try {
            PathGraph graph = PathGraph.of(network(), group().liveness().idle(), TERMS);
            return Optional.of(EnumeratedRank.of(graph, PATHS));
        } catch (TooLargeException e) {
            return Optional.empty();
        }
    }

    /**
     * Standard normal inputs.
     *
     * @param batch how many samples
     * @param seed any number
     */
    public List<Tensor> inputs(int batch, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("inputs");
        return network().inputs().stream().map(x -> draw(x, batch, random)).toList();
    }

    private static Tensor draw(Expr input, int batch, CounterRandom random) {
        CounterRandom stream = random.split(Network.nameOf(input));
        return Tensor.fill(input.shape().bind(batch), input.dtype(), stream::normal);
    }
}
