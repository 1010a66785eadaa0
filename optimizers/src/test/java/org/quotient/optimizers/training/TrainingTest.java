package org.quotient.optimizers.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;

/** Steps of training do what they say. */
class TrainingTest {
    private static final Batch XOR =
            Batch.of(Tensor.of(Shape.of(4, 2), 0, 0, 0, 1, 1, 0, 1, 1), Tensor.of(Shape.of(4), 0, 1, 1, 0));

    @Test
    @DisplayName("exclusive or is learnt, by gradient descent with momentum and in the log metric")
    void exclusiveOr() {
        Model model = BuiltIns.model("mlp:2-16-2", 3);
        RescalingGroup group = RescalingGroup.of(model.network());
        ParameterVector start =
                ParameterVector.of(model.network(), model.weights()).map(x -> x);
        for (Update update : List.of(Updates.momentum(0.1, 0.9), Updates.logMetricMomentum(group, 0.2, 0.9))) {
            Training training = Training.of(model.network(), Loss.crossEntropy(), update);
            TrainingState state = training.start(model.weights());
            double first = training.step(state, XOR).loss();
            for (int t = 0; t < 300; t++) {
                state = training.step(state, XOR).next();
            }
            assertThat(state.steps()).isEqualTo(300);
            assertThat(first).as(update.name()).isGreaterThan(0.5);
            assertThat(training.step(state, XOR).loss()).as(update.name()).isLessThan(0.05);
            assertThat(ParameterVector.of(model.network(), model.weights()).sameBits(start))
                    .as("training leaves the weights that it starts from")
                    .isTrue();
        }
    }

    @Test
    @DisplayName("the loss is the mean over the batch: a batch twice over gives the same step")
    void meanOverBatch() {
        Model model = BuiltIns.model("mlp:2-3-2", 0);
        Training training = Training.of(model.network(), Loss.crossEntropy(), Updates.sgd(0.1));
        Batch twice = Batch.of(Tensor.of(Shape.of(4, 2), 1, 2, 1, 2, 1, 2, 1, 2), Tensor.of(Shape.of(4), 1, 1, 1, 1));
        Batch once = Batch.of(Tensor.of(Shape.of(1, 2), 1, 2), Tensor.of(Shape.of(1), 1));
        Training.Step a = training.step(training.start(model.weights()), twice);
        Training.Step b = training.step(training.start(model.weights()), once);
        assertThat(a.loss()).isEqualTo(b.loss());
        assertThat(a.differential().sameBits(b.differential())).isTrue();
    }

    @Test
    @DisplayName("single precision stays single precision, and buffers stay as they are")
    void singlePrecisionAndBuffers() {
        Model model = BuiltIns.model("mlp:2-3-2,bn=true,dtype=f32", 0);
        CounterRandom random = CounterRandom.seeded(5);
        Batch batch = Batch.of(
                Tensor.fill(Shape.of(4, 2), DType.F32, random::normal), Tensor.of(Shape.of(4), DType.F32, 0, 1, 1, 0));
        Training training = Training.of(model.network(), Loss.crossEntropy(), Updates.momentum(0.1, 0.9));
        Training.Step step = training.step(training.start(model.weights()), batch);
        Model after = step.next().model();
        assertThat(model.network().buffers()).isNotEmpty();
        model.network()
                .buffers()
                .forEach(b -> assertThat(after.weights().get(b))
                        .isSameAs(model.weights().get(b)));
        model.network()
                .parameters()
                .forEach(p -> assertThat(after.weights().get(p).dtype()).isEqualTo(DType.F32));
        assertThat(step.differential().tensors()).hasSameSizeAs(model.network().parameters());
    }

    @Test
    @DisplayName("a network with two outputs is refused with what to do")
    void oneOutput() {
        Network network = BuiltIns.model("mlp:2-3-2", 0).network();
        Network two = network.withOutputs(
                List.of(network.outputs().get(0), network.outputs().get(0)));
        assertThat(catchThrowable(() -> Training.of(two, Loss.halfSquaredError(), Updates.sgd(0.1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one output")
                .hasMessageContaining("withOutputs");
    }
}
