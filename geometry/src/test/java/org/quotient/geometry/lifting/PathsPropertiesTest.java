package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.paths.PathGraph;

/** What holds for the paths of every network: built-ins and random ones, with everything that networks can hold. */
class PathsPropertiesTest {
    private static final double EXACT = 1e-12;

    private static Paths draw(int seed) {
        return paths(RandomNetworks.draw(seed).model());
    }

    private static Paths paths(Model model) {
        try {
            return Paths.of(model);
        } catch (IllegalArgumentException e) {
            // Division by activations: no lifting, and it says so.
            Assume.that(!e.getMessage().contains("no path lifting"));
            throw e;
        }
    }

    private static Tensor[] inputs(Network network, int seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("inputs");
        return network.inputs().stream()
                .map(x -> {
                    CounterRandom own = random.split(Network.nameOf(x));
                    return Tensor.fill(x.shape().bind(1), x.dtype(), own::normal);
                })
                .toArray(Tensor[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-2",
                "mlp:2-3-3-2,activation=leaky:0.1",
                "mlp:2-3-2,activation=prelu",
                "mlp:2-3-2,bn=true",
                "mlp:2-3-2,activation=silu",
                "mlp:2-3-2,activation=gelu",
                "lenet-5,width=0.01,input=1x12x12,classes=2",
                "densenet-tiny,width=0.01,input=1x2x2,classes=1",
                "segnet-tiny,width=0.01,input=1x4x4,classes=1",
                "resnet-18,width=0.01,input=1x2x2,classes=1,bn=true",
                "rnn:1-2-1,steps=3",
                "rnn:2-2-2,steps=4,bias=true",
                "tied-autoencoder:4-2-4",
                "transformer-tiny,width=0.125,tokens=2,classes=1"
            })
    void builtIns(String spec) {
        Paths paths = Paths.of(BuiltIns.model(spec, 7));
        assertThat(paths.count()).as("paths").isBetween(1.0, 200_000.0);
        sumsAreThoseOfTheLifting(paths);
        factorisation(paths, 3);
        gradient(paths, 4);
        actionsOfPowersOfTwo(paths, 5);
        rank(paths);
    }

    @Test
    @DisplayName("O10: 3-4-2-3-2 has 43 parameters, 212 paths, and Σ_p |p| Φ_p² = Σ_i θ_i² G_ii")
    void specified() {
        Paths paths = paths(BuiltIns.model("mlp:3-4-2-3-2", 10));
        assertThat(paths.live()).hasSize(43);
        assertThat(paths.stream()).hasSize(212);
        double byPath = paths.stream()
                .mapToDouble(p -> p.length() * p.value() * p.value())
                .sum();
        double byParameter = 0;
        Map<String, Tensor> g = PathLifting.of(paths.model()).diagonal();
        for (ParameterElement e : paths.live()) {
            double theta = paths.model().weights().get(e.parameter()).get(e.element());
            byParameter += theta * theta * g.get(e.parameter()).get(e.element());
        }
        assertThat(byPath).isCloseTo(byParameter, relative(byParameter));
        assertThat(rank(paths)).isTrue();
    }

    @Property(seed = "83", tries = 400, edgeCases = EdgeCasesMode.NONE)
    @Label("Number of paths, path norms, diag G and G·v are those that PathLifting finds without listing paths")
    void lifting(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        sumsAreThoseOfTheLifting(draw(seed));
    }

    private static void sumsAreThoseOfTheLifting(Paths paths) {
        PathLifting lifting = PathLifting.of(paths.model());
        double[] phi = paths.phi();
        assertThat((double) paths.stream().count()).isEqualTo(paths.count());
        assertThat(Arrays.stream(phi).map(Math::abs).sum()).isCloseTo(lifting.norm(1), relative(lifting.norm(1)));
        double norm = Math.sqrt(Arrays.stream(phi).map(f -> f * f).sum());
        assertThat(norm).isCloseTo(lifting.norm(2), relative(lifting.norm(2)));
        double[] v = new double[paths.live().size()];
        CounterRandom random = CounterRandom.seeded(phi.length);
        Arrays.setAll(v, random::normal);
        double[] diagonal = new double[v.length];
        double[] product = new double[v.length];
        double[] size = new double[v.length];
        for (double[] row : paths.jacobian()) {
            double along = 0;
            double most = 0;
            for (int i = 0; i < v.length; i++) {
                along += row[i] * v[i];
                most += Math.abs(row[i] * v[i]);
            }
            for (int i = 0; i < v.length; i++) {
                diagonal[i] += row[i] * row[i];
                product[i] += row[i] * along;
                size[i] += Math.abs(row[i]) * most;
            }
        }
        Map<String, Tensor> g = lifting.diagonal();
        Map<String, Tensor> gv = lifting.times(tensors(paths, v));
        for (int i = 0; i < v.length; i++) {
            ParameterElement e = paths.live().get(i);
            double expected = g.get(e.parameter()).get(e.element());
            assertThat(diagonal[i]).as("G at %s", e).isCloseTo(expected, relative(expected));
            assertThat(product[i])
                    .as("G·v at %s", e)
                    .isCloseTo(gv.get(e.parameter()).get(e.element()), relative(size[i]));
        }
    }

    private static org.assertj.core.data.Offset<Double> relative(double size) {
        return within(EXACT * Math.abs(size) + Double.MIN_NORMAL);
    }

    private static Map<String, Tensor> tensors(Paths paths, double[] v) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr p : paths.model().network().parameters()) {
            out.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, i -> 0));
        }
        for (int i = 0; i < v.length; i++) {
            ParameterElement e = paths.live().get(i);
            out.get(e.parameter()).data()[e.element()] = v[i];
        }
        return out;
    }

    @Property(seed = "84", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label(
            "The parameters on paths are the live ones, and there are as many paths as monomials in the scalar path graph")
    void liveness(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Paths paths = draw(seed);
        Network network = paths.model().network();
        Assume.that(slopes(network).isEmpty());
        List<ParameterElement> occurring =
                paths.stream().flatMap(p -> p.edges().stream()).distinct().toList();
        assertThat(occurring).containsExactlyInAnyOrderElementsOf(paths.live());
        PathGraph graph = PathGraph.of(network, Liveness.of(network).idle());
        assertThat(BigDecimal.valueOf(paths.count()).toBigIntegerExact()).isEqualTo(graph.pathCount());
    }

    @Property(seed = "85", tries = 400, edgeCases = EdgeCasesMode.NONE)
    @Label("f = Σ Φ_p a_p start_p at every output, and the same at every element that a cut reads")
    void factorisation(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        factorisation(draw(seed), seed);
    }

    private static void factorisation(Paths paths, int seed) {
        PathActivations at = paths.at(inputs(paths.model().network(), seed));
        Map<Endpoint, double[]> sums = new LinkedHashMap<>();
        for (Path path : paths) {
            double term = at.contribution(path);
            double[] sum = sums.computeIfAbsent(path.end(), e -> new double[3]);
            sum[0] += term;
            sum[1] += Math.abs(term);
            sum[2] = at.end(path);
        }
        // Idle parameters shift what a normalisation reads, but are on no path.
        boolean idle = !Liveness.of(paths.model().network()).idle().isEmpty();
        sums.forEach((end, sum) -> {
            if (end.kind() == Endpoint.Kind.OUTPUT || !idle) {
                assertThat(sum[0]).as("%s", end).isCloseTo(sum[2], within(1e-11 * sum[1] + Double.MIN_NORMAL));
            }
        });
    }

    @Property(seed = "86", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label("∂f/∂θ = ∂Φᵀ(a x̄) where no operation cuts the graph")
    void gradient(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Assume.that(gradient(draw(seed), seed));
    }

    private static boolean gradient(Paths paths, int seed) {
        Network network = paths.model().network();
        boolean cut = paths.stream()
                .anyMatch(p -> p.end().kind() == Endpoint.Kind.CUT
                        || p.starts().stream().anyMatch(s -> s.kind() == Endpoint.Kind.CUT));
        if (cut) {
            return false;
        }
        PathActivations at = paths.at(inputs(network, seed));
        Map<ParameterElement, double[]> sums = new LinkedHashMap<>();
        for (Path path : paths) {
            double active = at.of(path) * at.start(path);
            path.gradient().forEach((e, partial) -> {
                double[] sum = sums.computeIfAbsent(e, k -> new double[2]);
                sum[0] += partial * active;
                sum[1] += Math.abs(partial * active);
            });
        }
        Expr total =
                network.outputs().stream().map(Expr::sum).reduce(Expr::plus).orElseThrow();
        List<Tensor> gradients = Evaluator.evaluate(
                Differentiation.gradient(total, network.parameters()),
                paths.model().weights().with(network.inputs(), List.of(inputs(network, seed))),
                1);
        BitSet slopes = slopes(network);
        for (int k = 0; k < gradients.size(); k++) {
            for (int i = 0; i < gradients.get(k).size() && !slopes.get(k); i++) {
                Expr p = network.parameters().get(k);
                ParameterElement e = new ParameterElement(Network.nameOf(p), i, Endpoint.indexOf(i, p.shape()));
                double[] sum = sums.getOrDefault(e, new double[2]);
                assertThat(gradients.get(k).get(i))
                        .as("∂f/∂%s", e)
                        .isCloseTo(sum[0], within(1e-11 * sum[1] + Double.MIN_NORMAL));
            }
        }
        return true;
    }

    /** The parameters that slopes are computed from: they act in the activations. */
    private static BitSet slopes(Network network) {
        List<Expr> slopes = Graph.topological(network.outputs()).stream()
                .filter(e -> e.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.PRELU)
                .map(e -> e.operand(1))
                .toList();
        List<Expr> reached = Graph.topological(slopes);
        BitSet out = new BitSet();
        for (int k = 0; k < network.parameters().size(); k++) {
            out.set(k, reached.contains(network.parameters().get(k)));
        }
        return out;
    }

    @Property(seed = "87", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label("Rescaling by powers of two changes no activation and, without normalisations, no Φ_p: bit for bit")
    void actions(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        actionsOfPowersOfTwo(draw(seed), seed);
    }

    private static void actionsOfPowersOfTwo(Paths paths, int seed) {
        Model model = paths.model();
        RescalingGroup group = RescalingGroup.of(model.network());
        CounterRandom random = CounterRandom.seeded(seed).split("exponents");
        int[] exponents = new int[group.rank()];
        Arrays.setAll(exponents, k -> random.below(k, 9) - 4);
        Paths moved = Paths.of(model.at(group.actByPowersOfTwo(model.weights(), exponents)));
        Tensor[] x = inputs(model.network(), seed);
        PathActivations before = paths.at(x);
        PathActivations after = moved.at(x);
        // What a normalisation reads has a free scale, and the ε that it adds (almost 0 in random networks) has none.
        boolean free =
                Graph.topological(model.network().outputs()).stream().anyMatch(e -> e.op() instanceof Op.Normalise);
        List<Path> there = moved.stream().toList();
        int k = 0;
        for (Path path : paths) {
            Path image = there.get(k++);
            assertThat(image).hasToString(path.toString());
            assertThat(after.of(image)).as("a of %s", path).isEqualTo(before.of(path));
            if (!free) {
                assertThat(image.value()).as("Φ of %s", path).isEqualTo(path.value());
            }
        }
    }

    @Property(seed = "88", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("rank ∂Φ = live − slopes − generators where no parameter is 0")
    void rank(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Assume.that(rank(draw(seed)));
    }

    private static boolean rank(Paths paths) {
        Model model = paths.model();
        RescalingGroup group = RescalingGroup.of(model.network());
        Liveness liveness = group.liveness();
        PathGraph graph = PathGraph.of(model.network(), liveness.idle());
        BitSet zeros = RescalingGroup.zeros(model);
        zeros.and(liveness.live());
        if (graph.scaleGroupCount() > 0
                || !zeros.isEmpty()
                || !group.incomplete().isEmpty()) {
            return false;
        }
        // θ_i ∂Φ_p/∂θ_i / Φ_p is the multiplicity of i on p: integers, of the rank of ∂Φ.
        List<ParameterElement> live = paths.live();
        double[][] jacobian = paths.jacobian();
        double[] phi = paths.phi();
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        double[] rows = new double[phi.length * live.size()];
        for (int p = 0; p < phi.length; p++) {
            for (int i = 0; i < live.size(); i++) {
                ParameterElement e = live.get(i);
                double exact = jacobian[p][i]
                        / phi[p]
                        * model.weights().get(e.parameter()).get(e.element());
                assertThat(exact).isCloseTo(Math.rint(exact), within(1e-9));
                rows[p * live.size() + i] = Math.rint(exact);
            }
        }
        int offset = 0;
        long slopes = 0;
        BitSet slopeParameters = slopes(model.network());
        for (int k = 0; k < model.network().parameters().size(); k++) {
            int size = model.network().parameters().get(k).shape().elements();
            BitSet of = liveness.live().get(offset, offset + size);
            slopes += slopeParameters.get(k) ? of.cardinality() : 0;
            offset += size;
        }
        assertThat((long) Echelon.rank(field, phi.length, live.size(), rows))
                .isEqualTo(live.size() - slopes - group.rank());
        return true;
    }
}
