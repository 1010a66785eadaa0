package org.quotient.proofs.generators;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.geometry.paths.TooLargeException;
import org.quotient.optimizers.training.Batch;
import org.quotient.proofs.Choices;

/** A network at a point, with data and a rescaling; what several checks ask of it is computed once. Not for several threads. */
public final class NetworkInstance {
    /** The most paths that are written down. */
    public static final long PATHS = 50_000;

    private static final long TERMS = 200_000;
    private static final int SHOWN = 24;
    private static final double KINK = 1e-6;

    private final String description;
    private final Model model;
    private final RescalingGroup group;
    private final int[] exponents;
    private final Data data;
    private @Nullable Optional<PathGraph> graph;
    private @Nullable Optional<EnumeratedRank> paths;

    /**
     * An instance.
     *
     * @param description how a reader can build the network again
     * @param model the network and its weights
     * @param group of the network
     * @param exponents a rescaling by powers of two, one exponent per generator
     * @param data for the network
     */
    public NetworkInstance(String description, Model model, RescalingGroup group, int[] exponents, Data data) {
        this.description = description;
        this.model = model;
        this.group = group;
        this.exponents = exponents.clone();
        this.data = data;
    }

    /**
     * An instance with a rescaling and two samples that are drawn for it.
     *
     * @param description how a reader can build the network again
     * @param model the network and its weights
     */
    public static NetworkInstance of(String description, Model model) {
        RescalingGroup group = RescalingGroup.of(model.network());
        Choices choices = Choices.random(CounterRandom.seeded(0).split(description), 1);
        int[] exponents = SmallNumbers.exponents(choices, group.rank());
        return new NetworkInstance(description, model, group, exponents, Data.draw(choices, model.network(), 2));
    }

    /**
     * A worked instance.
     *
     * @param sketch the network
     * @param weights all numbers of its parameters, in order
     */
    public static NetworkInstance of(Sketch sketch, double... weights) {
        Network network = sketch.network();
        Map<String, Tensor> values = new LinkedHashMap<>();
        int next = 0;
        for (Expr parameter : network.parameters()) {
            int size = parameter.shape().elements();
            values.put(
                    Network.nameOf(parameter),
                    Tensor.of(parameter.shape(), Arrays.copyOfRange(weights, next, next + size)));
            next += size;
        }
        if (next != weights.length) {
            throw new IllegalArgumentException(
                    "'" + sketch + "' has " + next + " parameters; given " + weights.length + " numbers");
        }
        return of(sketch.toString(), new Model(network, Weights.of(values)));
    }

    /** The same with other data. */
    public NetworkInstance with(Data others) {
        return new NetworkInstance(description, model, group, exponents, others);
    }

    /** The network in words, with its weights if there are few. */
    public String description() {
        if (network().parameterCount() > SHOWN) {
            return description;
        }
        return description
                + network().parameters().stream()
                        .map(p ->
                                Network.nameOf(p) + " = " + text(model.weights().get(p)))
                        .collect(Collectors.joining(", ", " with ", ""));
    }

    /** Numbers of a tensor, whole ones without a decimal point. */
    public static String text(Tensor tensor) {
        return Arrays.stream(tensor.data())
                .mapToObj(x -> x == Math.rint(x) && Math.abs(x) < 1e9 ? String.valueOf((long) x) : String.valueOf(x))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** The network and its weights. */
    public Model model() {
        return model;
    }

    /** The graph. */
    public Network network() {
        return model.network();
    }

    /** The weights. */
    public Weights weights() {
        return model.weights();
    }

    /** The group inferred from the graph. */
    public RescalingGroup group() {
        return group;
    }

    /** A rescaling by powers of two, one exponent per generator. */
    public int[] exponents() {
        return exponents.clone();
    }

    /** The rescaling in words, short also for many generators. */
    public String scales() {
        return exponents.length <= SHOWN
                ? "2^" + Arrays.toString(exponents)
                : "2^k for " + exponents.length + " generators";
    }

    /** The weights rescaled by {@link #exponents}. */
    public Weights rescaled() {
        return group.actByPowersOfTwo(weights(), exponents);
    }

    /** The data. */
    public Data data() {
        return data;
    }

    /** The data as one batch. */
    public Batch batch() {
        return new Batch(data.inputs(), data.target());
    }

    /** The number of live parameters. */
    public long live() {
        return group.liveness().liveCount();
    }

    /** Whether no activation has an argument near its kink on the data. */
    public boolean isSmooth() {
        Map<Expr, Tensor> values = new IdentityHashMap<>();
        Evaluator.observe(network().outputs(), weights().with(network().inputs(), data.inputs()), values::put);
        return values.keySet().stream()
                .filter(node -> node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.RELU
                        || node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.PRELU)
                .map(node -> values.get(node.operand(0)))
                .allMatch(x -> x != null && Arrays.stream(x.data()).allMatch(v -> Math.abs(v) > KINK));
    }

    /** The unrolled graph; empty if it is too large. */
    public Optional<PathGraph> graph() {
        Optional<PathGraph> known = graph;
        if (known == null) {
            try {
                known = Optional.of(PathGraph.of(network(), group.liveness().idle(), TERMS));
            } catch (TooLargeException e) {
                known = Optional.empty();
            }
            graph = known;
        }
        return known;
    }

    /** The rank of the matrix of all path vectors, written down; empty if there are more than {@link #PATHS}. */
    public Optional<EnumeratedRank> paths() {
        Optional<EnumeratedRank> known = paths;
        if (known == null) {
            known = graph().flatMap(NetworkInstance::enumerate);
            paths = known;
        }
        return known;
    }

    private static Optional<EnumeratedRank> enumerate(PathGraph graph) {
        try {
            return Optional.of(EnumeratedRank.of(graph, PATHS));
        } catch (TooLargeException e) {
            return Optional.empty();
        }
    }

    /** A parameter element by its number over all parameters, such as {@code w1[0]}. */
    public String element(int number) {
        int rest = number;
        for (Expr parameter : network().parameters()) {
            if (rest < parameter.shape().elements()) {
                return Network.nameOf(parameter) + "[" + rest + "]";
            }
            rest -= parameter.shape().elements();
        }
        throw new IllegalArgumentException(
                "The network has " + network().parameterCount() + " parameters; asked for number " + number);
    }
}
