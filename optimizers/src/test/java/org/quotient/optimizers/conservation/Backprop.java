package org.quotient.optimizers.conservation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** Gradients of ½Σ‖f‖² over a batch, and steps as an optimizer makes them. */
final class Backprop {
    private final Network network;
    private final List<Expr> gradients;
    private final List<Tensor> inputs;

    Backprop(Network network, List<Tensor> inputs) {
        this.network = network;
        this.inputs = inputs;
        this.gradients = Differentiation.gradient(loss(network), network.parameters());
    }

    static Expr loss(Network network) {
        return network.outputs().stream()
                .map(y -> y.times(y).sum().times(0.5))
                .reduce(Expr::plus)
                .orElseThrow();
    }

    List<Expr> gradients() {
        return gradients;
    }

    Map<String, Tensor> at(Weights theta) {
        List<Tensor> values = Evaluator.evaluate(
                gradients,
                theta.with(network.inputs(), inputs),
                inputs.get(0).shape().size(0));
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            out.put(Network.nameOf(network.parameters().get(i)), values.get(i));
        }
        return out;
    }

    /** Over the names of the second map. */
    static Map<String, Tensor> combine(Map<String, Tensor> a, Map<String, Tensor> b, DoubleBinaryOperator f) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        b.forEach((name, y) -> {
            Tensor x = java.util.Objects.requireNonNull(a.get(name));
            out.put(name, Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i), y.get(i))));
        });
        return out;
    }

    /** m⁺ = μm + g + λθ in the dtype of the weights. */
    static Map<String, Tensor> momentum(
            Dynamics d, Map<String, Tensor> theta, Map<String, Tensor> m, Map<String, Tensor> g) {
        Map<String, Tensor> decayed = combine(theta, g, (x, v) -> v + d.decay() * x);
        return combine(m, decayed, (old, v) -> d.momentum() * old + v);
    }

    /** θ⁺ = θ − ηm⁺. */
    static Map<String, Tensor> step(Dynamics d, Map<String, Tensor> theta, Map<String, Tensor> m) {
        return combine(theta, m, (x, v) -> x - d.rate() * v);
    }

    static Map<String, Tensor> zeros(Map<String, Tensor> like) {
        return combine(like, like, (x, y) -> 0);
    }

    static Weights with(Weights theta, Map<String, Tensor> parameters) {
        Map<String, Tensor> out = new LinkedHashMap<>(theta.asMap());
        out.putAll(parameters);
        return Weights.of(out);
    }
}
