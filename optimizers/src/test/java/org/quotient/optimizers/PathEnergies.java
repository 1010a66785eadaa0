package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.paths.DdpMetric;
import org.quotient.optimizers.paths.PathMetric;
import org.quotient.optimizers.training.Loss;

/** The numbers κ of path metrics at given weights and data. */
final class PathEnergies {
    private PathEnergies() {}

    static Map<String, Tensor> kappa(Network network, Weights weights, List<Tensor> inputs, Metric metric, long step) {
        Problem problem = Problem.of(network, Loss.halfSquaredError());
        Point at = Point.of(problem);
        ParameterVector kappa = metric instanceof PathMetric p ? p.kappa(at) : ((DdpMetric) metric).kappa(at);
        Map<String, Tensor> values = weights.with(network.inputs(), inputs);
        at.perStep()
                .forEach((variable, f) ->
                        values.put(Network.nameOf(variable), Tensor.of(Shape.SCALAR, f.applyAsDouble(step))));
        List<Tensor> all = Evaluator.evaluate(
                List.copyOf(kappa.values().values()),
                values,
                inputs.isEmpty() ? 1 : inputs.getFirst().shape().size(0));
        Map<String, Tensor> out = new HashMap<>();
        List<String> names = List.copyOf(kappa.names());
        for (int i = 0; i < names.size(); i++) {
            out.put(names.get(i), all.get(i));
        }
        return out;
    }

    static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance) {
        expected.forEach((name, t) -> {
            // Derivatives that cancel are squares of rounding errors.
            double least = 1e-20 * t.maxAbs();
            Tensor found = java.util.Objects.requireNonNull(actual.get(name));
            for (int i = 0; i < t.size(); i++) {
                assertThat(found.get(i))
                        .as("%s[%d]", name, i)
                        .isCloseTo(t.get(i), within(tolerance * Math.abs(t.get(i)) + least));
            }
        });
    }
}
