package org.quotient.optimizers.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.Augmentation;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Digits;
import org.quotient.autodiff.data.MadeData;
import org.quotient.autodiff.data.Moons;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.zoo.Optimizers;

class TrainerTest {
    private static final DataSplit MOONS = new Moons(100, 0.1, 0.7).draw(1);
    private static final Model MODEL = BuiltIns.model("mlp:2-8-8-2,dtype=f32", 2);

    private static TrainingPlan plan(int threads) {
        return new TrainingPlan(3, 16, 0.05, new Schedule.Exponential(0.9), 5, Optional.empty(), 0, threads);
    }

    private static Trainer trainer(Model model, DataSplit data, Update update, TrainingPlan plan) {
        return Trainer.of(model.network(), Task.of(model.network(), data, false), update, plan);
    }

    private static void same(Progress a, Progress b) {
        Weights x = a.state().model().weights();
        Weights y = b.state().model().weights();
        x.asMap()
                .forEach((name, tensor) ->
                        assertThat(tensor.sameBits(y.get(name))).as(name).isTrue());
        assertThat(a.state().optimizer().sameBits(b.state().optimizer())).isTrue();
        assertThat(a.epochs()).isEqualTo(b.epochs());
        assertThat(a.state().steps()).isEqualTo(b.state().steps());
    }

    /** All progresses of a run, after each step. */
    private static List<Progress> every(Trainer trainer, Model model) {
        List<Progress> all = new ArrayList<>();
        trainer.run(trainer.begin(model.weights()), new Trainer.Listener() {
            @Override
            public boolean wantsProgress(long step) {
                return true;
            }

            @Override
            public void progress(Progress progress) {
                all.add(progress);
            }
        });
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"momentum", "frame-adam", "g-sgd:mu=0.9,rechoose=4", "log-sgd:mu=0.5"})
    void aRunThatGoesOnFromTheBytesOfAnyStepReachesTheSameBits(String optimizer) {
        Trainer trainer = trainer(MODEL, MOONS, Optimizers.of(optimizer), plan(1));
        List<Progress> all = every(trainer, MODEL);
        Progress end = all.getLast();
        assertThat(end.state().steps()).isEqualTo(trainer.steps());
        for (int at : new int[] {1, 4, 5, 9, 14}) {
            byte[] bytes = new Checkpoint("run", "note", all.get(at - 1)).toBytes();
            Checkpoint read = Checkpoint.fromBytes(bytes, MODEL.network());
            assertThat(read.description()).isEqualTo("run");
            same(read.progress(), all.get(at - 1));
            same(trainer.run(read.progress(), Trainer.Listener.silent()), end);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, -1, 0.5, Double.NaN})
    void aLabelThatIsNoClassIsRefused(double label) {
        Training training = Training.of(MODEL.network(), Loss.crossEntropy(), Optimizers.of("sgd"));
        Batch batch =
                Batch.of(Tensor.of(Shape.of(2, 2), DType.F32, 1, 2, 3, 4), Tensor.of(Shape.of(2), DType.F32, 1, label));
        assertThatThrownBy(() -> training.step(training.start(MODEL.weights()), batch, 0.1))
                .hasMessageContaining("0 to 1")
                .hasMessageContaining("target 1");
        assertThatThrownBy(() -> training.loss(MODEL.weights(), batch)).hasMessageContaining("target 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aLearningRateIsFiniteAndNotNegative(double rate) {
        Training training = Training.of(MODEL.network(), Loss.crossEntropy(), Optimizers.of("sgd"));
        Batch batch = Batch.of(Tensor.of(Shape.of(1, 2), DType.F32, 1, 2), Tensor.of(Shape.of(1), DType.F32, 1));
        assertThatThrownBy(() -> training.step(training.start(MODEL.weights()), batch, rate))
                .hasMessageContaining("learning rate");
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        Trainer one = trainer(MODEL, MOONS, Optimizers.of("frame-adam"), plan(1));
        Trainer two = trainer(MODEL, MOONS, Optimizers.of("frame-adam"), plan(2));
        same(
                one.run(one.begin(MODEL.weights()), Trainer.Listener.silent()),
                two.run(two.begin(MODEL.weights()), Trainer.Listener.silent()));
    }

    @Test
    void runningStatisticsAndMovedPicturesResumeToTheSameBitsToo() {
        Model model = BuiltIns.model("resnet-18,bn=true,width=0.0625,input=1x8x8,classes=10,dtype=f32", 3);
        DataSplit digits = new Digits(60, 8, 0.05, 0.75).draw(2);
        TrainingPlan plan =
                new TrainingPlan(2, 16, 0.05, Schedule.CONSTANT, 5, Optional.of(new Augmentation(1, true, 7)), 0, 1);
        Trainer trainer = trainer(model, digits, Optimizers.of("momentum"), plan);
        List<Progress> all = every(trainer, model);
        Tensor before = model.weights().get(model.network().buffers().getFirst());
        assertThat(all.getLast()
                        .state()
                        .model()
                        .weights()
                        .get(model.network().buffers().getFirst())
                        .sameBits(before))
                .as("running statistics move")
                .isFalse();
        same(trainer.run(all.get(3), Trainer.Listener.silent()), all.getLast());
    }

    @Test
    void damagedBytesAreRefused() {
        Trainer trainer = trainer(MODEL, MOONS, Optimizers.of("sgd"), plan(1));
        byte[] bytes = new Checkpoint("run", "", trainer.begin(MODEL.weights())).toBytes();
        for (int at : new int[] {0, 9, bytes.length / 2, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertThatThrownBy(() -> Checkpoint.fromBytes(damaged, MODEL.network()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Checkpoint.fromBytes(java.util.Arrays.copyOf(bytes, 100), MODEL.network()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moonsAreLearnedAndScoredInDoublePrecision() {
        DataSplit data = MadeData.moons().draw(0);
        Model model = BuiltIns.model("mlp:2-32-32-2,dtype=f32", 0);
        Trainer trainer = trainer(model, data, Optimizers.of("adam"), TrainingPlan.of(10, 32, 0.01, 0));
        Progress end = trainer.run(trainer.begin(model.weights()), Trainer.Listener.silent());
        assertThat(end.epochs().getLast().held().accuracy()).isGreaterThan(0.97);
        assertThat(end.epochs().getFirst().trainLoss())
                .isGreaterThan(end.epochs().getLast().trainLoss());
        Task task = Task.of(model.network(), data, false);
        try (Evaluation evaluation = Evaluation.of(model.network(), task, 1)) {
            Weights weights = end.state().model().weights();
            int[] all = java.util.stream.IntStream.range(0, data.test().size()).toArray();
            Batch whole = task.batch(
                    data.test(), all, model.network().outputs().getFirst().dtype());
            double loss = Training.of(model.network(), Loss.crossEntropy(), Optimizers.of("sgd"))
                    .loss(weights, whole);
            assertThat(evaluation.score(weights, data.test()).loss()).isCloseTo(loss, within(1e-5));
        }
    }

    @Test
    void aLossThatIsNoNumberEndsTheRunWithAMessage() {
        Trainer trainer = trainer(MODEL, MOONS, Optimizers.of("sgd"), TrainingPlan.of(50, 16, 1e6, 0));
        assertThatThrownBy(() -> trainer.run(trainer.begin(MODEL.weights()), Trainer.Listener.silent()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("learning rate was 1000000.0");
    }

    @Test
    void aLastStepThatDivergesEndsTheRunWithAMessageToo() {
        Model model = BuiltIns.model("mlp:2-4-2", 1);
        Trainer trainer = trainer(model, MOONS, Optimizers.of("sgd"), TrainingPlan.of(1, 1000, 1e300, 0));
        assertThatThrownBy(() -> trainer.run(trainer.begin(model.weights()), Trainer.Listener.silent()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("at step 1 ");
    }

    @Test
    void patienceStopsWhenTheValidationLossNoLongerFalls() {
        DataSplit data = MOONS.withValidation(10);
        TrainingPlan plan = new TrainingPlan(40, 16, 0, Schedule.CONSTANT, 5, Optional.empty(), 2, 1);
        Trainer trainer = trainer(MODEL, data, Optimizers.of("sgd"), plan);
        // With rate 0 the first epoch is the best and no later one is better.
        assertThat(trainer.run(trainer.begin(MODEL.weights()), Trainer.Listener.silent())
                        .epochs())
                .hasSize(3);
    }

    @Test
    void schedulesAreFunctionsOfTheStep() {
        assertThat(Schedule.parse("exponential:0.5").factor(25, 10, 100)).isEqualTo(0.25);
        assertThat(Schedule.parse("steps:0.1:2:4").factor(45, 10, 100)).isCloseTo(0.01, within(1e-15));
        assertThat(Schedule.parse("cosine").factor(50, 10, 100)).isCloseTo(0.5, within(1e-15));
        assertThat(Schedule.parse("linear").factor(25, 10, 100)).isEqualTo(0.75);
        assertThatThrownBy(() -> Schedule.parse("steps:0.1")).hasMessageContaining("steps:0.1:80:120");
        assertThatThrownBy(() -> Schedule.parse("cosinus")).hasMessageContaining("cosine");
    }

    @Test
    void aNetworkThatDoesNotFitTheDataIsRefusedWithBothShapes() {
        assertThatThrownBy(() -> Task.of(BuiltIns.network("mlp:3-4-2").network(), MOONS, false))
                .hasMessageContaining("[3]")
                .hasMessageContaining("[2]");
        assertThatThrownBy(() -> Task.of(BuiltIns.network("mlp:2-4-3").network(), MOONS, false))
                .hasMessageContaining("[1, 3]")
                .hasMessageContaining("2 classes");
    }
}
