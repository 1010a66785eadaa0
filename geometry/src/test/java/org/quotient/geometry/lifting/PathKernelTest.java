package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.paths.PathGraph;

/** The path kernel against K = JJᵀ and G = JᵀJ of the enumerated J = ∂Φ. */
class PathKernelTest {

    private static Model oneUnit(double u, double v) {
        return BuiltIns.model("mlp:1-1-1,bias=false", 1)
                .at(Weights.of(Map.of(
                        "fc1.weight", Tensor.of(Shape.of(1, 1), u), "fc2.weight", Tensor.of(Shape.of(1, 1), v))));
    }

    /** The eigenvalues of JJᵀ, or of JᵀJ where that is smaller, the largest first. */
    private static double[] eigenvalues(double[][] j) {
        int columns = j.length == 0 ? 0 : j[0].length;
        boolean wide = j.length <= columns;
        int n = wide ? j.length : columns;
        DMatrixRMaj m = new DMatrixRMaj(n, n);
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                double sum = 0;
                for (int k = 0; k < (wide ? columns : j.length); k++) {
                    sum += wide ? j[a][k] * j[b][k] : j[k][a] * j[k][b];
                }
                m.set(a, b, sum);
            }
        }
        if (n == 0) {
            return new double[0];
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
        assertThat(eigen.decompose(m)).isTrue();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            values.add(eigen.getEigenvalue(i).getReal());
        }
        values.sort(Comparator.reverseOrder());
        return values.stream().mapToDouble(x -> x).toArray();
    }

    /** Nonzero eigenvalues are those of the enumerated J, their sum the trace of G; the same by products alone. */
    private static Spectrum checked(Model model) {
        PathLifting lifting = PathLifting.of(model);
        PathKernel kernel = PathKernel.of(lifting);
        Spectrum spectrum = kernel.spectrum();
        double[] expected = eigenvalues(Paths.of(model).jacobian());
        double rounding = 1e-12 * (expected.length == 0 ? 0 : expected[0]);
        for (int i = 0; i < Math.max(expected.length, spectrum.eigenvalues().size()); i++) {
            double of =
                    i < spectrum.eigenvalues().size() ? spectrum.eigenvalues().get(i) : 0;
            double by = i < expected.length ? expected[i] : 0;
            assertThat(of).as("λ_%d", i).isCloseTo(by, within(rounding));
        }
        double trace = lifting.diagonal().values().stream()
                .flatMapToDouble(t -> Arrays.stream(t.data()))
                .sum();
        assertThat(spectrum.trace()).isCloseTo(trace, within(1e-12 * trace));
        return spectrum;
    }

    @Test
    @DisplayName("O1: Φ = 2·8 has K = 8² + 2² = 68, of rank 1")
    void one() {
        Spectrum spectrum = checked(oneUnit(2, 8));
        assertThat(spectrum.eigenvalues().get(0)).isCloseTo(68, within(1e-13));
        assertThat(spectrum.eigenvalues().get(1)).isCloseTo(0, within(1e-13));
        assertThat(spectrum.rank()).isEqualTo(1);
        assertThat(spectrum.counted()).hasValue(1);
        assertThat(spectrum.condition()).isEqualTo(1);
        assertThat(spectrum.isClear()).isTrue();
        LeadingSpectrum largest = PathKernel.of(PathLifting.of(oneUnit(2, 8))).largest(2);
        assertThat(largest.converged()).isTrue();
        assertThat(largest.values().get(0).value()).isCloseTo(68, within(1e-12));
        assertThat(largest.values().get(1).value()).isCloseTo(0, within(1e-12));
    }

    @Test
    @DisplayName("O10: 3-4-2-3-2 has 43 parameters, 9 units, rank 34; path conditioning changes the condition number")
    void specified() {
        Model model = BuiltIns.model("mlp:3-4-2-3-2", 10);
        Spectrum before = checked(model);
        assertThat(before.rank()).isEqualTo(34);
        assertThat(before.isClear()).isTrue();
        RescalingGroup group = RescalingGroup.of(model.network());
        double[] z =
                OrbitCriterion.pathCond(group, PathLifting.of(model)).minimise().z();
        Spectrum after = checked(model.at(group.act(model.weights(), z)));
        assertThat(after.rank()).isEqualTo(34);
        assertThat(after.isClear()).isTrue();
        assertThat(after.condition())
                .isNotCloseTo(before.condition(), within(1.0))
                .isGreaterThan(1);
        double[] k = eigenvalues(Paths.of(model).jacobian());
        assertThat(before.condition()).isCloseTo(k[0] / k[33], within(1e-8 * before.condition()));
    }

    @Test
    @DisplayName("Φ = w²u at (3, 5): ∂Φ = (30, 9), K = 981; u = 0 leaves the rank 1, w = 0 makes it 0")
    void reuse() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(1, 1));
        Expr u = Expr.parameter("u", DType.F64, Shape.of(1, 1));
        Network network = new Network(
                "twice",
                List.of(x),
                List.of(w, u),
                List.of(),
                List.of(x.matmul(w).relu().matmul(w).relu().matmul(u)));
        Model model = new Model(network, Weights.of(twice(3, 5)));
        Spectrum spectrum = checked(model);
        assertThat(spectrum.eigenvalues().get(0)).isCloseTo(981, within(1e-11));
        assertThat(spectrum.rank()).isEqualTo(1);
        PathLifting lifting = PathLifting.of(model);
        // Φ(2, 7) = 28.
        assertThat(lifting.kernelForm(Weights.of(twice(2, 7)))).isCloseTo(981.0 * 28 * 28, within(1e-8));
        assertThat(lifting.pullback(Weights.of(twice(2, 7))).get("w").item()).isCloseTo(840, within(1e-11));
        assertThat(lifting.energyOf(twice(1, -2))).isCloseTo(144, within(1e-11));
        Spectrum half = checked(new Model(network, Weights.of(twice(3, 0))));
        assertThat(half.eigenvalues()).containsExactly(81.0);
        assertThat(half.counted()).hasValue(1);
        Spectrum none = checked(new Model(network, Weights.of(twice(0, 5))));
        assertThat(none.eigenvalues()).isEmpty();
        assertThat(none.counted()).hasValue(0);
        assertThat(none.condition()).isNaN();
    }

    private static Map<String, Tensor> twice(double w, double u) {
        return Map.of("w", Tensor.of(Shape.of(1, 1), w), "u", Tensor.of(Shape.of(1, 1), u));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-2",
                "mlp:3-4-4-2,init=he",
                "mlp:2-3-2,activation=prelu",
                "mlp:2-3-2,bn=true",
                "mlp:2-3-2,activation=gelu",
                "lenet-5,width=0.01,input=1x12x12,classes=2",
                "densenet-tiny,width=0.01,input=1x2x2,classes=1",
                "resnet-18,width=0.01,input=1x2x2,classes=1,bn=true",
                "segnet-tiny,width=0.01,input=1x4x4,classes=1",
                "rnn:2-2-2,steps=4,bias=true",
                "tied-autoencoder:4-2-4",
                "transformer-tiny,width=0.125,tokens=2,classes=1"
            })
    void builtIns(String spec) {
        Model model = BuiltIns.model(spec, 7);
        Spectrum spectrum = checked(model);
        assertThat(spectrum.counted()).isPresent();
        agree(spectrum);
    }

    /** There are as many eigenvalues as the count says, and the next is 10^4 times smaller or mere rounding. */
    private static void agree(Spectrum spectrum) {
        assertThat(spectrum.numerical()).isEqualTo(spectrum.rank());
        assertThat(spectrum.gap()).isGreaterThanOrEqualTo(Spectrum.CLEAR_GAP);
    }

    @Property(seed = "93", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label("Eigenvalues are those of the enumerated ∂Φ; their number is that of parameters less generators")
    void random(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = draw(seed);
        Spectrum spectrum = checked(model);
        if (spectrum.counted().isPresent()) {
            agree(spectrum);
        }
    }

    @Property(seed = "94", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("With zeros among the parameters too")
    void zeros(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = draw(seed);
        CounterRandom random = CounterRandom.seeded(seed).split("zeros");
        Map<String, Tensor> sparse = new LinkedHashMap<>(model.weights().asMap());
        model.network().parameters().forEach(p -> {
            CounterRandom own = random.split(Network.nameOf(p));
            sparse.computeIfPresent(
                    Network.nameOf(p),
                    (name, t) -> Tensor.fill(t.shape(), t.dtype(), i -> own.uniform(i) < 0.1 ? 0 : t.get(i)));
        });
        Spectrum spectrum = checked(model.at(Weights.of(sparse)));
        if (spectrum.counted().isPresent()) {
            agree(spectrum);
        }
    }

    /** A random network with few enough paths to list. */
    static Model draw(int seed) {
        Model model = RandomNetworks.draw(seed).model();
        try {
            PathLifting.of(model).logNorm(2);
        } catch (IllegalArgumentException e) {
            // Division by activations: no lifting, and it says so.
            Assume.that(!e.getMessage().contains("no path lifting"));
        }
        Assume.that(PathGraph.of(model.network(), new BitSet()).pathCount().bitLength() < 14);
        return model;
    }

    @Property(seed = "96", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("Along the orbit G′ = D⁻¹GD⁻¹: vᵀG′v = (D⁻¹v)ᵀG(D⁻¹v), and the rank stays")
    void orbit(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = draw(seed);
        RescalingGroup group = RescalingGroup.of(model.network());
        Assume.that(group.rank() > 0 && group.removedScales().isEmpty());
        CounterRandom random = CounterRandom.seeded(seed).split("orbit");
        double[] z = new double[group.rank()];
        Arrays.setAll(z, random::normal);
        Model moved = model.at(group.act(model.weights(), z));
        Map<String, double[]> scales = group.logScales(z);
        Map<String, Tensor> v = new LinkedHashMap<>();
        Map<String, Tensor> back = new LinkedHashMap<>();
        model.network().parameters().forEach(p -> {
            String name = Network.nameOf(p);
            CounterRandom own = random.split(name);
            double[] logs = Objects.requireNonNull(scales.get(name));
            v.put(name, Tensor.fill(p.shape(), DType.F64, own::normal));
            back.put(name, Tensor.fill(p.shape(), DType.F64, i -> own.normal(i) * Math.exp(-logs[i])));
        });
        double expected = PathLifting.of(model, group.liveness()).energyOf(back);
        PathLifting after = PathLifting.of(moved, group.liveness());
        assertThat(after.energyOf(v)).isCloseTo(expected, within(1e-9 * expected + 1e-12));
        PathKernel kernel = PathKernel.of(after, group);
        assertThat(kernel.spectrum().counted())
                .isEqualTo(PathKernel.of(PathLifting.of(model, group.liveness()), group)
                        .spectrum()
                        .counted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp:8-12-6", "lenet-5,width=0.3,input=1x12x12", "rnn:3-6-2", "mlp:4-5-5-3,bn=true"})
    @DisplayName("The largest eigenvalues by products are those of the matrix; residuals bound their error")
    void largest(String spec) {
        PathKernel kernel = PathKernel.of(PathLifting.of(BuiltIns.model(spec, 4)));
        Spectrum all = kernel.spectrum();
        LeadingSpectrum some = kernel.largest(7, 1e-10);
        assertThat(some.converged()).isTrue();
        for (int i = 0; i < 7; i++) {
            RitzValue ritz = some.values().get(i);
            assertThat(ritz.residual()).isLessThanOrEqualTo(1.1e-10 * ritz.value());
            assertThat(ritz.value())
                    .as("λ_%d", i)
                    .isCloseTo(
                            all.eigenvalues().get(i),
                            within(ritz.residual()
                                    + 1e-13 * some.values().get(0).value()));
        }
    }

    @Test
    @DisplayName("Multiple eigenvalues: without hidden layers K is the identity, and every eigenvalue is 1")
    void multiple() {
        PathKernel kernel = PathKernel.of(PathLifting.of(BuiltIns.model("mlp:9-5", 4)));
        LeadingSpectrum some = kernel.largest(6);
        assertThat(some.converged()).isTrue();
        assertThat(some.values()).hasSize(6).allMatch(r -> Math.abs(r.value() - 1) < 1e-12);
        assertThat(kernel.conditionNumber()).isCloseTo(1, within(1e-12));
        assertThat(kernel.spectrum().rank()).isEqualTo(50);
    }

    @Test
    @DisplayName("Scales of 10^10 between layers: eigenvalues 10^20 apart are lost in rounding, and the gap says so")
    void badlyScaled() {
        Model model = BuiltIns.model("mlp:3-4-2-3-2", 10);
        RescalingGroup group = RescalingGroup.of(model.network());
        double[] z = new double[group.rank()];
        Arrays.setAll(z, k -> k % 2 == 0 ? 12 : -12);
        Spectrum spectrum = PathKernel.of(PathLifting.of(model.at(group.act(model.weights(), z))))
                .spectrum();
        assertThat(spectrum.counted()).hasValue(34);
        assertThat(spectrum.numerical()).isLessThan(34);
        assertThat(spectrum.gap()).isLessThan(Spectrum.CLEAR_GAP);
        assertThat(spectrum.isClear()).isFalse();
    }

    @Test
    void whatIsAskedWronglyIsRefused() {
        PathKernel small = PathKernel.of(PathLifting.of(oneUnit(2, 8)));
        assertThatThrownBy(() -> small.largest(0)).hasMessageContaining("from 1 to the number of live parameters, 2");
        assertThatThrownBy(() -> small.largest(3)).hasMessageContaining("given 3");
        assertThatThrownBy(() -> small.largest(1, 0)).hasMessageContaining("between 0 and 1");
        PathKernel large = PathKernel.of(PathLifting.of(BuiltIns.model("mlp:50-50-10", 1)));
        assertThatThrownBy(large::conditionNumber)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3060")
                .hasMessageContaining("2000")
                .hasMessageContaining("largest");
        RescalingGroup other = RescalingGroup.of(BuiltIns.model("mlp:2-2", 1).network());
        assertThatThrownBy(() -> PathKernel.of(PathLifting.of(oneUnit(2, 8)), other))
                .hasMessageContaining("the same network");
        Model chain = BuiltIns.model("mlp:1-1-1-1,bias=false", 1);
        PathKernel huge = PathKernel.of(PathLifting.of(chain.at(Weights.lazy(
                chain.network(),
                name -> Tensor.fill(Shape.of(1, 1), chain.weights().get(name).dtype(), i -> 1e120)))));
        assertThatThrownBy(huge::spectrum).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> huge.largest(1)).isInstanceOf(ArithmeticException.class);
    }
}
