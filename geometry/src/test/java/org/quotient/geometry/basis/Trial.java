package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.geometry.RescalingGroup;

/**
 * A network on one piece with a quadratic loss, all as expressions over its weights: ½ Σ (outputs − target)² over the number of
 * samples, the target being the variable "target".
 */
final class Trial {
    final Network network;
    final RescalingGroup group;
    final Map<String, Expr> weights = new LinkedHashMap<>();
    final Map<String, Expr> gradient = new LinkedHashMap<>();
    final Expr loss;

    /**
     * A trial.
     *
     * @param frozen whether activations become the masks that they are at the model and the inputs
     */
    Trial(Model model, List<Tensor> inputs, boolean frozen) {
        network = frozen ? Freeze.at(model.network(), model.weights(), inputs) : model.network();
        group = RescalingGroup.of(model.network());
        int samples = inputs.get(0).shape().size(0);
        Expr total = Ops.scalar(0, model.network().parameters().get(0).dtype());
        for (int i = 0; i < network.outputs().size(); i++) {
            Expr output = network.outputs().get(i);
            Expr target = Expr.input("target" + i, output.dtype(), output.shape());
            Expr error = output.minus(target);
            total = total.plus(error.times(error).sum());
        }
        loss = total.times(0.5 / samples);
        for (Expr parameter : network.parameters()) {
            weights.put(Network.nameOf(parameter), parameter);
        }
        List<Expr> gradients = Differentiation.gradient(loss, network.parameters());
        for (int i = 0; i < gradients.size(); i++) {
            gradient.put(Network.nameOf(network.parameters().get(i)), gradients.get(i));
        }
    }

    /** −η·x in every entry. */
    static Map<String, Expr> times(Map<String, Expr> x, double factor) {
        Map<String, Expr> out = new LinkedHashMap<>();
        x.forEach((name, value) -> out.put(name, value.times(factor)));
        return out;
    }

    static Map<String, Expr> plus(Map<String, Expr> x, Map<String, Expr> y) {
        Map<String, Expr> out = new LinkedHashMap<>();
        x.forEach((name, value) -> out.put(name, value.plus(java.util.Objects.requireNonNull(y.get(name)))));
        return out;
    }

    /** The values of expressions by name, over a field or in double precision. */
    static Map<String, Tensor> evaluate(
            Map<String, Expr> expressions, Map<String, Tensor> values, Numbers.@Nullable PrimeField field) {
        Program.Builder builder = Program.builder();
        expressions.values().forEach(builder::output);
        if (field != null) {
            builder.over(field);
        }
        Program program = builder.build();
        Map<String, Tensor> used = new LinkedHashMap<>(values);
        used.keySet().retainAll(program.variables().keySet());
        List<Tensor> results = program.evaluate(used);
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 0;
        for (String name : expressions.keySet()) {
            out.put(name, results.get(next++));
        }
        return out;
    }

    /** The same by the interpreter. */
    static Map<String, Tensor> interpret(Map<String, Expr> expressions, Map<String, Tensor> values) {
        List<Tensor> results = Evaluator.evaluate(List.copyOf(expressions.values()), values);
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 0;
        for (String name : expressions.keySet()) {
            out.put(name, results.get(next++));
        }
        return out;
    }

    /** All values one after the other. */
    static double[] flat(Map<String, Tensor> values) {
        List<Double> all = new ArrayList<>();
        values.values().forEach(t -> {
            for (double x : t.data()) {
                all.add(x);
            }
        });
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
