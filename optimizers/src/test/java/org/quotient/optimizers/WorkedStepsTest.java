package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;

/** f = u·relu(w·x) with w = (3, 4), u = 2, x = (1, 0), y = 0, ½f², η = 0.001, and the same function at (30, 40 | 0.2). */
class WorkedStepsTest {
    private static final Network NETWORK =
            BuiltIns.network("mlp:2-1-1,bias=false").network();

    private static double[] after(Update update, double... theta) {
        Weights weights = Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(1, 2), DType.F64, theta[0], theta[1]),
                "fc2.weight", Tensor.of(Shape.of(1, 1), DType.F64, theta[2])));
        Batch batch = Batch.of(Tensor.of(Shape.of(1, 2), 1, 0), Tensor.of(Shape.of(1, 1), 0));
        Training training = Training.of(NETWORK, Loss.halfSquaredError(), update);
        Training.Step step = training.step(training.start(weights), batch, 1e-3);
        Weights next = step.next().model().weights();
        return new double[] {
            next.get("fc1.weight").get(0),
            next.get("fc1.weight").get(1),
            next.get("fc2.weight").get(0),
            step.loss()
        };
    }

    @Test
    void gradientDescentGoesElsewhereFromEachRepresentative() {
        assertThat(after(Updates.sgd(), 3, 4, 2)).containsExactly(new double[] {2.988, 4, 1.982, 18}, within(1e-12));
        assertThat(after(Updates.sgd(), 30, 40, 0.2))
                .containsExactly(new double[] {29.9988, 40, 0.02, 18}, within(1e-12));
    }

    @Test
    void theFrameTakesTheRowNormAndNothingForTheOutput() {
        // ε of w is ‖w‖ = 5, that of u is 1/5: θ − η·ε²·g with g = (12, 0 | 18).
        assertThat(after(Updates.frame("frame-sgd", Direction.chain(), 0), 3, 4, 2))
                .containsExactly(new double[] {3 - 0.001 * 25 * 12, 4, 2 - 0.001 * 18 / 25, 18}, within(1e-12));
        assertThat(after(Updates.frame("frame-sgd", Direction.chain(), 0), 30, 40, 0.2))
                .containsExactly(
                        new double[] {10 * (3 - 0.001 * 25 * 12), 40, (2 - 0.001 * 18 / 25) / 10, 18}, within(1e-12));
    }

    @Test
    void theLogMetricMovesByTheSquareOfTheWeightOrAlongItsGeodesic() {
        assertThat(after(Updates.log(Direction.chain(), false), 3, 4, 2))
                .containsExactly(new double[] {2.892, 4, 1.928, 18}, within(1e-12));
        assertThat(after(Updates.log(Direction.chain(), true), 30, 40, 0.2))
                .containsExactly(new double[] {30 * Math.exp(-0.036), 40, 0.2 * Math.exp(-0.036), 18}, within(1e-12));
    }

    @Test
    void adamBeginsWithTheSignOfTheGradient() {
        double[] next = after(Updates.adam(0.9, 0.999, 0), 3, 4, 2);
        assertThat(next[0]).isCloseTo(3 - 0.001, within(1e-12));
        assertThat(next[2]).isCloseTo(2 - 0.001, within(1e-12));
        double[] decayed = after(Updates.adamW(0.9, 0.999, 1e-8, 0.5), 3, 4, 2);
        assertThat(decayed[0]).isCloseTo(3 * (1 - 0.001 * 0.5) - 0.001, within(1e-10));
        assertThat(decayed[1]).isCloseTo(4 * (1 - 0.001 * 0.5), within(1e-12));
    }
}
