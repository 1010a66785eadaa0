package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;
import org.quotient.optimizers.paths.DdpMetric;
import org.quotient.optimizers.training.Loss;

/** The interpolation between paths and data against its definition (Neyshabur et al. 2016). */
class DdpMetricTest {
    private static final Network SMALL = BuiltIns.network("mlp:2-3-2-2").network();

    /** Σ_out γ² of mlp:2-3-2-2 with the masks of other weights. */
    private static double energy(double alpha, double[][] w, double[][] masksOf, double[][] x) {
        int[] sizes = {2, 3, 2, 2};
        double[] gamma = new double[2];
        for (double[] sample : x) {
            for (int i = 0; i < 2; i++) {
                gamma[i] += sample[i] * sample[i] / x.length;
            }
        }
        double[][] h = x;
        double[][] m = x;
        for (int l = 0; l < 3; l++) {
            double[][] z = apply(w[2 * l], w[2 * l + 1], h, sizes[l + 1]);
            double[][] o = apply(masksOf[2 * l], masksOf[2 * l + 1], m, sizes[l + 1]);
            double[] next = new double[sizes[l + 1]];
            for (int v = 0; v < next.length; v++) {
                double paths = w[2 * l + 1][v] * w[2 * l + 1][v];
                for (int u = 0; u < sizes[l]; u++) {
                    paths += Math.pow(w[2 * l][v * sizes[l] + u], 2) * gamma[u];
                }
                double data = 0;
                for (int s = 0; s < x.length; s++) {
                    data += z[s][v] * z[s][v] / x.length;
                    if (l < 2 && o[s][v] <= 0) {
                        z[s][v] = 0;
                        o[s][v] = 0;
                    }
                }
                next[v] = alpha * data + (1 - alpha) * paths;
            }
            gamma = next;
            h = z;
            m = o;
        }
        return gamma[0] + gamma[1];
    }

    private static double[][] apply(double[] w, double[] b, double[][] x, int out) {
        double[][] z = new double[x.length][out];
        for (int s = 0; s < x.length; s++) {
            for (int v = 0; v < out; v++) {
                z[s][v] = b[v];
                for (int u = 0; u < x[s].length; u++) {
                    z[s][v] += w[v * x[s].length + u] * x[s][u];
                }
            }
        }
        return z;
    }

    @Test
    void theInterpolationIsHalfTheSecondDerivativeOfItsEnergy() {
        Model model = BuiltIns.model("mlp:2-3-2-2", 4);
        double[][] x = {{2, 1}, {1, -1}, {-1, 2}, {0.5, 0.25}};
        Tensor inputs = Tensor.of(Shape.of(4, 2), 2, 1, 1, -1, -1, 2, 0.5, 0.25);
        List<String> names = SMALL.parameters().stream().map(Network::nameOf).toList();
        double[][] w = names.stream().map(n -> model.weights().get(n).data()).toArray(double[][]::new);
        for (double alpha : new double[] {0, 0.25, 0.6, 1}) {
            Map<String, Tensor> kappa = PathEnergies.kappa(
                    model.network(), model.weights(), List.of(inputs), new DdpMetric(alpha, 0, 0), 1);
            for (int p = 0; p < w.length; p++) {
                for (int i = 0; i < w[p].length; i++) {
                    // γ² is a quadratic in each weight, so its second difference is its second derivative.
                    double second = 0;
                    for (int k = -1; k <= 1; k++) {
                        double[][] moved = w.clone();
                        moved[p] = w[p].clone();
                        moved[p][i] += k;
                        second += (k == 0 ? -2 : 1) * energy(alpha, moved, w, x);
                    }
                    assertThat(java.util.Objects.requireNonNull(kappa.get(names.get(p)))
                                    .get(i))
                            .as("α = %s, %s[%d]", alpha, names.get(p), i)
                            .isCloseTo(second / 2, within(1e-12));
                }
            }
        }
    }

    @Test
    void withTheDataAloneItIsTheDiagonalOfTheGaussNewtonMatrixThroughAnyActivation() {
        Model model = BuiltIns.model("mlp:2-3-2,activation=tanh", 4);
        Network network = model.network();
        List<Tensor> inputs = List.of(Tensor.of(Shape.of(3, 2), 2, 1, 1, -1, -1, 2));
        Map<String, Tensor> kappa = PathEnergies.kappa(network, model.weights(), inputs, new DdpMetric(1, 0, 0), 1);
        Map<String, double[]> sum = new HashMap<>();
        for (int n = 0; n < 3; n++) {
            Tensor one = Tensor.of(
                    Shape.of(1, 2),
                    inputs.getFirst().get(2 * n),
                    inputs.getFirst().get(2 * n + 1));
            for (int k = 0; k < 2; k++) {
                Expr output =
                        Ops.slice(network.outputs().getFirst(), 1, k, k + 1).sum();
                List<Tensor> slopes = Evaluator.evaluate(
                        Differentiation.gradient(output, network.parameters()),
                        model.weights().with(network.inputs(), List.of(one)));
                for (int p = 0; p < slopes.size(); p++) {
                    Tensor slope = slopes.get(p);
                    double[] total = sum.computeIfAbsent(
                            Network.nameOf(network.parameters().get(p)), name -> new double[slope.size()]);
                    for (int i = 0; i < total.length; i++) {
                        total[i] += slope.get(i) * slope.get(i) / 3;
                    }
                }
            }
        }
        sum.forEach((name, total) -> assertThat(
                        java.util.Objects.requireNonNull(kappa.get(name)).data())
                .containsExactly(total, within(1e-14)));
    }

    @Test
    void theEstimateIsAFunctionOfSeedAndStepAndUnbiased() {
        Model model = Samples.residualConvolution();
        List<Tensor> inputs = Samples.probe(model.network());
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        Point at = Point.of(problem);
        ParameterVector estimate = new DdpMetric(0.5, 4, 3).kappa(at);
        List<String> names = List.copyOf(estimate.names());
        Map<String, Tensor> exact =
                PathEnergies.kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 0, 0), 1);
        Map<String, double[]> sum = new HashMap<>();
        List<Tensor> first = List.of();
        try (Session session =
                Program.of(List.copyOf(estimate.values().values())).session()) {
            Map<String, Tensor> values = model.weights().with(model.network().inputs(), inputs);
            values.forEach((name, t) -> {
                if (session.program().variables().containsKey(name)) {
                    session.set(name, t);
                }
            });
            int steps = 600;
            for (long step = 1; step <= steps; step++) {
                for (Map.Entry<Expr, java.util.function.LongToDoubleFunction> e :
                        at.perStep().entrySet()) {
                    session.set(
                            Network.nameOf(e.getKey()),
                            Tensor.of(Shape.SCALAR, e.getValue().applyAsDouble(step)));
                }
                session.run();
                List<Tensor> now = session.outputs();
                if (step == 1) {
                    first = now;
                }
                for (int k = 0; k < names.size(); k++) {
                    double[] total = sum.computeIfAbsent(names.get(k), n -> new double[now.size() * 1000]);
                    for (int i = 0; i < now.get(k).size(); i++) {
                        total[i] += now.get(k).get(i) / steps;
                    }
                }
            }
        }
        Map<String, Tensor> again =
                PathEnergies.kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 4, 3), 1);
        Map<String, Tensor> other =
                PathEnergies.kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 4, 3), 2);
        double changed = 0;
        for (int k = 0; k < names.size(); k++) {
            Tensor e = java.util.Objects.requireNonNull(exact.get(names.get(k)));
            double[] mean = java.util.Objects.requireNonNull(sum.get(names.get(k)));
            Tensor same = java.util.Objects.requireNonNull(again.get(names.get(k)));
            Tensor next = java.util.Objects.requireNonNull(other.get(names.get(k)));
            for (int i = 0; i < e.size(); i++) {
                // 2400 draws of squares over 10 samples: a standard error of about 1 % of the data's part.
                assertThat(mean[i]).as("%s[%d]", names.get(k), i).isCloseTo(e.get(i), within(0.06 * e.get(i)));
                assertThat(first.get(k).get(i)).isCloseTo(same.get(i), within(1e-12 * e.get(i)));
                changed = Math.max(changed, Math.abs(same.get(i) - next.get(i)));
            }
        }
        assertThat(changed).isPositive();
    }
}
