package org.quotient.optimizers.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Update;

/**
 * Steps of training: the loss and its gradient as one graph, built once, and an update. A step is a pure function of state and
 * batch.
 *
 * <p>The network is trained as it is given; buffers such as running statistics stay as they are. For batch statistics hand in
 * {@code TrainingMode.of(network)}.
 */
public final class Training {
    private static final String TARGET = "target of the loss";

    private final Network network;
    private final Update update;
    private final Session lossAndGradient;

    private Training(Network network, Update update, Program lossAndGradient) {
        this.network = network;
        this.update = update;
        // On one thread a session holds memory only, nothing that would have to be closed.
        this.lossAndGradient = lossAndGradient.session();
    }

    /**
     * What one step did.
     *
     * @param next the state after it
     * @param loss before it, on its batch
     * @param differential ∂loss/∂θ before it
     */
    public record Step(TrainingState next, double loss, ParameterVector differential) {}

    /**
     * Training of a network.
     *
     * @param network with one output
     * @param loss of that output
     * @param update what turns gradients into new weights
     * @throws IllegalArgumentException if the network has several outputs, or its output does not suit the loss
     */
    public static Training of(Network network, Loss loss, Update update) {
        if (network.outputs().size() != 1) {
            throw new IllegalArgumentException("Training needs a network with one output; '" + network.name() + "' has "
                    + network.outputs().size() + " (Network.withOutputs chooses or combines)");
        }
        Expr prediction = network.outputs().get(0);
        Expr target = Expr.input(TARGET, prediction.dtype(), loss.target(prediction.shape()));
        Expr value = loss.value(prediction, target);
        List<Expr> all = new ArrayList<>(List.of(value));
        all.addAll(Differentiation.gradient(value, network.parameters()));
        return new Training(network, update, Program.of(all));
    }

    /** The state before the first step. */
    public TrainingState start(Weights weights) {
        return new TrainingState(new Model(network, weights), update.init(ParameterVector.of(network, weights)), 0);
    }

    /**
     * One step. Nothing given is modified.
     *
     * @param state from {@link #start} or the last step
     * @param batch inputs and target
     */
    public Step step(TrainingState state, Batch batch) {
        Weights weights = state.model().weights();
        Map<String, Tensor> values = weights.with(network.inputs(), batch.inputs());
        values.put(TARGET, batch.target());
        List<Tensor> results = evaluate(values, batch.target().shape().size(0));
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (int i = 0; i < network.parameters().size(); i++) {
            gradients.put(Network.nameOf(network.parameters().get(i)), results.get(i + 1));
        }
        ParameterVector differential = new ParameterVector(gradients);
        ParameterVector theta = ParameterVector.of(network, weights);
        Update.Result moved = update.step(theta, differential, state.optimizer());
        Map<String, Tensor> next = weights.asMap();
        next.putAll(moved.theta().tensors());
        TrainingState after = new TrainingState(state.model().at(Weights.of(next)), moved.state(), state.steps() + 1);
        return new Step(after, results.get(0).item(), differential);
    }

    private List<Tensor> evaluate(Map<String, Tensor> values, int samples) {
        synchronized (lossAndGradient) {
            lossAndGradient.batch(samples);
            for (String name : lossAndGradient.program().variables().keySet()) {
                Tensor value = values.get(name);
                if (value != null) {
                    lossAndGradient.set(name, value);
                }
            }
            lossAndGradient.run();
            return lossAndGradient.outputs();
        }
    }

    /** The update. */
    public Update update() {
        return update;
    }
}
