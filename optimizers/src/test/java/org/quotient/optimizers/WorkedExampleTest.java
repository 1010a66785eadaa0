package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;

/** f = u·relu(w·x), L = ½f², at x = (1, 0), with learning rate 1/1000: two representatives of one function. */
class WorkedExampleTest {
    private static final double ETA = 1e-3;
    private static final double ROUNDING = 1e-14;

    private final Network network = network();
    private final RescalingGroup group = RescalingGroup.of(network);
    private final Batch batch = Batch.of(Tensor.of(Shape.of(1, 2), 1, 0), Tensor.of(Shape.of(1, 1), 0));

    private static Network network() {
        NetworkBuilder net = NetworkBuilder.named("u relu(w x)");
        return net.build(net.input("x", 2).dense("w", 1, false).relu().dense("u", 1, false))
                .network();
    }

    private static Weights at(double w1, double w2, double u) {
        return Weights.of(Map.of(
                "w.weight", Tensor.of(Shape.of(1, 2), w1, w2),
                "u.weight", Tensor.of(Shape.of(1, 1), u)));
    }

    private double[] stepped(Update update, Weights weights) {
        Training training = Training.of(network, Loss.halfSquaredError(), update);
        Training.Step step = training.step(training.start(weights), batch);
        Model after = step.next().model();
        Tensor w = after.weights().get("w.weight");
        return new double[] {
            w.get(0),
            w.get(1),
            after.weights().get("u.weight").item(),
            after.evaluate(batch.inputs()).get(0).item()
        };
    }

    @Test
    @DisplayName(
            "L = 18 and ∇L = (12, 0 | 18) at (3, 4 | 2); the differential is divided where the weights are multiplied")
    void lossAndDifferential() {
        Training training = Training.of(network, Loss.halfSquaredError(), Updates.sgd(ETA));
        Training.Step step = training.step(training.start(at(3, 4, 2)), batch);
        assertThat(step.loss()).isEqualTo(18);
        assertThat(step.differential().get("w.weight").data()).containsExactly(12, 0);
        assertThat(step.differential().get("u.weight").item()).isEqualTo(18);

        Training.Step other = training.step(training.start(at(30, 40, 0.2)), batch);
        assertThat(other.loss()).isEqualTo(18);
        assertThat(other.differential().get("w.weight").get(0)).isCloseTo(1.2, within(ROUNDING));
        assertThat(other.differential().get("u.weight").item()).isCloseTo(180, within(180 * ROUNDING));
    }

    @Test
    @DisplayName("gradient descent: f = 5.922216 from (3, 4 | 2), but f = 0.599976 from (30, 40 | 0.2)")
    void gradientDescent() {
        assertThat(stepped(Updates.sgd(ETA), at(3, 4, 2)))
                .containsExactly(new double[] {2.988, 4, 1.982, 5.922216}, within(ROUNDING));
        assertThat(stepped(Updates.sgd(ETA), at(30, 40, 0.2)))
                .containsExactly(new double[] {29.9988, 40, 0.02, 0.599976}, within(4 * ROUNDING));
    }

    @Test
    @DisplayName("log metric: (2.892, 4 | 1.928) and (28.92, 40 | 0.1928), one function with f = 5.575776")
    void logMetric() {
        assertThat(stepped(Updates.logMetric(group, ETA), at(3, 4, 2)))
                .containsExactly(new double[] {2.892, 4, 1.928, 5.575776}, within(ROUNDING));
        assertThat(stepped(Updates.logMetric(group, ETA), at(30, 40, 0.2)))
                .containsExactly(new double[] {28.92, 40, 0.1928, 5.575776}, within(4 * ROUNDING));
    }

    @Test
    @DisplayName("tensorwise metric: ‖w‖² = 25 and u² = 4 give (2.7, 4 | 1.928), f = 5.2056, on both representatives")
    void tensorwiseMetric() {
        assertThat(stepped(Updates.tensorwise(ETA), at(3, 4, 2)))
                .containsExactly(new double[] {2.7, 4, 1.928, 5.2056}, within(ROUNDING));
        assertThat(stepped(Updates.tensorwise(ETA), at(30, 40, 0.2)))
                .containsExactly(new double[] {27, 40, 0.1928, 5.2056}, within(4 * ROUNDING));
    }

    @Test
    @DisplayName("where the group is trivial the log metric is Euclidean")
    void nothingToCompensate() {
        NetworkBuilder net = NetworkBuilder.named("linear");
        Network linear = net.build(net.input("x", 2).dense("w", 1)).network();
        RescalingGroup trivial = RescalingGroup.of(linear);
        assertThat(trivial.rank()).isZero();
        ParameterVector theta = new ParameterVector(Map.of(
                "w.weight", Tensor.of(Shape.of(1, 2), 3, 0),
                "w.bias", Tensor.of(Shape.of(1), 5)));
        ParameterVector differential = theta.map(x -> x + 1);
        assertThat(LogMetric.of(trivial).gradient(theta, differential).sameBits(differential))
                .isTrue();
    }

    @Test
    @DisplayName("an update knows when it is used on another network or with another state")
    void wrongUse() {
        NetworkBuilder net = NetworkBuilder.named("other");
        Network other = net.build(net.input("x", 3).dense("w", 2, false).relu().dense("u", 1, false))
                .network();
        Update foreign = Updates.logMetric(RescalingGroup.of(other), ETA);
        Training training = Training.of(network, Loss.halfSquaredError(), foreign);
        assertThat(catchThrowable(() -> training.step(training.start(at(3, 4, 2)), batch)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("made for another network");

        ParameterVector theta = ParameterVector.of(network, at(3, 4, 2));
        assertThat(catchThrowable(() -> Updates.momentum(ETA, 0.9).step(theta, theta, State.EMPTY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("start from the init");
        for (double bad : List.of(-1.0, Double.NaN, Double.POSITIVE_INFINITY)) {
            assertThat(catchThrowable(() -> Updates.sgd(bad))).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
