package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;
import org.quotient.optimizers.training.TrainingState;

/** Prefixes: representatives at the start and on a schedule, and frames, around any update. */
class RescheduledTest {

    @TestFactory
    Stream<DynamicTest> prefixesMakeAnyUpdateInvariant() {
        return Stream.of(
                        "pathcond+sgd",
                        "pathcond(every=2)+momentum:mu=0.9",
                        "enorm(every=2,normalised=unit)+adam:decay=0.1",
                        "pathcond(sweeps=2,normalised=unit)+nesterov",
                        "frame+adamw",
                        "frame+adam:decay=0.1,epsilon=1e-3",
                        "frame+weight-norm",
                        "pathcond(every=2)+frame+momentum",
                        "frame+enorm(every=2)+momentum",
                        "pathcond(every=2)+path-sgd:mu=0.9")
                .map(spec -> DynamicTest.dynamicTest(spec, () -> {
                    Update update = Optimizers.of(spec);
                    for (Model model : Samples.edges()) {
                        assertThat(Runs.under(Subgroup.FULL, update, model).survives())
                                .as(model.network().name())
                                .isTrue();
                    }
                }));
    }

    @Test
    void fromUnitNormsTheSameBitsAreReached() {
        Model model = Samples.residualConvolution();
        assertThat(Runs.under(Subgroup.FULL, Optimizers.of("pathcond(normalised=unit)+adam"), model)
                        .bitwise())
                .isTrue();
        assertThat(Runs.under(Subgroup.FULL, Optimizers.of("enorm(normalised=unit)+momentum"), Runs.normalised(true))
                        .survives())
                .isTrue();
    }

    @Test
    void lawsSayWhatIsKnown() {
        assertThat(Optimizers.of("pathcond+sgd").law()).isEqualTo(Law.under(Subgroup.LAST_HIDDEN));
        assertThat(Optimizers.of("pathcond(normalised=unit)+sgd").law()).isEqualTo(Law.INVARIANT);
        assertThat(Optimizers.of("pathcond(sweeps=3)+sgd").law()).isEqualTo(Law.NONE);
        assertThat(Optimizers.of("pathcond(sweeps=3)+frame-adam").law()).isEqualTo(Law.INVARIANT);
        // Why not invariant: scales before a normalisation are left where they are, and descent feels them.
        assertThat(Runs.under(Subgroup.NORMALISED, Optimizers.of("pathcond+sgd"), Runs.normalised(true))
                        .survives())
                .isFalse();
    }

    @Test
    void theStartIsTheConditionedRepresentative() {
        Model model = Samples.residualConvolution();
        Problem problem = Runs.training(Updates.sgd(), model.network()).problem();
        Weights start = Rescheduled.pathConditioned(Updates.sgd(), 0).start(problem, model.weights());
        assertThat(Runs.deviation(Runs.outputs(model.network(), model.weights()), Runs.outputs(model.network(), start)))
                .isLessThan(1e-13);
        double[] zero = new double[problem.group().rank()];
        for (double slope : OrbitCriterion.pathCond(problem.group(), PathLifting.of(model.at(start)))
                .gradient(zero)) {
            assertThat(slope).isCloseTo(0, within(1e-8));
        }
    }

    @Test
    void aFramePrefixIsTheOptimizerInTheFrame() {
        Model model = Samples.edges().getFirst();
        Tensor prefixed = Runs.outputs(
                model.network(),
                Runs.after(Optimizers.of("frame+adam"), model, 6, 0.01).model().weights());
        Tensor direct = Runs.outputs(
                model.network(),
                Runs.after(Optimizers.of("frame-adam"), model, 6, 0.01).model().weights());
        assertThat(Runs.deviation(direct, prefixed)).isLessThan(1e-12);
    }

    /** Descent with given work between steps. */
    private record Working(long period, Move move) implements Update {
        @Override
        public String name() {
            return "working";
        }

        @Override
        public Law law() {
            return Law.INVARIANT;
        }

        @Override
        public Step step(Point at, Memory memory) {
            return Updates.sgd().step(at, memory);
        }

        @Override
        public Optional<Between> between() {
            return Optional.of(new Between(period, move));
        }
    }

    /** Descent that halves a weight every other step, to be seen. */
    private static Update halving() {
        return new Working(2, (problem, weights, state) -> {
            java.util.Map<String, Tensor> all = new java.util.LinkedHashMap<>(weights.asMap());
            Tensor w = weights.get("fc2.weight");
            all.put("fc2.weight", Tensor.fill(w.shape(), w.dtype(), i -> w.get(i) / 2));
            return new Update.Moved(Weights.of(all), state);
        });
    }

    @Test
    void twoKindsOfWorkBetweenStepsKeepTheirPeriods() {
        Model model = Samples.edges().getFirst();
        // With rate 0 only the halving changes the function: after steps 2, 4, 6 of 7; the representative after 3 and
        // 6.
        for (Update update :
                List.of(halving(), Rescheduled.equalised(halving(), 3), Rescheduled.pathConditioned(halving(), 0))) {
            TrainingState reached = Runs.after(update, withoutOutputBias(model), 7, 0);
            Tensor expected = Runs.outputs(
                    model.network(), halved(withoutOutputBias(model)).weights());
            assertThat(Runs.deviation(
                            expected,
                            Runs.outputs(model.network(), reached.model().weights())))
                    .as(update.name())
                    .isLessThan(1e-12);
        }
    }

    /** Hidden biases of the second layer and output biases at 0, so that halving W₂ halves the function wherever it is done. */
    private static Model withoutOutputBias(Model model) {
        java.util.Map<String, Tensor> all =
                new java.util.LinkedHashMap<>(model.weights().asMap());
        for (String name : List.of("fc2.bias", "fc3.bias")) {
            Tensor b = model.weights().get(name);
            all.put(name, Tensor.of(b.shape(), b.dtype(), new double[b.size()]));
        }
        return model.at(Weights.of(all));
    }

    private static Model halved(Model model) {
        java.util.Map<String, Tensor> all =
                new java.util.LinkedHashMap<>(model.weights().asMap());
        Tensor w = model.weights().get("fc3.weight");
        all.put("fc3.weight", Tensor.fill(w.shape(), w.dtype(), i -> w.get(i) / 8));
        return model.at(Weights.of(all));
    }

    @Test
    void unknownPrefixesAndSettingsAreNamed() {
        assertThatThrownBy(() -> Optimizers.of("patcond+sgd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patcond")
                .hasMessageContaining("pathcond");
        assertThatThrownBy(() -> Optimizers.of("pathcond(evry=3)+sgd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every");
        assertThatThrownBy(() -> Optimizers.of("frame+pathcond+natural"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'natural' has a metric");
        assertThat(Optimizers.of("adam:epsilon=1e+0").law()).isEqualTo(Law.NONE);
        assertThat(Optimizers.kindOf("pathcond(every=3)+frame+adam:epsilon=1e+0")
                        .name())
                .isEqualTo("adam");
        assertThatThrownBy(() -> new EqualisedDescent(
                        Rescheduled.equalised(Updates.euclidean("x", Direction.chain()), 3), 1, 2, 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between steps");
    }

    @Test
    @SuppressWarnings("NullAway") // a user's mistake
    void workThatLeadsNowhereIsNamed() {
        Model model = Samples.edges().getFirst();
        for (Update update : List.of(
                new Working(1, (problem, weights, state) -> null),
                Rescheduled.equalised(new Working(1, (problem, weights, state) -> null), 1))) {
            assertThatThrownBy(() -> Runs.after(update, model, 1, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("gave nothing")
                    .hasMessageContaining("RescheduledTest");
        }
        Update stateless = new Working(1, (problem, weights, state) -> new Update.Moved(weights, null));
        assertThatThrownBy(() -> Runs.after(stateless, model, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no state");
    }
}
