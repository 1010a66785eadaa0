package org.quotient.geometry.basis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** The worked steps of the specification come out exactly (modulo several primes) and in double precision to 1e-12. */
class WorkedStepsTest {
    private static final int[] PRIMES = {4194301, 2097143, 1000003};

    static List<WorkedStep> steps() {
        return WorkedStep.all();
    }

    private static Map<String, Tensor> values(WorkedStep step, String weights, Numbers.@Nullable PrimeField field) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        double[] all = Rationals.of(field, weights);
        int next = 0;
        for (Expr parameter : step.network().parameters()) {
            int size = parameter.shape().elements();
            values.put(
                    Network.nameOf(parameter),
                    Tensor.of(parameter.shape(), Arrays.copyOfRange(all, next, next + size)));
            next += size;
        }
        double[] inputs = Rationals.of(field, step.inputs());
        double[] targets = Rationals.of(field, step.targets());
        values.put("x0", Tensor.of(Shape.of(step.samples(), inputs.length / step.samples()), inputs));
        values.put("target0", Tensor.of(Shape.of(step.samples(), targets.length / step.samples()), targets));
        values.put("rate", Tensor.of(Shape.SCALAR, Rationals.of(field, step.rate())));
        return values;
    }

    private static void same(Numbers.@Nullable PrimeField field, Map<String, Tensor> found, String expected) {
        double[] numbers = Trial.flat(found);
        double[] wanted = Rationals.of(field, expected);
        assertThat(numbers).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            double room = field == null ? 1e-12 * Math.max(1, Math.abs(wanted[i])) : 0;
            assertThat(numbers[i]).as("number %d of %s", i, found.keySet()).isEqualTo(wanted[i], within(room));
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepInPathValuesIsTheWorkedOne(WorkedStep step) {
        Map<String, Tensor> point = values(step, step.weights(), null);
        Model model = new Model(step.network(), Weights.of(point));
        Tensor x = java.util.Objects.requireNonNull(point.get("x0"));
        Trial trial = new Trial(model, List.of(x), true);
        Skeleton skeleton = Skeleton.byIndex(trial.group, model.weights());
        assertThat(skeleton).isEqualTo(Skeleton.of(step.in(), step.out()));
        SkeletonSpace space = (SkeletonSpace) GSpace.of(trial.group, skeleton);
        assertThat(space.dimension()).isEqualTo(step.dimension());
        assertThat(space.frozen()).isEmpty();
        Expr rate = Expr.input("rate", org.quotient.autodiff.DType.F64, Shape.SCALAR);
        Map<String, Expr> v = space.pathValues(trial.weights);
        Map<String, Expr> gradient = space.gradient(trial.weights, trial.gradient);
        Map<String, Expr> move = new LinkedHashMap<>();
        gradient.forEach((name, g) -> move.put(name, g.times(rate)));
        Map<String, Expr> out = space.allocate(trial.weights, move, GSpace.Gauge.OUT, OptionalDouble.empty())
                .weights();
        Map<String, Expr> in = space.allocate(trial.weights, move, GSpace.Gauge.IN, OptionalDouble.empty())
                .weights();
        for (int i = -1; i < PRIMES.length; i++) {
            Numbers.PrimeField field = i < 0 ? null : new Numbers.PrimeField(PRIMES[i]);
            Map<String, Tensor> at = values(step, step.weights(), field);
            same(field, Trial.evaluate(trial.gradient, at, field), step.gradient());
            same(field, Trial.evaluate(v, at, field), step.pathValues());
            same(field, Trial.evaluate(gradient, at, field), step.pathGradient());
            same(
                    field,
                    Trial.evaluate(space.gradient(trial.weights, trial.gradient, true), at, field),
                    step.pathGradient());
            same(
                    field,
                    Trial.evaluate(space.gradient(trial.weights, trial.gradient, false), at, field),
                    step.pathGradient());
            same(field, Trial.evaluate(space.pullback(trial.weights, gradient), at, field), step.gradient());
            same(field, Trial.evaluate(out, at, field), step.outGauge());
            same(field, Trial.evaluate(in, at, field), step.inGauge());
            same(field, Trial.evaluate(Map.of("loss", trial.loss), at, field), step.loss());
            for (String after : List.of(step.outGauge(), step.inGauge())) {
                Map<String, Tensor> there = values(step, after, field);
                same(field, Trial.evaluate(v, there, field), step.newPathValues());
                same(field, Trial.evaluate(Map.of("loss", trial.loss), there, field), step.lossAfter());
            }
        }
    }
}
