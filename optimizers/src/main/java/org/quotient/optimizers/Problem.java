package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;

/**
 * What is to be minimised, as expressions: the loss of a network on a batch, its differential, and what geometry knows of the
 * network. Normalisations use the statistics of the batch, and running statistics are carried along.
 */
public final class Problem {
    private static final String TARGET = "target of the loss";

    private final Network network;
    private final Loss kind;
    private final RunningStatistics statistics;
    private final Expr target;
    private final Expr loss;
    private final ParameterVector theta;
    private final ParameterVector differential;
    private @Nullable RescalingGroup group;
    private @Nullable Incidence incidence;

    private Problem(Network network, Loss kind, @Nullable RescalingGroup group) {
        if (network.outputs().size() != 1) {
            throw new IllegalArgumentException("Training needs a network with one output; '" + network.name() + "' has "
                    + network.outputs().size() + " (Network.withOutputs chooses or combines)");
        }
        if (network.parameters().isEmpty()) {
            throw new IllegalArgumentException("'" + network.name() + "' has no parameters to train");
        }
        this.network = network;
        this.kind = kind;
        this.group = group;
        this.statistics = RunningStatistics.of(network);
        Expr prediction = statistics.trained().outputs().getFirst();
        this.target = Expr.input(TARGET, prediction.dtype(), kind.target(prediction.shape()));
        this.loss = kind.value(prediction, target);
        this.theta = ParameterVector.of(network.parameters());
        Map<String, Expr> gradients = new LinkedHashMap<>();
        List<Expr> all = Differentiation.gradient(loss, network.parameters());
        for (int i = 0; i < all.size(); i++) {
            gradients.put(Network.nameOf(network.parameters().get(i)), all.get(i));
        }
        this.differential = new ParameterVector(gradients);
    }

    /**
     * The problem of training a network.
     *
     * @param network with one output, as it runs at inference
     * @param loss of that output
     * @throws IllegalArgumentException if the network has several outputs or no parameters, or its output does not suit the
     *     loss
     */
    public static Problem of(Network network, Loss loss) {
        return new Problem(network, loss, null);
    }

    /** The problem for a network whose group is known already. */
    public static Problem of(RescalingGroup group, Loss loss) {
        return new Problem(group.network(), loss, group);
    }

    /** The network as it was given. */
    public Network network() {
        return network;
    }

    /** The network as it runs in training: normalisations with the statistics of the batch. */
    public Network trained() {
        return statistics.trained();
    }

    /** New values of the running statistics: per buffer an expression of the batch. */
    public Map<Expr, Expr> runningStatistics() {
        return statistics.updates();
    }

    /** The output of {@link #trained}. */
    public Expr prediction() {
        return statistics.trained().outputs().getFirst();
    }

    /** The target, an input with the batch axis. */
    public Expr target() {
        return target;
    }

    /**
     * Checks the target of a batch.
     *
     * @throws IllegalArgumentException if the loss has no value for it, see {@link Loss#check}
     */
    public void check(Batch batch) {
        Tensor given = batch.target();
        if (given.shape().rank() > 0) {
            Shape output = prediction().shape();
            kind.check(given, output.isSymbolic() ? output.bind(given.shape().size(0)) : output);
        }
    }

    /** The loss on the batch, a scalar. */
    public Expr loss() {
        return loss;
    }

    /** θ: the variables themselves. */
    public ParameterVector theta() {
        return theta;
    }

    /** ∂loss/∂θ. */
    public ParameterVector differential() {
        return differential;
    }

    /** The type of all numbers. */
    public DType dtype() {
        return loss.dtype();
    }

    /** The rescaling group of the network. */
    public synchronized RescalingGroup group() {
        RescalingGroup known = group;
        if (known == null) {
            known = RescalingGroup.of(network);
            group = known;
        }
        return known;
    }

    /** The parameters as edges between generators. */
    public synchronized Incidence incidence() {
        Incidence known = incidence;
        if (known == null) {
            known = Incidence.of(group());
            incidence = known;
        }
        return known;
    }

    /** A state as a step sees it. */
    public Memory memory(State state) {
        return Memory.of(state);
    }
}
