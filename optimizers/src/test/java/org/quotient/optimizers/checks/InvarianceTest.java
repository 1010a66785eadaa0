package org.quotient.optimizers.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/** What the measurement must not be deceived by. */
class InvarianceTest {
    private static final Update SGD = Optimizers.of("sgd");

    @ParameterizedTest
    @CsvSource({
        "sgd, 'mlp:2-3-2-1,bias=false'",
        "sgd, 'mlp:3-5-4-3-2,bias=false'",
        "adam, 'mlp:3-5-4-3-2,bias=false'",
        "adam, 'mlp:6-9-4-7-3-5-2,bias=false'"
    })
    void trainingThatKillsTheNetworkProvesNothing(String optimizer, String network) {
        for (int seed = 0; seed < 20; seed++) {
            Invariance found = measure(Optimizers.of(optimizer), BuiltIns.model(network, seed), 8, seed);
            assertThat(found.law()).as("seed %d: %s", seed, found).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1e-9", "1e-12"})
    void aSmallNumberInADenominatorIsNoRounding(double epsilon) {
        Update update = Update.of(
                "almost",
                Law.INVARIANT,
                at -> at.theta()
                        .zip(
                                at.differential(),
                                (w, g) -> w.minus(
                                        g.times(w.times(w).plus(epsilon)).times(at.learningRate()))));
        Model model = BuiltIns.model("mlp:4-6-5-3", 0);
        assertThat(measure(update, model, 6, 0).law()).isEmpty();
        Update exact = Update.of(
                "exact",
                Law.INVARIANT,
                at -> at.theta()
                        .zip(
                                at.differential(),
                                (w, g) -> w.minus(g.times(w.times(w)).times(at.learningRate()))));
        assertThat(measure(exact, model, 6, 0).law()).containsExactly(Subgroup.FULL);
    }

    @Test
    void inSinglePrecisionWhatIsSmallIsStillFelt() {
        Invariance found = measure(Optimizers.of("tensorwise"), BuiltIns.model("mlp:4-6-5-3,dtype=f32", 0), 3, 0);
        assertThat(found.measured().get(Subgroup.LAYER_UNIFORM)).matches(m -> !m.survives());
        assertThat(measure(Optimizers.of("frame-sgd"), BuiltIns.model("mlp:4-6-5-3,dtype=f32", 0), 3, 0)
                        .law())
                .containsExactly(Subgroup.FULL);
    }

    /** m ← 0.9m + θ²g, which scales like θ, declared to scale by a power. */
    private record LogMomentum(int power) implements Update {
        @Override
        public String name() {
            return "log-momentum";
        }

        @Override
        public Law law() {
            return Law.INVARIANT;
        }

        @Override
        public State init(Problem problem, Weights weights) {
            return State.of("m", State.Slot.zeros(problem, power));
        }

        @Override
        public Step step(Point at, Memory memory) {
            ParameterVector m = memory.get("m")
                    .times(0.9)
                    .plus(at.differential().times(at.theta()).times(at.theta()));
            return new Step(at.theta().minus(m.times(at.learningRate())), Map.of("m", m));
        }
    }

    @Test
    void aMemoryThatScalesOtherwiseThanDeclaredIsFelt() {
        Model model = BuiltIns.model("mlp:4-6-5-3", 1);
        assertThat(measure(new LogMomentum(1), model, 6, 1).law()).containsExactly(Subgroup.FULL);
        assertThat(measure(new LogMomentum(-1), model, 6, 1).law()).isEmpty();
    }

    @Test
    void aStartWithAnotherFunctionIsRefused() {
        Update other = new Update() {
            @Override
            public String name() {
                return "other";
            }

            @Override
            public Law law() {
                return Law.INVARIANT;
            }

            @Override
            public Weights start(Problem problem, Weights weights) {
                Map<String, Tensor> all = new LinkedHashMap<>(weights.asMap());
                all.replaceAll((name, w) -> Tensor.fill(w.shape(), w.dtype(), i -> Math.sin(1.0 + i)));
                return Weights.of(all);
            }

            @Override
            public Step step(Point at, Memory memory) {
                return SGD.step(at, memory);
            }
        };
        assertThatThrownBy(() -> measure(other, BuiltIns.model("mlp:4-6-5-3", 1), 6, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'other' changes the function");
    }

    @Test
    void whereThereIsNoScaleEveryLawHolds() {
        Invariance found = measure(SGD, BuiltIns.model("mlp:4-3", 1), 3, 1);
        assertThat(found.measured()).isEmpty();
        assertThat(found.law()).isEqualTo(List.of(Subgroup.FULL));
    }

    @Test
    void aTensorThatScalesMoveInPartIsNoLayer() {
        NetworkBuilder net = NetworkBuilder.named("beside its input");
        Flow x = net.input("x", 3);
        Flow h = x.dense("a", 4, false).relu();
        Flow both = net.flow(Ops.concat(1, List.of(x.value(), h.value())));
        Model model =
                net.build(both.dense("b", 5, false).relu().dense("c", 2, false)).model(3);
        for (String optimizer : List.of("tensorwise", "sm")) {
            Invariance found = measure(Optimizers.of(optimizer), model, 5, 1);
            // The scales of the units of 'b' are a layer; those of 'a' are columns beside those of x.
            assertThat(found.measured().get(Subgroup.LAYER_UNIFORM).dimension()).isEqualTo(1);
            assertThat(found.measured().get(Subgroup.LAYER_UNIFORM).survives()).isTrue();
        }
    }

    @Test
    void theUnitsOfARecurrentLayerAreOneLayer() {
        Invariance found = measure(Optimizers.of("sm"), BuiltIns.model("rnn:2-8-3,steps=5", 1), 4, 1);
        assertThat(found.measured().get(Subgroup.LAYER_UNIFORM).dimension()).isEqualTo(1);
        assertThat(found.law()).contains(Subgroup.LAYER_UNIFORM);
    }

    @Test
    void whereRoundingIsAsLargeAsTheOutputsNothingIsTold() {
        Model model = BuiltIns.model("mlp:4-12-12-12-3,dtype=f32", 1);
        assertThatThrownBy(() -> measure(Optimizers.of("natural:damping=1e-8"), model, 40, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounding hides");
    }

    @ParameterizedTest
    @CsvSource({"f32, 1e-4", "f64, 1e-9"})
    void theNaturalGradientLeavesWhatTheFunctionDoesNotDependOn(String dtype, double rate) {
        Model model = BuiltIns.model("mlp:3-4-3-2,dtype=" + dtype, 2);
        Map<String, Tensor> all = new LinkedHashMap<>(model.weights().asMap());
        all.replaceAll((name, w) -> name.startsWith("fc1")
                ? Tensor.fill(w.shape(), w.dtype(), i -> i / (w.size() / 4) == 0 ? 0 : w.get(i))
                : w);
        Model dead = model.at(Weights.of(all));
        assertThat(measure(Optimizers.of("natural:damping=0"), dead, 5, 0).law())
                .containsExactly(Subgroup.FULL);
        Training training = Training.of(dead.network(), Loss.halfSquaredError(), Optimizers.of("natural:damping=0"));
        try (Run run = training.open(training.start(dead.weights()))) {
            Samples.batches(dead.network(), 5, 2).forEach(batch -> run.step(batch, rate));
            Weights reached = run.weights();
            assertThat(reached.get("fc1.weight").get(1)).isZero();
            assertThat(reached.get("fc1.bias").get(0)).isZero();
            assertThat(reached.get("fc1.weight").get(4))
                    .isNotEqualTo(dead.weights().get("fc1.weight").get(4));
        }
    }

    @ParameterizedTest
    @CsvSource({"f32, 16", "f64, 300"})
    void powersOutOfRangeAreRefused(String dtype, int p) {
        Model model = BuiltIns.model("mlp:3-7-2-5-4,dtype=" + dtype, 0);
        assertThatThrownBy(() -> measure(Optimizers.of("path-sgd:p=" + p), model, 3, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Take a smaller p");
        assertThat(measure(Optimizers.of("path-sgd:p=8"), model, 3, 0).law()).containsExactly(Subgroup.FULL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "g-sgd:direction=adam,mu=0.9; direction=adam",
                "g-sgd:beta1=0.5; direction=sgd",
                "ddp-sgd:estimate=false,draws=7; estimate=false"
            })
    void settingsWithoutEffectAreRefused(String optimizer, String why) {
        assertThatThrownBy(() -> Optimizers.of(optimizer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no effect with " + why);
    }

    private static Invariance measure(Update update, Model model, int steps, long seed) {
        return Invariance.measure(
                Problem.of(model.network(), Loss.halfSquaredError()),
                update,
                model.weights(),
                Samples.batches(model.network(), steps, seed),
                Samples.probe(model.network()),
                new Invariance.Settings(1, seed));
    }
}
