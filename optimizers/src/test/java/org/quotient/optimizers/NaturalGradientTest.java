package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.paths.NaturalMetric;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.DdpSgd;
import org.quotient.optimizers.zoo.NaturalGradient;
import org.quotient.optimizers.zoo.Optimizers;

/** The natural gradient: its equation, and what rescaling does to it. */
class NaturalGradientTest {
    @Test
    void theGaussNewtonStepIsInvariantInTheFrameAndNotByThePseudoInverse() {
        Model model = BuiltIns.model("mlp:2-3-2", 3);
        Update covariant = NaturalGradient.of(0);
        Update plain = NaturalGradient.of(new NaturalMetric(0, NaturalGradient.TOLERANCE, false), Direction.chain());
        assertThat(afterOneStep(covariant, model, 0.1)).isLessThan(1.5e-11);
        assertThat(afterOneStep(plain, model, 0.1)).isGreaterThan(0.01);
        assertThat(afterOneStep(NaturalGradient.of(0.1), model, 0.1)).isLessThan(1.5e-11);
    }

    /** How far apart the outputs are after a step from two representatives, relative to the largest. */
    private static double afterOneStep(Update update, Model model, double rate) {
        RescalingGroup group = RescalingGroup.of(model.network());
        double[] z = {1.1, -0.7, 0.9};
        Training training = Training.of(Problem.of(group, Loss.halfSquaredError()), update);
        Batch batch = Samples.batches(model.network(), 1, 5).getFirst();
        List<Tensor> probe = Samples.probe(model.network());
        Tensor here = outputs(training, model.weights(), batch, probe, rate);
        Tensor there = outputs(training, Rescaling.of(group, z).weights(model.weights()), batch, probe, rate);
        double most = 0;
        for (int i = 0; i < here.size(); i++) {
            most = Math.max(most, Math.abs(here.get(i) - there.get(i)));
        }
        return most / here.maxAbs();
    }

    private static Tensor outputs(Training training, Weights weights, Batch batch, List<Tensor> probe, double rate) {
        try (Run run = training.open(training.start(weights))) {
            run.step(batch, rate);
            return new Model(training.problem().network(), run.weights())
                    .evaluate(probe)
                    .getFirst();
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "1, 2", "1, 5", "1e-3, 2", "1e-3, 5"})
    void theDampedStepSolvesItsEquationForFewAndForManySamples(double lambda, int samples) {
        // f = u·relu(w·x): (M + λE⁻²)ξ = g with J = (u·x, w·x) where the unit is on, M the mean of JᵀJ, and E⁻² =
        // (1/s², s²),
        // s² = |w|². Fewer and more rows than parameters; dampings with which singular values are taken and not.
        Network network = BuiltIns.network("mlp:2-1-1,bias=false").network();
        Weights weights = Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(1, 2), DType.F64, 3, 4),
                "fc2.weight", Tensor.of(Shape.of(1, 1), DType.F64, 2)));
        CounterRandom random = CounterRandom.seeded(samples);
        double[] x = new double[2 * samples];
        for (int i = 0; i < x.length; i++) {
            x[i] = 0.2 + random.uniform(i);
        }
        Batch batch =
                Batch.of(Tensor.of(Shape.of(samples, 2), x), Tensor.fill(Shape.of(samples, 1), DType.F64, i -> 0));
        Training training = Training.of(network, Loss.halfSquaredError(), NaturalGradient.of(lambda));
        Weights next =
                training.step(training.start(weights), batch, 1).next().model().weights();
        double[] xi = {
            3 - next.get("fc1.weight").get(0),
            4 - next.get("fc1.weight").get(1),
            2 - next.get("fc2.weight").get(0)
        };
        double[] left = {lambda / 25 * xi[0], lambda / 25 * xi[1], lambda * 25 * xi[2]};
        double[] gradient = new double[3];
        for (int n = 0; n < samples; n++) {
            double h = 3 * x[2 * n] + 4 * x[2 * n + 1];
            double[] j = {2 * x[2 * n], 2 * x[2 * n + 1], h};
            double along = j[0] * xi[0] + j[1] * xi[1] + j[2] * xi[2];
            for (int i = 0; i < 3; i++) {
                left[i] += j[i] * along / samples;
                gradient[i] += 2 * h * j[i] / samples;
            }
        }
        assertThat(left).containsExactly(gradient, within(1e-9));
    }

    @Test
    void forCrossEntropyTheMatrixIsTheFisherMatrix() {
        // One layer, one sample: Fᵢⱼ of the logits is diag(p) − ppᵀ, each logit's parameters have the gradient (x, 1).
        Network network = BuiltIns.network("mlp:2-3").network();
        Weights weights = BuiltIns.model("mlp:2-3", 1).weights();
        Batch batch = Batch.of(Tensor.of(Shape.of(1, 2), 1, 2), Tensor.of(Shape.of(1), 1));
        Training training = Training.of(network, Loss.crossEntropy(), NaturalGradient.of(0));
        Training.Step step = training.step(training.start(weights), batch, 1);
        Tensor logits = new Model(network, weights).evaluate(batch.inputs()).getFirst();
        Tensor after = step.next().model().evaluate(batch.inputs()).getFirst();
        double[] p = new double[3];
        double total = 0;
        for (int i = 0; i < 3; i++) {
            p[i] = Math.exp(logits.get(i));
            total += p[i];
        }
        // The step moves the logits by −F⁺(p − y), of mean 0.
        double[] moved = new double[3];
        double[] back = new double[3];
        double weighted = 0;
        for (int i = 0; i < 3; i++) {
            p[i] /= total;
            moved[i] = logits.get(i) - after.get(i);
            weighted += p[i] * moved[i];
        }
        for (int i = 0; i < 3; i++) {
            back[i] = p[i] * (moved[i] - weighted);
            assertThat(back[i]).isCloseTo(p[i] - (i == 1 ? 1 : 0), within(1e-12));
        }
        assertThat(moved[0] + moved[1] + moved[2]).isCloseTo(0, within(1e-11));
    }

    @Test
    void thePlainPseudoInversePromisesNothing() {
        assertThat(NaturalGradient.of(new NaturalMetric(0, 1e-9, false), Direction.chain())
                        .law())
                .isEqualTo(Law.NONE);
        assertThat(DdpSgd.of(0.5).law()).isEqualTo(Law.INVARIANT);
    }

    private static Batch classified(Model model, double scale) {
        Batch drawn = Samples.batches(model.network(), 1, 5).getFirst();
        Tensor x = drawn.inputs().getFirst();
        double[] scaled = x.data().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale;
        }
        return new Batch(List.of(Tensor.of(x.shape(), scaled)), Tensor.of(Shape.of(4), 0, 1, 1, 0));
    }

    /** Softmax does not feel a shift of all outputs, so every Hessian has an eigenvalue 0; what rounding makes of it may not count. */
    @Test
    void thePseudoInverseOfTheFisherMatrixDoesNotFeelRescaling() {
        for (String network : List.of("mlp:3-5-4-2", "mlp:3-6-2", "mlp:3-4-4-2,activation=leaky:0.1")) {
            Model model = BuiltIns.model(network, 1);
            Batch batch = classified(model, 1);
            Invariance found = Invariance.measure(
                    Problem.of(model.network(), Loss.crossEntropy()),
                    Optimizers.of("natural:damping=0"),
                    model.weights(),
                    List.of(batch),
                    batch.inputs(),
                    Invariance.Settings.STANDARD);
            assertThat(found.law()).as("%s %s", network, found.measured()).containsExactly(Subgroup.FULL);
        }
    }

    /** That training left the finite numbers is for the training to say. */
    @Test
    void aNaturalGradientOfInfiniteDataIsNoNumber() {
        Model model = BuiltIns.model("mlp:3-5-4-2", 1);
        Training training =
                Training.of(Problem.of(model.network(), Loss.crossEntropy()), Optimizers.of("natural:damping=0.01"));
        Weights after = training.step(training.start(model.weights()), classified(model, 1e308), 0.1)
                .next()
                .model()
                .weights();
        assertThat(model.network().parameters())
                .anyMatch(p -> !Double.isFinite(after.get(p).maxAbs()));
    }
}
