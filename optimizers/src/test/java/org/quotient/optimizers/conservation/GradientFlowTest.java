package org.quotient.optimizers.conservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.geometry.RescalingGroup;

/** Spec of invariant updates, 7.1 and 7.2: oracles C7 and C8. */
class GradientFlowTest {
    private static final Tensor X = Tensor.of(Shape.of(4, 2), 1, 2, -1, 0.5, 0.3, -2, -0.7, -1.1);
    private static final Tensor Y = Tensor.of(Shape.of(4, 1), 1, -1, 0.5, 2);

    /** Layers of given widths, with ReLU or linear: both have one rescaling per hidden unit, linear ones no kinks. */
    private static Model dense(boolean relu, long seed, int... hidden) {
        NetworkBuilder net = NetworkBuilder.named("dense");
        Flow x = net.input("x", 2);
        for (int i = 0; i < hidden.length; i++) {
            x = x.dense("l" + i, hidden[i]);
            x = relu ? x.relu() : x;
        }
        return net.build(x.dense("out", 1)).model(seed);
    }

    private static GradientFlow squares(Network network) {
        Expr y = network.outputs().get(0);
        Expr target = Expr.input("y", y.dtype(), y.shape());
        return GradientFlow.of(network, Layers.halfSquaredError(y, target), Map.of("x", X, "y", Y));
    }

    private static double loss(Model model) {
        Tensor f = model.evaluate(List.of(X)).get(0);
        double sum = 0;
        for (int i = 0; i < f.size(); i++) {
            sum += Math.pow(f.get(i) - Y.get(i), 2) / 2;
        }
        return sum / f.size();
    }

    @Test
    @DisplayName("Euclidean flow keeps ‖w_in‖² + b² − ‖w_out‖² of every unit to the tolerance, up to convergence")
    void euclidean() {
        Model model = dense(false, 5, 4, 3);
        FlowMetric metric = FlowMetric.euclidean(RescalingGroup.of(model.network()));
        FlowResult result = squares(model.network()).integrate(model.weights(), metric, 20, 1e-10);
        assertThat(result.finished()).isTrue();
        assertThat(result.time()).isEqualTo(20);
        assertThat(result.charges().get(0)).hasSize(7);
        assertThat(result.times()).hasSizeGreaterThan(5);
        assertThat(result.drift()).isLessThan(1e-8);
        assertThat(loss(model.at(result.end()))).isLessThan(0.9 * loss(model));
    }

    @Test
    @DisplayName("Through kinks of ReLU too; where the flow slides along one, the result ends early and says so")
    void kinks() {
        Model model = dense(true, 5, 4, 3);
        FlowMetric metric = FlowMetric.euclidean(RescalingGroup.of(model.network()));
        GradientFlow flow = squares(model.network());
        FlowResult result = flow.integrate(model.weights(), metric, 10, 1e-10);
        assertThat(result.finished()).isFalse();
        assertThat(result.time()).isStrictlyBetween(0.1, 10.0);
        assertThat(result.drift()).isLessThan(1e-8);
        assertThat(loss(model.at(result.end()))).isLessThan(loss(model));
        FlowResult shorter = flow.integrate(model.weights(), metric, result.time() / 2, 1e-10);
        assertThat(shorter.finished()).isTrue();
    }

    @Test
    @DisplayName("C7: the flow in the logarithmic metric keeps Σ_in ln|w| − Σ_out ln|w|, not the Euclidean charge")
    void logarithmic() {
        Model model = dense(true, 2, 4, 3);
        RescalingGroup group = RescalingGroup.of(model.network());
        FlowMetric metric = FlowMetric.logarithmic(group);
        FlowResult result = squares(model.network()).integrate(model.weights(), metric, 10, 1e-10);
        assertThat(result.finished()).isTrue();
        assertThat(result.drift()).isLessThan(1e-8);
        assertThat(loss(model.at(result.end()))).isLessThan(0.7 * loss(model));
        assertThat(largestMove(Charges.of(group), model, result)).isGreaterThan(1e-2);
    }

    private static double largestMove(Charges charges, Model model, FlowResult result) {
        double[] before = charges.at(model.weights().asMap());
        double[] after = charges.at(result.end().asMap());
        double moved = 0;
        for (int k = 0; k < before.length; k++) {
            moved = Math.max(moved, Math.abs(after[k] - before[k]));
        }
        return moved;
    }

    @Test
    @DisplayName("C7: the flow of one hidden layer in the metric of Badrinarayanan et al. keeps ln‖w_in‖ − ln‖w_out‖")
    void shallow() {
        Model model = dense(true, 10, 5);
        RescalingGroup group = RescalingGroup.of(model.network());
        FlowResult result = squares(model.network()).integrate(model.weights(), FlowMetric.shallow(group), 10, 1e-10);
        assertThat(result.finished()).isTrue();
        assertThat(result.drift()).isLessThan(1e-8);
        assertThat(loss(model.at(result.end()))).isLessThan(0.5 * loss(model));
        assertThat(largestMove(Charges.of(group), model, result)).isGreaterThan(1e-2);
        assertThatThrownBy(() -> FlowMetric.shallow(
                        RescalingGroup.of(dense(true, 1, 4, 3).network())))
                .hasMessageContaining("couples generator");
    }

    @Test
    @DisplayName("C8: the drift of gradient descent over a fixed time halves with the step")
    void eulerDrift() {
        Model model = dense(true, 5, 4, 3);
        FlowMetric metric = FlowMetric.euclidean(RescalingGroup.of(model.network()));
        GradientFlow flow = squares(model.network());
        double[] drift = new double[3];
        for (int i = 0; i < 3; i++) {
            int steps = 200 << i;
            drift[i] = flow.euler(model.weights(), metric, 0.2 / steps, steps).drift();
        }
        assertThat(drift[0]).isGreaterThan(1e-7);
        assertThat(drift[0] / drift[1]).isCloseTo(2, within(0.05));
        assertThat(drift[1] / drift[2]).isCloseTo(2, within(0.05));
    }

    @Test
    @DisplayName("u·relu(wx) from (1, 2): the flow to zero loss ends where u² − w² = 3 and uw = 0, at (0, √3)")
    void closedForm() {
        NetworkBuilder net = NetworkBuilder.named("u relu(wx)");
        Network network = net.build(
                        net.input("x", 1).dense("w", 1, false).relu().dense("u", 1, false))
                .network();
        Expr y = network.outputs().get(0);
        GradientFlow flow =
                GradientFlow.of(network, y.times(y).sum().times(0.5), Map.of("x", Tensor.of(Shape.of(1, 1), 1)));
        FlowResult result = flow.integrate(
                org.quotient.autodiff.network.Weights.of(
                        Map.of("w.weight", Tensor.of(Shape.of(1, 1), 1), "u.weight", Tensor.of(Shape.of(1, 1), 2))),
                FlowMetric.euclidean(RescalingGroup.of(network)),
                10,
                1e-12);
        assertThat(result.end().get("w.weight").item()).isCloseTo(0, within(1e-9));
        assertThat(result.end().get("u.weight").item()).isCloseTo(Math.sqrt(3), within(1e-9));
    }
}
