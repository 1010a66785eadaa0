package org.quotient.geometry.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.PathLifting;

/** The solvers at sizes where they differ, normalisations, and the closed forms at initialisation: O13 to O18. */
class SolversTest {

    private static OrbitCriterion pathCond(Model model) {
        RescalingGroup group = RescalingGroup.of(model.network());
        return OrbitCriterion.pathCond(group, PathLifting.of(model, group.liveness()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 16, 32, 64})
    @DisplayName(
            "Plain networks of depth 2 to 64: a gap below 1e-9 within 30 iterations, and a function kept by the capped scales")
    void depth(int depth) {
        String widths = "-24".repeat(depth);
        Model model = BuiltIns.model("mlp:2" + widths + "-2,init=torch,dtype=f64", depth);
        OrbitCriterion criterion = pathCond(model);
        Minimum minimum = criterion.minimise();
        assertThat(minimum.gap()).isLessThan(1e-9);
        assertThat(minimum.iterations()).isLessThanOrEqualTo(30);
        Minimum capped = Minimiser.exact().cap(32).minimise(criterion);
        assertThat(capped.after()).isGreaterThanOrEqualTo(minimum.after() * (1 - 1e-9));
        assertThat(Arrays.stream(capped.z()).map(Math::abs).max().orElse(0)).isLessThanOrEqualTo(32);
        assertThat(capped.capped() > 0).isEqualTo(minimum.maxAbsLogScale() > 32);
        Tensor x = Tensor.fill(Shape.of(8, 2), DType.F64, CounterRandom.seeded(depth)::normal);
        double[] before = model.evaluate(List.of(x)).getFirst().data();
        double[] after = model.at(capped.rescaling().weights(model.weights()))
                .evaluate(List.of(x))
                .getFirst()
                .data();
        double scale = Arrays.stream(before).map(Math::abs).max().orElse(1);
        assertThat(after).containsExactly(before, within(1e-11 * scale));
        Minimum swept = Minimiser.sweeps(10).minimise(criterion);
        assertThat(swept.after()).isGreaterThan(minimum.after());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cifar-nv,width=0.125",
                "resnet-18,width=0.125",
                "resnet-34,width=0.125",
                "resnet-18,width=0.125,bn=true",
                "preresnet-18,width=0.125",
                "plain-34,width=0.125",
                "densenet-tiny",
                "segnet-tiny",
                "transformer-tiny",
                "tied-autoencoder:6-4-6",
                "rnn:3-4-2,steps=3"
            })
    @DisplayName("Every family of networks: certified for path conditioning and balance, idempotent")
    void families(String spec) {
        Model model = BuiltIns.model(spec, 3);
        RescalingGroup group = RescalingGroup.of(model.network());
        for (OrbitCriterion criterion : new OrbitCriterion[] {pathCond(model), OrbitCriterion.balanced(group, model)}) {
            Minimum minimum = Minimiser.exact().cap(1e5).minimise(criterion);
            assertThat(minimum.gap()).as(criterion.name()).isLessThan(1e-9);
            assertThat(minimum.iterations()).isLessThanOrEqualTo(30);
            assertThat(minimum.after()).isLessThanOrEqualTo(minimum.before());
            assertThat(Minimiser.sweeps(10).minimise(criterion).after())
                    .isGreaterThanOrEqualTo(minimum.after() * (1 - 1e-12));
        }
    }

    /** The published sweep, one parameter element at a time, in the specification's convention (v = Bz, θ·e^{−v/2}). */
    private static double[] published(Model model, RescalingGroup group, int sweeps) {
        double[] g = SmallNetworks.flat(
                model.network(), PathLifting.of(model, group.liveness()).diagonal());
        int p = g.length;
        double[] v = new double[p];
        double[] z = new double[group.rank()];
        long[][] rows = new long[p][z.length];
        for (int i = 0; i < p; i++) {
            long[] row = rows[i];
            group.row(i).forEach((generator, exponent) -> row[generator] = exponent);
        }
        for (int sweep = 0; sweep < sweeps; sweep++) {
            for (int h = 0; h < z.length; h++) {
                double b = 0;
                double c = 0;
                double d = 0;
                int a = 0;
                for (int i = 0; i < p; i++) {
                    long sign = rows[i][h];
                    double energy = g[i] * Math.exp(v[i] + sign * z[h]);
                    b += sign < 0 ? energy : 0;
                    c += sign > 0 ? energy : 0;
                    d += sign == 0 ? energy : 0;
                    a += (int) sign;
                }
                double qa = b * (p + a);
                double qb = a * d;
                double qc = -c * (p - a);
                double root = Math.sqrt(qb * qb - 4 * qa * qc);
                double x = qb >= 0 ? -2 * qc / (qb + root) : (root - qb) / (2 * qa);
                double move = Math.log(x) - z[h];
                for (int i = 0; i < p; i++) {
                    v[i] -= rows[i][h] * move;
                }
                z[h] += move;
            }
        }
        return z;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp:3-5-4-2,dtype=f64", "densenet-tiny,dtype=f64"})
    @DisplayName("O18: sweeps over gathered energies are the published sweeps over single parameters")
    void published(String spec) {
        Model model = BuiltIns.model(spec, 18);
        RescalingGroup group = RescalingGroup.of(model.network());
        OrbitCriterion criterion = pathCond(model);
        for (int sweeps : new int[] {1, 3, 12}) {
            double[] expected = published(model, group, sweeps);
            assertThat(Arrays.stream(Minimiser.sweeps(sweeps, 0)
                                    .minimise(criterion)
                                    .z())
                            .map(v -> 2 * v)
                            .toArray())
                    .as("%d sweeps", sweeps)
                    .containsExactly(expected, within(1e-12));
        }
    }

    @Test
    @DisplayName(
            "O15: widths 10-20-20-5 at σ² = 1/fan-in: v = (0.462, 0.462, −0.924), then σ²·n_in·n_out is the same everywhere")
    void initialisation() {
        Network network = SmallNetworks.dense(false, false, 10, 20, 20, 5);
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr p : network.parameters()) {
            int in = p.shape().sizes()[1];
            // All weights of a layer have the size that they have on average: energies are those of the mean field.
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, i -> Math.sqrt(1.0 / in)));
        }
        Model model = new Model(network, Weights.of(values));
        Minimum minimum = pathCond(model).minimise();
        double z1 = 2 * minimum.z()[0];
        double z2 = 2 * minimum.z()[20];
        assertThat(new double[] {-z1, z1 - z2, z2})
                .containsExactly(new double[] {Math.log(4) / 3, Math.log(4) / 3, -2 * Math.log(4) / 3}, within(1e-12));
        assertThat(minimum.after()).isCloseTo(0, within(1e-9));
        Weights there = minimum.rescaling().weights(model.weights());
        for (Expr p : network.parameters()) {
            double w = there.get(Network.nameOf(p)).get(0);
            assertThat(w * w * p.shape().elements()).isCloseTo(12.599210498, within(1e-8));
        }
        Model constant = SmallNetworks.model(SmallNetworks.dense(false, false, 7, 7, 7), filled(98, 0.3));
        assertThat(pathCond(constant).minimise().z()).containsExactly(new double[7], within(1e-15));
    }

    private static double[] filled(int n, double value) {
        double[] out = new double[n];
        Arrays.fill(out, value);
        return out;
    }

    private static Model normalised() {
        NetworkBuilder net = NetworkBuilder.named("normalised");
        Flow x = net.input("x", 10).dense("fc1", 64, false).batchNorm("bn1").relu();
        x = x.dense("fc2", 16, false).batchNorm("bn2").relu();
        InitialisedNetwork built = net.build(x.dense("fc3", 3));
        Model model = built.model(4);
        // Gains of 1 and shifts of 0 are no test.
        Map<String, Tensor> values = new LinkedHashMap<>(model.weights().asMap());
        CounterRandom random = CounterRandom.seeded(16);
        values.replaceAll((name, t) ->
                name.startsWith("bn") && !name.contains("running") && !name.contains("mean") && !name.contains("var")
                        ? Tensor.fill(
                                t.shape(),
                                t.dtype(),
                                i -> t.get(i) + 0.5 * random.split(name).normal(i))
                        : t);
        return model.at(Weights.of(values));
    }

    private static double trainingChange(Model model, Weights moved) {
        Network training = TrainingMode.of(model.network());
        Expr input = training.inputs().getFirst();
        Tensor x = Tensor.fill(Shape.of(32, 10), input.dtype(), CounterRandom.seeded(5)::normal);
        double[] before = new Model(training, model.weights())
                .evaluate(List.of(x))
                .getFirst()
                .data();
        double[] after =
                new Model(training, moved).evaluate(List.of(x)).getFirst().data();
        double gap = 0;
        double scale = 0;
        for (int i = 0; i < before.length; i++) {
            gap = Math.max(gap, Math.abs(before[i] - after[i]));
            scale = Math.max(scale, Math.abs(before[i]));
        }
        return gap / scale;
    }

    @Test
    @DisplayName(
            "O16: in training mode the published action changes a normalised network, the action on gains does not")
    void normalisation() {
        Model model = normalised();
        RescalingGroup group = RescalingGroup.of(model.network());
        for (OrbitCriterion criterion : new OrbitCriterion[] {pathCond(model), OrbitCriterion.balanced(group, model)}) {
            Minimum minimum = criterion.minimise();
            assertThat(minimum.frozen()).hasSize(80);
            assertThat(minimum.frozen().getFirst().reason()).contains("normalisation");
            assertThat(minimum.after()).isLessThan(minimum.before());
            double tolerance = model.network().parameters().getFirst().dtype() == DType.F32 ? 2e-6 : 1e-13;
            assertThat(trainingChange(model, minimum.rescaling().weights(model.weights())))
                    .isLessThan(tolerance);
        }
        // The published action: the filters before the normalisation in, the next weights out.
        Map<String, Tensor> wrong = new LinkedHashMap<>(model.weights().asMap());
        Tensor first = Objects.requireNonNull(wrong.get("fc1.weight"));
        Tensor second = Objects.requireNonNull(wrong.get("fc2.weight"));
        wrong.put("fc1.weight", Tensor.fill(first.shape(), first.dtype(), i -> first.get(i) * (1 + i / 10 % 3)));
        wrong.put("fc2.weight", Tensor.fill(second.shape(), second.dtype(), i -> second.get(i) / (1 + i % 64 % 3)));
        assertThat(trainingChange(model, Weights.of(wrong))).isGreaterThan(0.05);
    }

    @Test
    @DisplayName("O17: a step of Path-SGD, θ − η∇/diag G, commutes with rescaling; a step of gradient descent does not")
    void pathSgd() {
        Model model = BuiltIns.model("mlp:3-5-4-2,dtype=f64", 17);
        RescalingGroup group = RescalingGroup.of(model.network());
        CounterRandom random = CounterRandom.seeded(17);
        double[] z = new double[group.rank()];
        Arrays.setAll(z, random::normal);
        Rescaling rescaling = Rescaling.of(group, z);
        for (boolean pathSgd : new boolean[] {true, false}) {
            double[] then = SmallNetworks.flat(
                    model.network(), rescaling.weights(step(model, pathSgd)).asMap());
            double[] first = SmallNetworks.flat(
                    model.network(),
                    step(model.at(rescaling.weights(model.weights())), pathSgd).asMap());
            double gap = 0;
            for (int i = 0; i < first.length; i++) {
                gap = Math.max(gap, Math.abs(first[i] - then[i]));
            }
            assertThat(gap).matches(g -> pathSgd ? g < 1e-12 : g > 1e-3);
        }
    }

    private static Weights step(Model model, boolean pathSgd) {
        Network network = model.network();
        Expr y = network.outputs().getFirst();
        Expr loss = Ops.sum(y.times(y), 0, 1);
        List<Expr> gradient = Differentiation.gradient(loss, network.parameters());
        Tensor x = Tensor.fill(Shape.of(6, 3), DType.F64, CounterRandom.seeded(1)::normal);
        List<Tensor> g = Evaluator.evaluate(gradient, model.weights().with(network.inputs(), List.of(x)));
        Map<String, Tensor> diagonal = PathLifting.of(model).diagonal();
        Map<String, Tensor> out = new HashMap<>(model.weights().asMap());
        for (int k = 0; k < g.size(); k++) {
            String name = Network.nameOf(network.parameters().get(k));
            Tensor theta = model.weights().get(name);
            Tensor slope = g.get(k);
            Tensor metric = Objects.requireNonNull(diagonal.get(name));
            out.put(
                    name,
                    Tensor.fill(
                            theta.shape(),
                            DType.F64,
                            i -> theta.get(i) - 0.01 * slope.get(i) / (pathSgd ? metric.get(i) : 1)));
        }
        return Weights.of(out);
    }

    @Test
    @DisplayName("References and input energies: g/r takes the place of g, and inputs of energy 4 those of 1")
    void references() {
        Model model = SmallNetworks.model(SmallNetworks.dense(false, false, 1, 1, 1), 2, 8);
        RescalingGroup group = RescalingGroup.of(model.network());
        PathLifting lifting = PathLifting.of(model);
        // g = (64, 4), r = (1, 4): the diagonal at the minimum is proportional to r.
        Map<String, Tensor> reference = Map.of("l2.weight", Tensor.of(Shape.of(1, 1), 4));
        Minimum minimum = OrbitCriterion.pathCond(group, lifting, reference).minimise();
        double[] g = SmallNetworks.diagonal(model, minimum);
        assertThat(g[1] / g[0]).isCloseTo(4, within(1e-12));
        assertThat(minimum.after()).isCloseTo(0, within(1e-12));
        PathLifting data = lifting.withInputEnergies(Map.of("x", Tensor.of(Shape.of(1, 1), 4)));
        assertThat(SmallNetworks.flat(model.network(), data.diagonal())).containsExactly(256, 16);
        assertThat(data.norm(2)).isEqualTo(32);
        assertThat(OrbitCriterion.pathCond(group, data).minimise().z())
                .containsExactly(
                        OrbitCriterion.pathCond(group, lifting).minimise().z(), within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(doubles = {5, 20, 70})
    @DisplayName("Units of scales 10^-35 to 10^35 have the minimiser of their class")
    void extremes(double decades) {
        Model model = BuiltIns.model("mlp:3-9-8-9-2,dtype=f64", 6);
        RescalingGroup group = RescalingGroup.of(model.network());
        CounterRandom random = CounterRandom.seeded(6);
        double[] z = new double[group.rank()];
        Arrays.setAll(z, k -> (2 * random.uniform(k) - 1) * decades * Math.log(10) / 2);
        Minimum here = Minimiser.exact().cap(1e4).minimise(pathCond(model));
        Model moved = model.at(Rescaling.of(group, z).weights(model.weights()));
        for (int round = 0; round < 2; round++) {
            boolean conditioning = round == 0;
            Minimum there = Minimiser.exact()
                    .cap(1e4)
                    .minimise(conditioning ? pathCond(moved) : OrbitCriterion.balanced(group, moved));
            assertThat(there.gap()).isLessThan(1e-9);
            Minimum expected =
                    conditioning ? here : Minimiser.exact().cap(1e4).minimise(OrbitCriterion.balanced(group, model));
            for (int k = 0; k < z.length; k++) {
                assertThat(there.z()[k] + z[k]).isCloseTo(expected.z()[k], within(1e-9 * (1 + decades)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lenet-5,width=0.5|10|1",
                "lenet-5,width=0.5|10|4",
                "segnet-tiny|10|1",
                "cifar-nv,width=0.1|10|1",
                "cifar-nv,width=0.1|15|1",
                "plain-34,width=0.1|2|1",
                "plain-34,width=0.1|3|2",
                "resnet-18,width=0.1|6|2"
            })
    @DisplayName("From representatives far out on the orbit the exact method finds the same certified minimum")
    void farOut(String spec, double spread, int seed) {
        Model model = BuiltIns.model(spec, seed);
        RescalingGroup group = RescalingGroup.of(model.network());
        CounterRandom random = CounterRandom.seeded(seed);
        double[] z = new double[group.rank()];
        Arrays.setAll(z, k -> spread * random.normal(k));
        Model moved = model.at(Rescaling.of(group, z).weights(model.weights()));
        for (boolean conditioning : new boolean[] {true, false}) {
            Minimum here = Minimiser.exact()
                    .cap(1e4)
                    .minimise(conditioning ? pathCond(model) : OrbitCriterion.balanced(group, model));
            Minimum there = Minimiser.exact()
                    .cap(1e4)
                    .minimise(conditioning ? pathCond(moved) : OrbitCriterion.balanced(group, moved));
            assertThat(there.gap()).isLessThan(1e-9);
            assertThat(there.iterations()).isLessThanOrEqualTo(30);
            assertThat(there.after()).isCloseTo(here.after(), within(1e-9 * here.after()));
        }
    }

    @Test
    @DisplayName("A trivial group and a network without nonzero paths have nothing to minimise and say so")
    void nothing() {
        Model linear = SmallNetworks.model(SmallNetworks.dense(false, false, 2, 2), 1, 2, 3, 4);
        Minimum none = pathCond(linear).minimise();
        assertThat(none.z()).isEmpty();
        assertThat(none.after()).isEqualTo(none.before());
        Model zero = SmallNetworks.model(SmallNetworks.dense(false, false, 2, 2, 2), new double[8]);
        Minimum still = pathCond(zero).minimise();
        assertThat(still.z()).containsOnly(0);
        assertThat(still.frozen()).hasSize(2);
        assertThat(still.after()).isZero();
    }
}
