package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Momentum against a loop that is written out, on L = ½ Σ a_i θ_i². */
class MomentumTest {
    private static final double ETA = 0.1;
    private static final double MU = 0.9;
    private static final double[] CURVATURE = {1, 4, 0.25};

    private static ParameterVector vector(double... values) {
        return new ParameterVector(Map.of("theta", Tensor.of(Shape.of(values.length), values)));
    }

    private static ParameterVector differential(ParameterVector theta) {
        Tensor x = theta.get("theta");
        return theta.mapTensors(e -> Tensor.fill(x.shape(), x.dtype(), i -> CURVATURE[i] * x.get(i)));
    }

    private static double[] run(Update update, int steps, double... start) {
        ParameterVector theta = vector(start);
        State state = update.init(theta);
        for (int t = 0; t < steps; t++) {
            Update.Result result = update.step(theta, differential(theta), state);
            theta = result.theta();
            state = result.state();
        }
        return theta.get("theta").data();
    }

    @Test
    @DisplayName("m ← μ m + g, θ ← θ − η m, from m = 0: the first step is that of gradient descent")
    void heavyBall() {
        double[] theta = {1, -2, 3};
        double[] m = new double[3];
        for (int t = 0; t < 20; t++) {
            for (int i = 0; i < 3; i++) {
                m[i] = MU * m[i] + CURVATURE[i] * theta[i];
                theta[i] = theta[i] - ETA * m[i];
            }
        }
        assertThat(run(Updates.momentum(ETA, MU), 20, 1, -2, 3)).containsExactly(theta);
        assertThat(run(Updates.momentum(ETA, MU), 1, 1, -2, 3)).containsExactly(run(Updates.sgd(ETA), 1, 1, -2, 3));
        assertThat(run(Updates.momentum(ETA, MU), 2, 1, -2, 3)).isNotEqualTo(run(Updates.sgd(ETA), 2, 1, -2, 3));
    }

    @Test
    @DisplayName("Nesterov: θ ← θ − η (g + μ m)")
    void nesterov() {
        Update update = new Update(
                "nesterov",
                Metric.euclidean(),
                Direction.chain(new Momentum(MU, true), Direction.scaleByLearningRate(ETA)),
                Retraction.euclidean());
        double[] theta = {1, -2, 3};
        double[] m = new double[3];
        for (int t = 0; t < 20; t++) {
            for (int i = 0; i < 3; i++) {
                double g = CURVATURE[i] * theta[i];
                m[i] = MU * m[i] + g;
                theta[i] = theta[i] - ETA * (g + MU * m[i]);
            }
        }
        assertThat(run(update, 20, 1, -2, 3)).containsExactly(theta);
    }

    @Test
    @DisplayName("a step is pure: twice from one state is the same step, and what was given stays as it was")
    void pure() {
        Update update = Updates.momentum(ETA, MU);
        ParameterVector theta = vector(1, -2, 3);
        State first =
                update.step(theta, differential(theta), update.init(theta)).state();
        ParameterVector before = first.get("0.momentum");
        Update.Result a = update.step(theta, differential(theta), first);
        Update.Result b = update.step(theta, differential(theta), first);
        assertThat(a.theta().sameBits(b.theta())).isTrue();
        assertThat(first.get("0.momentum").sameBits(before)).isTrue();
        assertThat(theta.sameBits(vector(1, -2, 3))).isTrue();
        assertThat(a.state().get("0.momentum").sameBits(before)).isFalse();
    }

    @Test
    @DisplayName("a chain without parts is the identity, and chains nest with states of their own")
    void chains() {
        ParameterVector theta = vector(1, -2, 3);
        assertThat(Direction.chain().update(theta, State.EMPTY, theta).vector().sameBits(theta))
                .isTrue();
        Direction nested = Direction.chain(Direction.chain(Direction.momentum(0.5)), Direction.momentum(0.25));
        State state = nested.init(theta);
        assertThat(state.slots()).containsOnlyKeys("0.0.momentum", "1.momentum");
        Direction.Result one = nested.update(theta, state, theta);
        Direction.Result two = nested.update(theta, one.state(), theta);
        assertThat(two.state().get("0.0.momentum").get("theta").data()).containsExactly(1.5, -3, 4.5);
        assertThat(two.state().get("1.momentum").get("theta").data()).containsExactly(1.75, -3.5, 5.25);
    }

    @Test
    @DisplayName("in single precision the state and the point are rounded to single precision")
    void singlePrecision() {
        ParameterVector theta = new ParameterVector(Map.of("theta", Tensor.of(Shape.of(1), DType.F32, 1)));
        Update update = Updates.momentum(ETA, MU);
        Update.Result result = update.step(theta, theta, update.init(theta));
        assertThat(result.theta().get("theta").item()).isEqualTo((double) (float) (1 + (double) (float) -0.1));
        assertThat(result.theta().get("theta").dtype()).isEqualTo(DType.F32);
    }

    @Test
    @DisplayName("vectors over other parameters or of other shapes do not add")
    void misfits() {
        ParameterVector other = new ParameterVector(Map.of("phi", Tensor.of(Shape.of(3), 1, 2, 3)));
        assertThat(catchThrowable(() -> vector(1, 2, 3).plus(other))).hasMessageContaining("phi");
        assertThat(catchThrowable(() -> vector(1, 2, 3).plus(vector(1, 2)))).hasMessageContaining("shape");
        assertThat(catchThrowable(() -> new Momentum(1, false))).hasMessageContaining("less than 1");
    }
}
