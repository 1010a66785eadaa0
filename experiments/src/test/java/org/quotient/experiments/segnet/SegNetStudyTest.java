package org.quotient.experiments.segnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.segnet.SegNetStudy.Results;
import org.quotient.experiments.segnet.SegNetStudy.Settings;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Part;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.training.Evaluation;
import org.quotient.optimizers.training.Score;
import org.quotient.optimizers.training.Task;

@DisplayName("UN against SGD with a class for every pixel")
class SegNetStudyTest {
    @Test
    @DisplayName("unpooling puts a value where the largest of its window was, and zeros elsewhere")
    void unpooling() {
        NetworkBuilder net = NetworkBuilder.named("places", DType.F64, Initialisation.TORCH);
        Flow x = net.input("x", 1, 2, 4);
        Expr places = SegNet.winners(x, 2).value();
        Tensor at = Tensor.of(Shape.of(1, 1, 2, 4), DType.F64, -3, -1, 5, 2, -2, -4, 7, 7.5);
        Tensor found = Evaluator.evaluate(places, Map.of("x", at));
        assertThat(found.data()).containsExactly(0, 1, 0, 0, 0, 0, 0, 1);
    }

    @Test
    @DisplayName(
            "every channel of encoder and decoder has a free scale, through unpooling too: powers of two leave scores as they are")
    void scales() {
        Network network = new SegNet(List.of(2, 3), List.of(3, 4), false)
                .network(1, 12, 12, 2)
                .network();
        Model model = new SegNet(List.of(2, 3), List.of(3, 4), false)
                .network(1, 12, 12, 2)
                .model(0);
        RescalingGroup group = RescalingGroup.of(network);
        assertThat(group.rank()).isEqualTo(3 + 4 + 4 + 3 + 3);
        int[] exponents = new int[group.rank()];
        for (int h = 0; h < exponents.length; h++) {
            exponents[h] = h % 5 - 2;
        }
        Weights moved = group.actByPowersOfTwo(model.weights(), exponents);
        assertThat(scores(network, moved).sameBits(scores(network, model.weights())))
                .isTrue();
        assertThat(moved.get("conv1.weight").sameBits(model.weights().get("conv1.weight")))
                .isFalse();
    }

    private static Tensor scores(Network network, Weights weights) {
        CounterRandom random = CounterRandom.seeded(1);
        double[] x = new double[12 * 12];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.normal(i);
        }
        Map<String, Tensor> given = new LinkedHashMap<>(weights.asMap());
        given.put("x", Tensor.of(Shape.of(1, 1, 12, 12), DType.F32, x));
        return Evaluator.evaluate(network.outputs().getFirst(), given);
    }

    @Test
    @DisplayName("accuracy and mean IoU are those of a confusion matrix by hand, void and absent classes left out")
    void scoresByHand() {
        // Three classes, the last neither there nor predicted. The network says class 1 where x > 0.
        NetworkBuilder net = NetworkBuilder.named("sign", DType.F64, Initialisation.TORCH);
        Flow x = net.input("x", 1, 1, 6);
        Network network =
                net.build(x.conv("classifier", 3, Window.square(1, 1, 0))).network();
        Weights weights = Weights.of(Map.of(
                "classifier.weight",
                Tensor.of(Shape.of(3, 1, 1, 1), DType.F64, -1, 1, 0),
                "classifier.bias",
                Tensor.of(Shape.of(3), DType.F64, 0, 0, -9)));
        // said:  1  1  1  0  0  1
        // there: 1  1  0  0  1  void: of class 0 one of {there 2, said 2}, of class 1 two of {there 3, said 3}.
        Dataset one = Dataset.of(
                "one",
                Shape.of(1, 1, 6),
                new Storage.Floats(new float[] {2, 1, 3, -1, -2, 4}),
                new Labels(new int[] {1, 1, 0, 0, 1, 3}, Shape.of(1, 6), List.of("a", "b", "c"), true));
        Task task = Task.of(network, DataSplit.of("one", "one picture", one, one), false);
        try (Evaluation evaluation = Evaluation.of(network, task, 1)) {
            Score score = evaluation.score(weights, one);
            assertThat(score.accuracy()).isCloseTo(3 / 5.0, within(1e-12));
            assertThat(score.meanIou()).isCloseTo((1 / 3.0 + 2 / 4.0) / 2, within(1e-12));
        }
    }

    @Test
    @DisplayName("both methods begin with one function, learn, and have a mean IoU")
    void structure() throws IOException {
        Settings settings = Settings.quick();
        Results results = SegNetStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        assertThat(results.entries()).hasSize((int) settings.runs());
        Part part = results.parts().getFirst();
        double first = Double.NaN;
        for (Method method : results.tuned(part).methods()) {
            var run = results.tuned(part).runs(method).getFirst().outcome();
            first = Double.isNaN(first) ? run.losses().getFirst() : first;
            assertThat(run.losses().getFirst()).as(method.name()).isCloseTo(first, within(1e-3));
            assertThat(run.trainLoss()).isLessThan(run.epochs().getFirst().trainLoss());
            assertThat(run.meanIou()).isBetween(0.0, 1.0);
        }
        assertThat(results.commonest()).isBetween(0.5, 1.0);
    }

    @Test
    @DisplayName("pools that do not divide a picture are refused, with both sizes")
    void refused() {
        assertThatThrownBy(() -> new SegNet(List.of(2, 3), List.of(3, 4), true).network(3, 90, 122, 2))
                .hasMessageContaining("122")
                .hasMessageContaining("6");
        assertThatThrownBy(() -> new SegNet(List.of(2), List.of(3, 4), true)).hasMessageContaining("1 pools");
    }
}
