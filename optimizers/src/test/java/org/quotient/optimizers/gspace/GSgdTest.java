package org.quotient.optimizers.gspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.geometry.basis.SkeletonSpace;
import org.quotient.geometry.basis.SkeletonUnits;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;
import org.quotient.optimizers.zoo.Optimizers;

/** The worked step on 2-2-2, and what is promised when the skeleton is chosen anew. */
class GSgdTest {
    private static final Network NETWORK =
            BuiltIns.network("mlp:2-2-2,bias=false").network();
    private static final Batch BATCH = Batch.of(Tensor.of(Shape.of(1, 2), 2, 1), Tensor.of(Shape.of(1, 2), 0, 9));

    /** Weights in the specification's order, rows being inputs; parameters here have rows for outputs. */
    private static Weights weights(double... w) {
        return Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(2, 2), w[0], w[2], w[1], w[3]),
                "fc2.weight", Tensor.of(Shape.of(2, 2), w[4], w[6], w[5], w[7])));
    }

    private static double[] step(String optimizer, double eta, Weights from) {
        Training training = Training.of(NETWORK, Loss.halfSquaredError(), Optimizers.of(optimizer));
        Weights next = training.step(training.startWith(from), BATCH, eta)
                .next()
                .model()
                .weights();
        Tensor a = next.get("fc1.weight");
        Tensor b = next.get("fc2.weight");
        return new double[] {
            a.get(0), a.get(2), a.get(1), a.get(3), b.get(0), b.get(2), b.get(1), b.get(3), training.loss(next, BATCH)
        };
    }

    private static final Weights THETA = weights(2, 1, -1, 3, 1, 2, -1, 1);
    private static final Weights RESCALED = weights(8, 0.5, -4, 1.5, 0.25, 0.5, -2, 2);

    @Test
    void theWorkedStepInTheOutGauge() {
        assertThat(step("g-sgd:skeleton=index", 0.1, THETA))
                .containsExactly(
                        new double[] {
                            11.0 / 5, 1.0 / 5, -6.0 / 5, 44.0 / 15, 1, 37.0 / 22, -10.0 / 11, 1, 2993.0 / 54450
                        },
                        within(1e-12));
        assertThat(step("g-sgd:skeleton=index", 0.1, RESCALED))
                .containsExactly(
                        new double[] {
                            44.0 / 5, 1.0 / 10, -24.0 / 5, 22.0 / 15, 1.0 / 4, 37.0 / 88, -20.0 / 11, 2, 2993.0 / 54450
                        },
                        within(1e-12));
        assertThat(step("ec-sgd", 0.1, THETA)[8]).isCloseTo(2993.0 / 54450, within(1e-12));
    }

    @Test
    void theWorkedStepInTheInGauge() {
        assertThat(step("g-sgd:skeleton=index,gauge=in", 0.1, THETA))
                .containsExactly(
                        new double[] {
                            2, 9.0 / 44, -12.0 / 11, 3, 11.0 / 10, 37.0 / 20, -8.0 / 9, 44.0 / 45, 2993.0 / 54450
                        },
                        within(1e-12));
    }

    @Test
    void plainDescentIsFarFromBothAndFromItself() {
        assertThat(step("sgd", 0.1, THETA)[8]).isCloseTo(1217.0 / 50, within(1e-10));
        assertThat(step("sgd", 0.1, RESCALED)[8]).isCloseTo(12485117.0 / 12800, within(1e-9));
    }

    @Test
    void inUnitsOfTheFrameTheFirstStepIsThatOfTheFrameButForTheSkeleton() {
        Model model = BuiltIns.model("mlp:3-4-5-2", 3);
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        Batch batch = Samples.batches(model.network(), 1, 8).getFirst();
        double eta = 1e-3;
        Weights frame = after("frame-sgd", problem, model.weights(), batch, eta);
        Weights paths = after("g-sgd:guard=0", problem, model.weights(), batch, eta);
        Skeleton skeleton = Skeleton.byScore(problem.group(), model.weights());
        SkeletonSpace space = (SkeletonSpace) GSpace.of(problem.group(), skeleton);
        // Weights are compared as path values of one skeleton, which no choice of a representative changes.
        Map<String, Tensor> start = values(space, model.weights());
        Map<String, Tensor> one = values(space, frame);
        Map<String, Tensor> other = values(space, paths);
        Map<String, Tensor> own = evaluated(space.support());
        int compared = 0;
        for (String name : own.keySet()) {
            for (int e = 0; e < own.get(name).size(); e++) {
                if (own.get(name).get(e) == 1 && !name.equals(GSpace.SKELETON)) {
                    double change = other.get(name).get(e) - start.get(name).get(e);
                    // The frame's step moves K too, so that path values agree to first order only.
                    Weights free = with(model.weights(), frame, name, e);
                    double expected = values(space, free).get(name).get(e)
                            - start.get(name).get(e);
                    assertThat(change).isCloseTo(expected, within(1e-12));
                    compared += Math.abs(change) > 1e-9 ? 1 : 0;
                }
            }
        }
        assertThat(compared).isGreaterThan(10);
        assertThat(one).isNotEqualTo(other);
    }

    private static Weights after(String optimizer, Problem problem, Weights from, Batch batch, double eta) {
        Training training = Training.of(problem, Optimizers.of(optimizer));
        return training.step(training.start(from), batch, eta).next().model().weights();
    }

    /** The weights of one point but for an element of another. */
    private static Weights with(Weights all, Weights one, String name, int element) {
        Map<String, Tensor> mixed = new LinkedHashMap<>(all.asMap());
        double[] data = all.get(name).data().clone();
        data[element] = one.get(name).get(element);
        mixed.put(name, Tensor.of(all.get(name).shape(), data));
        return Weights.of(mixed);
    }

    private static Map<String, Tensor> values(GSpace space, Weights weights) {
        Map<String, Expr> theta = new LinkedHashMap<>();
        weights.asMap().forEach((name, w) -> theta.put(name, Expr.constant(w)));
        return evaluated(space.pathValues(theta));
    }

    private static Map<String, Tensor> evaluated(Map<String, Expr> expressions) {
        List<Tensor> numbers = Evaluator.evaluate(List.copyOf(expressions.values()), Map.of(), 1);
        Map<String, Tensor> out = new LinkedHashMap<>();
        expressions.keySet().forEach(name -> out.put(name, numbers.get(out.size())));
        return out;
    }

    @Test
    void unitsAreThoseOfTheOrbitToTheLastBit() {
        Model model = Samples.residualConvolution();
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        Skeleton skeleton = Skeleton.byScore(problem.group(), model.weights());
        SkeletonSpace space = (SkeletonSpace) GSpace.of(problem.group(), skeleton);
        int[] powers = new int[problem.group().rank()];
        for (int k = 0; k < powers.length; k++) {
            powers[k] = k % 7 - 3;
        }
        SkeletonUnits here = space.unitsAt(problem.incidence(), model.weights());
        SkeletonUnits there =
                space.unitsAt(problem.incidence(), problem.group().actByPowersOfTwo(model.weights(), powers));
        assertThat(there.in()).containsExactly(here.in());
        assertThat(there.out()).containsExactly(here.out());
        Tensor own = evaluated(space.support()).get(GSpace.SKELETON);
        Tensor paths = values(space.in(here), model.weights()).get(GSpace.SKELETON);
        for (int k = 0; k < powers.length; k++) {
            assertThat(Math.abs(paths.get(k))).isCloseTo(own.get(k), within(1e-12));
        }
        assertThat(own.maxAbs()).isEqualTo(1);
    }

    @Test
    void theGuardStopsASkeletonPathAndSaysSo() {
        // Unit 1 has R = 1 − 2η/9, which is 0 at η = 9/2 and negative beyond.
        Training training =
                Training.of(NETWORK, Loss.halfSquaredError(), Optimizers.of("g-sgd:skeleton=index,guard=0.25"));
        try (Run run = training.open(training.start(THETA))) {
            run.step(BATCH, 5);
            assertThat(run.reports()).containsEntry("guarded", 1.0);
            // R of unit 1 is raised to 1/4: its incoming skeleton weight is 3/4.
            assertThat(run.weights().get("fc1.weight").get(3)).isCloseTo(0.75, within(1e-12));
        }
        try (Run run = training.open(training.start(THETA))) {
            run.step(BATCH, 0.1);
            assertThat(run.reports()).containsEntry("guarded", 0.0);
        }
    }

    @Test
    void onesIsThePublishedStartAndGivesUpTheLaw() {
        Update update = Optimizers.of("g-sgd:skeleton=index,init=ones");
        assertThat(update.law().isInvariant()).isFalse();
        Weights start =
                update.initialisation().orElseThrow().apply(Problem.of(NETWORK, Loss.halfSquaredError()), THETA);
        assertThat(start.get("fc1.weight").data()).containsExactly(1, -1, 1, 1);
        assertThat(start.get("fc2.weight").data()).containsExactly(1, -1, 2, 1);
    }

    @Test
    void anewSkeletonCarriesMomentumAsTheSameCovectorOfWeights() {
        Model model = BuiltIns.model("mlp:3-4-4-2", 3);
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        GSgd update = (GSgd) Optimizers.of("g-sgd:mu=0.9,rechoose=1");
        GSgd still = (GSgd) Optimizers.of("g-sgd:mu=0.9,skeleton=index");
        Training training = Training.of(problem, still);
        State state;
        Weights weights;
        try (Run run = training.open(training.start(model.weights()))) {
            Samples.batches(model.network(), 3, 8).forEach(b -> run.step(b, 1e-3));
            state = run.state().optimizer();
            weights = run.weights();
        }
        Update.Moved moved = update.between().orElseThrow().move().apply(problem, weights, state);
        assertThat(moved.state().fixed().sameBits(state.fixed()))
                .as("another skeleton")
                .isFalse();
        Map<String, Tensor> before = pulled(problem, weights, state);
        Map<String, Tensor> after = pulled(problem, weights, moved.state());
        before.forEach((name, covector) -> assertThat(after.get(name).data())
                .as(name)
                .containsExactly(covector.data(), within(1e-9 * covector.maxAbs())));
    }

    @Test
    void aStepThatIsFollowedByAnotherSkeletonStillTellsWhatItDid() {
        Model model = BuiltIns.model("mlp:3-7-2-5-4", 0);
        List<Batch> batches = Samples.batches(model.network(), 4, 3);
        Training often = Training.of(model.network(), Loss.halfSquaredError(), Optimizers.of("g-sgd:rechoose=1"));
        TrainingState state = often.start(model.weights());
        State first = state.optimizer().fixed();
        try (Run run = often.openObserved(state)) {
            for (Batch batch : batches) {
                Training.Step step = often.step(state, batch, 0.1);
                assertThat(run.step(batch, 0.1)).isEqualTo(step.loss());
                step.differential()
                        .forEach((name, g) -> assertThat(g.sameBits(java.util.Objects.requireNonNull(
                                        run.differential().get(name))))
                                .isTrue());
                assertThat(run.reports().values()).allMatch(Double::isFinite);
                state = step.next();
            }
        }
        assertThat(state.optimizer().fixed().sameBits(first))
                .as("another skeleton")
                .isFalse();
    }

    private static Map<String, Tensor> pulled(Problem problem, Weights weights, State state) {
        GSpace space = PathValues.space(
                problem, state.get("metric." + PathValues.SKELETON).values());
        Map<String, Expr> theta = new LinkedHashMap<>();
        weights.asMap().forEach((name, w) -> theta.put(name, Expr.constant(w)));
        Map<String, Expr> covector = new LinkedHashMap<>();
        String slot = state.slots().keySet().stream()
                .filter(s -> s.endsWith("momentum"))
                .findFirst()
                .orElseThrow();
        state.get(slot).values().forEach((name, m) -> covector.put(name, Expr.constant(m)));
        Map<String, Expr> pulled = space.pullback(theta, covector);
        List<Tensor> values = Evaluator.evaluate(List.copyOf(pulled.values()), Map.of(), 1);
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 0;
        for (String name : pulled.keySet()) {
            out.put(name, values.get(next++));
        }
        assertThat(values.getFirst().dtype()).isEqualTo(DType.F64);
        return out;
    }
}
