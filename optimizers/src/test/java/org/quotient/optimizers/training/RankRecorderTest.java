package org.quotient.optimizers.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Moons;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.LocalIdentifiability;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;
import org.quotient.optimizers.zoo.Optimizers;

/** Ranks along a training. */
class RankRecorderTest {
    private static final DataSplit MOONS = new Moons(60, 0.1, 0.5).draw(1);

    private record Ran(Progress done, RankSeries series) {}

    private static Trainer trainer(Model model) {
        return Trainer.of(model.network(), task(model), Optimizers.of("sgd"), TrainingPlan.of(3, 10, 0.1, 5));
    }

    private static Task task(Model model) {
        return Task.of(model.network(), MOONS, false);
    }

    private static Ran run(Model model, String... metrics) {
        Trainer trainer = trainer(model);
        Progress from = trainer.begin(model.weights());
        List<RankMetric> asked =
                List.of(metrics).stream().map(m -> RankMetric.parse(m, 7)).toList();
        RankRecorder recorder = RankRecorder.of(asked, task(model), trainer, from, RankSeries.EMPTY);
        Progress done = trainer.run(from, recorder.before(Trainer.Listener.silent()));
        return new Ran(done, recorder.series());
    }

    private static Points train(Model model, int count) {
        int[] first = IntStream.range(0, count).toArray();
        return Points.of(model.network(), List.of(MOONS.train().samples(first, DType.F64)));
    }

    @Test
    void readingsAreTheRanksOfTheWeightsAtThatMoment() {
        Model start = BuiltIns.model("mlp:2-4-3-2", 3);
        Ran ran = run(
                start,
                "functional-dimension:samples=20",
                "local-identifiability:samples=20",
                "functional-dimension:on=everywhere");
        FunctionalDimension before = FunctionalDimension.of(start);
        FunctionalDimension after = before.moveTo(ran.done().state().model().weights());
        for (FunctionalDimension at : List.of(before, after)) {
            List<RankSeries.Entry> entries = ran.series().at(at == before ? 0 : 3);
            assertThat(entries)
                    .extracting(RankSeries.Entry::reading)
                    .containsExactly(
                            RankReading.Dimension.of(at.batch(train(start, 20)), Math.min(at.bound(), 40)),
                            RankReading.Identifiability.of(LocalIdentifiability.of(at, train(start, 20)), 20),
                            RankReading.Dimension.of(at.sampled(Sampling.seeded(7)), at.bound()));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, '0 1 2 3'", "2, '0 2 3'", "5, '0 3'"})
    void readingsAreTakenAtTheStartEveryKEpochsAndAtTheEnd(int every, String epochs) {
        Ran ran = run(BuiltIns.model("mlp:2-3-2", 0), "functional-dimension:every=" + every);
        assertThat(String.join(
                        " ",
                        ran.series().entries().stream()
                                .map(e -> String.valueOf(e.epoch()))
                                .toList()))
                .isEqualTo(epochs);
    }

    @Test
    void measuringDoesNotChangeABitOfTheTraining() {
        Model model = BuiltIns.model("mlp:2-3-2,bn=true,dtype=f32", 0);
        Trainer trainer = trainer(model);
        Progress plain = trainer.run(trainer.begin(model.weights()), Trainer.Listener.silent());
        Progress measured =
                run(model, "functional-dimension", "local-identifiability").done();
        plain.state()
                .model()
                .weights()
                .asMap()
                .forEach((name, tensor) -> assertThat(tensor.sameBits(
                                measured.state().model().weights().get(name)))
                        .as(name)
                        .isTrue());
        assertThat(measured.epochs()).isEqualTo(plain.epochs());
    }

    @Test
    void batchNormalisationIsMeasuredWithTheStatisticsOfTheMoment() {
        Model start = BuiltIns.model("mlp:2-3-2,bn=true", 0);
        Ran ran = run(start, "functional-dimension:samples=30");
        Model end = ran.done().state().model();
        assertThat(ran.series().at(3).getFirst().reading())
                .isEqualTo(RankReading.Dimension.of(
                        FunctionalDimension.of(end).batch(train(end, 30)),
                        FunctionalDimension.of(end).batch(train(end, 30)).bound()));
    }

    @Test
    void fewPointsSayHowManyDimensionsTheyCanGive() {
        Ran ran = run(BuiltIns.model("mlp:2-8-8-2", 0), "functional-dimension:samples=5,every=3");
        assertThat(ran.series().entries()).allSatisfy(e -> {
            RankReading.Dimension d = (RankReading.Dimension) e.reading();
            assertThat(d.most()).isEqualTo(10);
            assertThat(d.rank()).isLessThanOrEqualTo(10);
        });
    }

    @Test
    void aSeriesIsReadFromItsText() {
        RankSeries series = run(
                        BuiltIns.model("mlp:2-3-2", 0), "functional-dimension:every=2", "local-identifiability:every=2")
                .series();
        assertThat(RankSeries.of(series.text())).isEqualTo(series);
        assertThat(series.entries()).hasSize(6);
        assertThatThrownBy(() -> RankSeries.of("0\tx\t0 1 2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RankSeries.of("0\tx")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeMeasuredIsRefusedBeforeTraining() {
        for (String[] c : new String[][] {
            {"mlp:2-3-2,activation=tanh", "functional-dimension", "tanh"},
            {"mlp:2-256-256-2", "functional-dimension:on=everywhere", "65536"}
        }) {
            Model model = BuiltIns.model(c[0], 0);
            Trainer trainer = trainer(model);
            Progress from = trainer.begin(model.weights());
            assertThatThrownBy(() -> RankRecorder.of(
                            List.of(RankMetric.parse(c[1], 0)), task(model), trainer, from, RankSeries.EMPTY))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("The metric '" + c[1] + "'", c[2]);
        }
    }

    @Test
    void metricsThatDoNotExistAreNamed() {
        assertThatThrownBy(() -> RankMetric.parse("functional-dimensions", 0)).hasMessageContaining("Did you mean");
        assertThatThrownBy(() -> RankMetric.parse("functional-dimension:every=0", 0))
                .hasMessageContaining("every");
        assertThatThrownBy(() -> RankMetric.parse("functional-dimension:on=validation", 0))
                .hasMessageContaining("train or test or everywhere");
        assertThatThrownBy(() -> RankMetric.parse("local-identifiability:on=everywhere", 0))
                .hasMessageContaining("train or test");
    }
}
