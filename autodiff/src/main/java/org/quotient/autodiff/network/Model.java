package org.quotient.autodiff.network;

import java.util.List;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Tensor;

/**
 * A network at a point θ.
 *
 * @param network the graph
 * @param weights the values of its parameters and buffers
 */
public record Model(Network network, Weights weights) {

    /**
     * The outputs for given inputs, in order.
     *
     * @param inputs one tensor per input of the network, with a common batch size
     */
    public List<Tensor> evaluate(List<Tensor> inputs) {
        return Evaluator.evaluate(network.outputs(), weights.with(network.inputs(), inputs));
    }

    /** The same network at another point. */
    public Model at(Weights others) {
        return new Model(network, others);
    }
}
