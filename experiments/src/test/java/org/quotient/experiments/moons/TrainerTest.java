package org.quotient.experiments.moons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;

@DisplayName("Full-batch gradient descent on two moons")
class TrainerTest {
    private static final TwoMoons DATA = TwoMoons.of(100, 0.1, 0.7, 3);

    @Test
    @DisplayName(
            "the points are split as asked, both classes are there, and without noise class 0 is on the unit circle")
    void data() {
        assertThat(DATA.trainY().size()).isEqualTo(70);
        assertThat(DATA.testY().size()).isEqualTo(30);
        double ones = 0;
        for (int i = 0; i < 70; i++) {
            ones += DATA.trainY().get(i);
        }
        for (int i = 0; i < 30; i++) {
            ones += DATA.testY().get(i);
        }
        assertThat(ones).isEqualTo(50);
        TwoMoons clean = TwoMoons.of(10, 0, 0.8, 0);
        for (int i = 0; i < 8; i++) {
            double x = clean.trainX().get(2 * i);
            double y = clean.trainX().get(2 * i + 1);
            boolean second = clean.trainY().get(i) == 1;
            double radius = second ? Math.hypot(x - 1, y - 0.5) : Math.hypot(x, y);
            assertThat(radius).isCloseTo(1, within(1e-6));
            assertThat(second ? 0.5 - y : y).isGreaterThan(-1e-6);
        }
    }

    @Test
    @DisplayName(
            "without a step nothing changes; a huge rate ends in a loss that is not finite, or no better than before")
    void extremes() {
        Model model = BuiltIns.model("mlp:2-16-2,dtype=f32", 0);
        try (Trainer trainer = new Trainer(model.network())) {
            Trainer.Outcome still = trainer.train(model.weights(), DATA, 0, 10, 5);
            assertThat(still.curve()).hasSize(3).containsOnly(still.curve().getFirst());
            Trainer.Outcome wild = trainer.train(model.weights(), DATA, 1e30, 10, 5);
            assertThat(wild.finite()).isFalse();
            // The session is used again: the run before leaves no trace.
            assertThat(trainer.train(model.weights(), DATA, 0, 10, 5)).isEqualTo(still);
        }
    }

    @Test
    @DisplayName("tr K after a rescaling is tr K of the rescaled weights")
    void traceAfter() {
        Model model = BuiltIns.model("mlp:2-16-16-2,dtype=f32", 1);
        RescalingGroup group = RescalingGroup.of(model.network());
        for (Method method : Method.values()) {
            Method.Start start = method.start(group, model, DATA.trainX());
            double[] none = new double[group.rank()];
            double trace = OrbitCriterion.pathCond(group, PathLifting.of(start.model()))
                    .trace(none);
            assertThat(start.traceAfter()).isCloseTo(trace, within(1e-5 * trace));
        }
    }
}
