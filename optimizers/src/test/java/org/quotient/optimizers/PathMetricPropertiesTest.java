package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.paths.DdpMetric;
import org.quotient.optimizers.paths.NaturalMetric;
import org.quotient.optimizers.paths.PathMetric;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.DdpSgd;
import org.quotient.optimizers.zoo.NaturalGradient;
import org.quotient.optimizers.zoo.Optimizers;

/** Path metrics on any graph: against the path lifting, under rescaling, and against their definitions. */
class PathMetricPropertiesTest {

    private static Map<String, Tensor> kappa(
            Network network, Weights weights, List<Tensor> inputs, Metric metric, long step) {
        Problem problem = Problem.of(network, Loss.halfSquaredError());
        Point at = Point.of(problem);
        ParameterVector kappa = metric instanceof PathMetric p ? p.kappa(at) : ((DdpMetric) metric).kappa(at);
        Map<String, Tensor> values = weights.with(network.inputs(), inputs);
        at.perStep()
                .forEach((variable, f) ->
                        values.put(Network.nameOf(variable), Tensor.of(Shape.SCALAR, f.applyAsDouble(step))));
        List<Tensor> all = Evaluator.evaluate(
                List.copyOf(kappa.values().values()),
                values,
                inputs.isEmpty() ? 1 : inputs.getFirst().shape().size(0));
        Map<String, Tensor> out = new HashMap<>();
        List<String> names = List.copyOf(kappa.names());
        for (int i = 0; i < names.size(); i++) {
            out.put(names.get(i), all.get(i));
        }
        return out;
    }

    private static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected, double tolerance) {
        expected.forEach((name, t) -> {
            // Derivatives that cancel are squares of rounding errors.
            double least = 1e-20 * t.maxAbs();
            Tensor found = java.util.Objects.requireNonNull(actual.get(name));
            for (int i = 0; i < t.size(); i++) {
                assertThat(found.get(i))
                        .as("%s[%d]", name, i)
                        .isCloseTo(t.get(i), within(tolerance * Math.abs(t.get(i)) + least));
            }
        });
    }

    /** The network with one output of rank 2, as training has it; empty if it has another shape or nothing to train. */
    private static Stream<RandomNetwork> trainable(long seed) {
        RandomNetwork drawn = RandomNetworks.draw(seed, 0.6);
        return drawn.network().outputs().size() == 1
                        && drawn.network().outputs().getFirst().shape().rank() >= 1
                        && drawn.network().outputs().getFirst().shape().isSymbolic()
                ? Stream.of(drawn)
                : Stream.empty();
    }

    @Property(tries = 40, seed = "511")
    @Label("on any graph without normalisations diag G lies halfway between the first-order and the exact κ")
    void energiesAreThoseOfTheLifting(@ForAll long seed) {
        trainable(seed).forEach(drawn -> {
            Network network = drawn.network();
            boolean cut = Graph.topological(network.outputs()).stream().anyMatch(n -> n.op() instanceof Op.Normalise);
            boolean slopes = drawn.toString().contains("prelu");
            if (cut || slopes) {
                return;
            }
            Weights weights = drawn.model().weights();
            Map<String, Tensor> first;
            Map<String, Tensor> exact;
            Map<String, Tensor> diagonal;
            try {
                first = kappa(network, weights, drawn.inputs(2, 1), new PathMetric(2, false), 1);
                exact = kappa(network, weights, drawn.inputs(2, 1), new PathMetric(2, true), 1);
                diagonal = PathLifting.of(drawn.model()).diagonal();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).containsAnyOf("no path lifting", "more than once");
                return;
            }
            // S_e, S_e + e·S_ee and S_e + 2e·S_ee with e = w².
            Map<String, Tensor> halfway = new HashMap<>();
            diagonal.forEach((name, g) -> {
                double[] low = java.util.Objects.requireNonNull(first.get(name)).data();
                double[] high =
                        java.util.Objects.requireNonNull(exact.get(name)).data();
                halfway.put(name, Tensor.fill(g.shape(), DType.F64, i -> (low[i] + high[i]) / 2));
            });
            assertClose(halfway, diagonal, 1e-12);
        });
    }

    private static void checkCovariance(RandomNetwork drawn, Metric metric) {
        Network network = drawn.network();
        RescalingGroup group = RescalingGroup.of(network);
        Weights weights = drawn.model().weights();
        CounterRandom random = CounterRandom.seeded(drawn.hashCode());
        double[] z = new double[group.rank()];
        for (int k = 0; k < z.length; k++) {
            z[k] = random.normal(k);
        }
        Rescaling rescaling = Rescaling.of(group, z);
        List<Tensor> inputs = drawn.inputs(4, 3);
        Map<String, Tensor> here = kappa(network, weights, inputs, metric, 7);
        Map<String, Tensor> there = kappa(network, rescaling.weights(weights), inputs, metric, 7);
        assertClose(there, rescaling.powers(here, -2), 1e-9);
    }

    @Property(tries = 120, seed = "512")
    @Label(
            "on any graph, normalisations included, energies of a rescaled network are divided by the squares of the scales")
    void pathEnergiesAreCovariant(@ForAll long seed) {
        trainable(seed).forEach(drawn -> {
            for (Metric metric : List.of(new PathMetric(2, false), new PathMetric(1, false), new DdpMetric(0, 0, 0))) {
                try {
                    checkCovariance(drawn, metric);
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).contains("no path lifting");
                }
            }
        });
    }

    @Property(tries = 25, seed = "513")
    @Label(
            "on any graph of homogeneous activations the interpolation with the data is covariant, and so is its estimate")
    void interpolatedEnergiesAreCovariant(@ForAll long seed) {
        trainable(seed).forEach(drawn -> {
            for (Metric metric : List.of(new DdpMetric(0.3, 1, 5), new DdpMetric(0.7, 0, 0), new DdpMetric(1, 0, 0))) {
                try {
                    checkCovariance(drawn, metric);
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage())
                            .containsAnyOf(
                                    "no path lifting",
                                    "do not influence each other",
                                    "homogeneous activations",
                                    "gradients of each sample",
                                    "backward pass");
                }
            }
        });
    }

    // ---- DDP against its definition

    private static final Network SMALL = BuiltIns.network("mlp:2-3-2-2").network();

    /** Σ_out γ² of mlp:2-3-2-2 with the masks of other weights. */
    private static double energy(double alpha, double[][] w, double[][] masksOf, double[][] x) {
        int[] sizes = {2, 3, 2, 2};
        double[] gamma = new double[2];
        for (double[] sample : x) {
            for (int i = 0; i < 2; i++) {
                gamma[i] += sample[i] * sample[i] / x.length;
            }
        }
        double[][] h = x;
        double[][] m = x;
        for (int l = 0; l < 3; l++) {
            double[][] z = apply(w[2 * l], w[2 * l + 1], h, sizes[l + 1]);
            double[][] o = apply(masksOf[2 * l], masksOf[2 * l + 1], m, sizes[l + 1]);
            double[] next = new double[sizes[l + 1]];
            for (int v = 0; v < next.length; v++) {
                double paths = w[2 * l + 1][v] * w[2 * l + 1][v];
                for (int u = 0; u < sizes[l]; u++) {
                    paths += Math.pow(w[2 * l][v * sizes[l] + u], 2) * gamma[u];
                }
                double data = 0;
                for (int s = 0; s < x.length; s++) {
                    data += z[s][v] * z[s][v] / x.length;
                    if (l < 2 && o[s][v] <= 0) {
                        z[s][v] = 0;
                        o[s][v] = 0;
                    }
                }
                next[v] = alpha * data + (1 - alpha) * paths;
            }
            gamma = next;
            h = z;
            m = o;
        }
        return gamma[0] + gamma[1];
    }

    private static double[][] apply(double[] w, double[] b, double[][] x, int out) {
        double[][] z = new double[x.length][out];
        for (int s = 0; s < x.length; s++) {
            for (int v = 0; v < out; v++) {
                z[s][v] = b[v];
                for (int u = 0; u < x[s].length; u++) {
                    z[s][v] += w[v * x[s].length + u] * x[s][u];
                }
            }
        }
        return z;
    }

    @Test
    void theInterpolationIsHalfTheSecondDerivativeOfItsEnergy() {
        Model model = BuiltIns.model("mlp:2-3-2-2", 4);
        double[][] x = {{2, 1}, {1, -1}, {-1, 2}, {0.5, 0.25}};
        Tensor inputs = Tensor.of(Shape.of(4, 2), 2, 1, 1, -1, -1, 2, 0.5, 0.25);
        List<String> names = SMALL.parameters().stream().map(Network::nameOf).toList();
        double[][] w = names.stream().map(n -> model.weights().get(n).data()).toArray(double[][]::new);
        for (double alpha : new double[] {0, 0.25, 0.6, 1}) {
            Map<String, Tensor> kappa =
                    kappa(model.network(), model.weights(), List.of(inputs), new DdpMetric(alpha, 0, 0), 1);
            for (int p = 0; p < w.length; p++) {
                for (int i = 0; i < w[p].length; i++) {
                    // γ² is a quadratic in each weight, so its second difference is its second derivative.
                    double second = 0;
                    for (int k = -1; k <= 1; k++) {
                        double[][] moved = w.clone();
                        moved[p] = w[p].clone();
                        moved[p][i] += k;
                        second += (k == 0 ? -2 : 1) * energy(alpha, moved, w, x);
                    }
                    assertThat(java.util.Objects.requireNonNull(kappa.get(names.get(p)))
                                    .get(i))
                            .as("α = %s, %s[%d]", alpha, names.get(p), i)
                            .isCloseTo(second / 2, within(1e-12));
                }
            }
        }
    }

    @Test
    void withTheDataAloneItIsTheDiagonalOfTheGaussNewtonMatrixThroughAnyActivation() {
        Model model = BuiltIns.model("mlp:2-3-2,activation=tanh", 4);
        Network network = model.network();
        List<Tensor> inputs = List.of(Tensor.of(Shape.of(3, 2), 2, 1, 1, -1, -1, 2));
        Map<String, Tensor> kappa = kappa(network, model.weights(), inputs, new DdpMetric(1, 0, 0), 1);
        Map<String, double[]> sum = new HashMap<>();
        for (int n = 0; n < 3; n++) {
            Tensor one = Tensor.of(
                    Shape.of(1, 2),
                    inputs.getFirst().get(2 * n),
                    inputs.getFirst().get(2 * n + 1));
            for (int k = 0; k < 2; k++) {
                Expr output =
                        Ops.slice(network.outputs().getFirst(), 1, k, k + 1).sum();
                List<Tensor> slopes = Evaluator.evaluate(
                        Differentiation.gradient(output, network.parameters()),
                        model.weights().with(network.inputs(), List.of(one)));
                for (int p = 0; p < slopes.size(); p++) {
                    Tensor slope = slopes.get(p);
                    double[] total = sum.computeIfAbsent(
                            Network.nameOf(network.parameters().get(p)), name -> new double[slope.size()]);
                    for (int i = 0; i < total.length; i++) {
                        total[i] += slope.get(i) * slope.get(i) / 3;
                    }
                }
            }
        }
        sum.forEach((name, total) -> assertThat(
                        java.util.Objects.requireNonNull(kappa.get(name)).data())
                .containsExactly(total, within(1e-14)));
    }

    @Test
    void theEstimateIsAFunctionOfSeedAndStepAndUnbiased() {
        Model model = Samples.residualConvolution();
        List<Tensor> inputs = Samples.probe(model.network());
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        Point at = Point.of(problem);
        ParameterVector estimate = new DdpMetric(0.5, 4, 3).kappa(at);
        List<String> names = List.copyOf(estimate.names());
        Map<String, Tensor> exact = kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 0, 0), 1);
        Map<String, double[]> sum = new HashMap<>();
        List<Tensor> first = List.of();
        try (Session session =
                Program.of(List.copyOf(estimate.values().values())).session()) {
            Map<String, Tensor> values = model.weights().with(model.network().inputs(), inputs);
            values.forEach((name, t) -> {
                if (session.program().variables().containsKey(name)) {
                    session.set(name, t);
                }
            });
            int steps = 600;
            for (long step = 1; step <= steps; step++) {
                for (Map.Entry<Expr, java.util.function.LongToDoubleFunction> e :
                        at.perStep().entrySet()) {
                    session.set(
                            Network.nameOf(e.getKey()),
                            Tensor.of(Shape.SCALAR, e.getValue().applyAsDouble(step)));
                }
                session.run();
                List<Tensor> now = session.outputs();
                if (step == 1) {
                    first = now;
                }
                for (int k = 0; k < names.size(); k++) {
                    double[] total = sum.computeIfAbsent(names.get(k), n -> new double[now.size() * 1000]);
                    for (int i = 0; i < now.get(k).size(); i++) {
                        total[i] += now.get(k).get(i) / steps;
                    }
                }
            }
        }
        Map<String, Tensor> again = kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 4, 3), 1);
        Map<String, Tensor> other = kappa(model.network(), model.weights(), inputs, new DdpMetric(0.5, 4, 3), 2);
        double changed = 0;
        for (int k = 0; k < names.size(); k++) {
            Tensor e = java.util.Objects.requireNonNull(exact.get(names.get(k)));
            double[] mean = java.util.Objects.requireNonNull(sum.get(names.get(k)));
            Tensor same = java.util.Objects.requireNonNull(again.get(names.get(k)));
            Tensor next = java.util.Objects.requireNonNull(other.get(names.get(k)));
            for (int i = 0; i < e.size(); i++) {
                // 2400 draws of squares over 10 samples: a standard error of about 1 % of the data's part.
                assertThat(mean[i]).as("%s[%d]", names.get(k), i).isCloseTo(e.get(i), within(0.06 * e.get(i)));
                assertThat(first.get(k).get(i)).isCloseTo(same.get(i), within(1e-12 * e.get(i)));
                changed = Math.max(changed, Math.abs(same.get(i) - next.get(i)));
            }
        }
        assertThat(changed).isPositive();
    }

    @Test
    void everyAlphaIsInvariantAndPathSgdTooBehindNormalisations() {
        List<String> specs = List.of(
                "ddp-sgd:alpha=1,estimate=false",
                "ddp-sgd:alpha=0",
                "ddp-sgd:alpha=0.8,mu=0.5",
                "path-sgd:p=1",
                "path-sgd:p=3.5,mu=0.9",
                "path-sgd:kappa=exact");
        for (String spec : specs) {
            assertInvariant(Optimizers.of(spec), BuiltIns.model("rnn:2-3-2,steps=3", 3), 1e-10);
        }
        // With ε = 1e-5 in its variance the loss itself feels the scale before a normalisation by about as much.
        Model normalised = BuiltIns.model("mlp:3-4-4-2,bn=true", 3);
        assertInvariant(Optimizers.of("path-sgd"), normalised, 1e-4);
        assertInvariant(Optimizers.of("ddp-sgd:alpha=0"), normalised, 1e-4);
    }

    private static Invariance measured(Update update, Model model) {
        return Invariance.measure(
                Problem.of(model.network(), Loss.halfSquaredError()),
                update,
                model.weights(),
                Samples.batches(model.network(), 4, 17),
                Samples.probe(model.network()),
                Invariance.Settings.STANDARD);
    }

    private static void assertInvariant(Update update, Model model, double tolerance) {
        assertThat(measured(update, model).measured().values())
                .as("%s on %s", update.name(), model.network().name())
                .isNotEmpty()
                .allMatch(m -> m.functionDeviation() <= tolerance);
    }

    @Test
    void whatIsNotSupportedIsSaid() {
        Network normalised = BuiltIns.network("mlp:3-4-4-2,bn=true").network();
        Point at = Point.of(Problem.of(normalised, Loss.halfSquaredError()));
        assertThatThrownBy(() -> new DdpMetric(1, 0, 0).kappa(at))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not influence each other");
        assertThatThrownBy(() -> new DdpMetric(0.5, 1, 0).kappa(at)).hasMessageContaining("homogeneous activations");
        Point wide = Point.of(Problem.of(BuiltIns.network("mlp:3-400-2").network(), Loss.halfSquaredError()));
        assertThatThrownBy(() -> new DdpMetric(0.5, 0, 0).kappa(wide)).hasMessageContaining("estimate=true");
        Point reused =
                Point.of(Problem.of(BuiltIns.network("rnn:2-20-2,steps=3").network(), Loss.halfSquaredError()));
        assertThatThrownBy(() -> new PathMetric(2, true).kappa(reused)).hasMessageContaining("kappa=first");
        assertThatThrownBy(() -> new PathMetric(3, true)).hasMessageContaining("p = 2");
    }

    // ---- The natural gradient

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

    @Test
    void theDampedStepSolvesItsEquation() {
        // f = u·relu(w·x), one sample: M = JᵀJ, (M + λE⁻²)ξ = g with J = (u·x, w·x) and E⁻² = (1/s², s²), s² = |w|².
        Network network = BuiltIns.network("mlp:2-1-1,bias=false").network();
        Weights weights = Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(1, 2), DType.F64, 3, 4),
                "fc2.weight", Tensor.of(Shape.of(1, 1), DType.F64, 2)));
        Batch batch = Batch.of(Tensor.of(Shape.of(1, 2), 1, 0.5), Tensor.of(Shape.of(1, 1), 0));
        double lambda = 0.5;
        Training training = Training.of(network, Loss.halfSquaredError(), NaturalGradient.of(lambda));
        Weights next =
                training.step(training.start(weights), batch, 1).next().model().weights();
        double[] xi = {
            3 - next.get("fc1.weight").get(0),
            4 - next.get("fc1.weight").get(1),
            2 - next.get("fc2.weight").get(0)
        };
        double[] j = {2, 1, 5};
        double[] unit = {1 / 25.0, 1 / 25.0, 25};
        double along = j[0] * xi[0] + j[1] * xi[1] + j[2] * xi[2];
        for (int i = 0; i < 3; i++) {
            assertThat(j[i] * along + lambda * unit[i] * xi[i]).isCloseTo(10 * j[i], within(1e-11));
        }
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
    void singlePrecisionFollowsDoublePrecision() {
        for (String spec :
                List.of("path-sgd", "path-sgd:p=1", "ddp-sgd", "ddp-sgd:alpha=1,estimate=false", "natural")) {
            double[] ends = new double[2];
            for (DType dtype : DType.values()) {
                Model model = BuiltIns.model("mlp:3-6-5-2,dtype=" + dtype.name().toLowerCase(Locale.ROOT), 3);
                Training training = Training.of(model.network(), Loss.halfSquaredError(), Optimizers.of(spec));
                Weights weights =
                        Weights.of(cast(BuiltIns.model("mlp:3-6-5-2", 3).weights(), dtype));
                try (Run run = training.open(training.start(weights))) {
                    for (Batch batch :
                            Samples.batches(BuiltIns.network("mlp:3-6-5-2").network(), 20, 2)) {
                        Tensor x = batch.inputs().getFirst().cast(dtype);
                        ends[dtype.ordinal()] =
                                run.step(Batch.of(x, batch.target().cast(dtype)), 0.01);
                    }
                }
            }
            assertThat(ends[0]).as(spec).isFinite().isCloseTo(ends[1], within(1e-4 * ends[1]));
        }
    }

    private static Map<String, Tensor> cast(Weights weights, DType dtype) {
        Map<String, Tensor> out = new HashMap<>();
        weights.asMap().forEach((name, t) -> out.put(name, t.cast(dtype)));
        return out;
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
