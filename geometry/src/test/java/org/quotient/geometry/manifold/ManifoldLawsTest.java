package org.quotient.geometry.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.DMatrixSparseCSC;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.Rescaling;

/** What must hold for every invariant metric on any graph. */
class ManifoldLawsTest {
    private static final double ROUNDING = 1e-9;

    private static Points points(int seed) {
        return Points.of(RandomNetworks.draw(seed).model(), seed);
    }

    private static List<InvariantMetric> metrics(Points at) {
        LogQuotient log = LogQuotient.of(at.group());
        LogQuotient all = LogQuotient.onAllEntries(at.group());
        return List.of(log, all, Points.weighted(all), at.section());
    }

    @Property(seed = "51", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The Gram matrix of the vertical vectors is BᵀWB of the rows of B, one by one")
    void gram(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = points(seed);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        at.vector("weights")
                .forEach((name, v) -> weights.put(name, Tensor.fill(v.shape(), v.dtype(), i -> v.get(i) * v.get(i))));
        DMatrixSparseCSC sparse = at.matrix().gram(weights);
        DMatrixRMaj dense = at.denseGram(weights);
        for (int i = 0; i < at.group().rank(); i++) {
            for (int j = 0; j < at.group().rank(); j++) {
                assertThat(sparse.get(i, j)).isCloseTo(dense.get(i, j), within(1e-11));
            }
        }
        assertThat(at.matrix().moved()).isEqualTo(moved(at.dense()));
    }

    private static BitSet moved(DMatrixRMaj b) {
        BitSet out = new java.util.BitSet();
        for (int e = 0; e < b.numRows; e++) {
            for (int k = 0; k < b.numCols; k++) {
                if (b.get(e, k) != 0) {
                    out.set(e);
                }
            }
        }
        return out;
    }

    @Property(seed = "52", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The horizontal projector is idempotent, self-adjoint in the metric, and its kernel is the vertical space")
    void projector(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points full = points(seed);
        for (Points at : List.of(full, full.withZeros())) {
            for (InvariantMetric metric : metrics(at)) {
                TangentSpace space = new QuotientManifold(at.matrix(), metric).at(at.theta());
                Map<String, Tensor> xi = at.vector("xi");
                Map<String, Tensor> zeta = at.vector("zeta");
                Map<String, Tensor> once = space.horizontal(xi);
                double size = 1 + Points.largest(once) + Points.largest(xi);
                assertThat(Points.largest(Points.minus(space.horizontal(once), once)))
                        .isLessThan(ROUNDING * size);
                double scale = 1 + space.norm(xi) * space.norm(zeta);
                assertThat(space.inner(once, zeta))
                        .isCloseTo(space.inner(xi, space.horizontal(zeta)), within(ROUNDING * scale));
                Map<String, Tensor> vertical = space.vertical(at.scales("vertical"));
                Map<String, Tensor> kernel = space.horizontal(vertical);
                double tall = ROUNDING * (1 + Points.largest(vertical) + space.norm(vertical));
                assertThat(space.norm(kernel)).isLessThan(tall);
                if (at == full) {
                    assertThat(Points.largest(kernel)).isLessThan(tall);
                }
                assertThat(space.inner(once, vertical))
                        .isCloseTo(0, within(ROUNDING * (1 + space.norm(xi) * space.norm(vertical))));
                // ξ − Pξ is vertical by name, not only orthogonal.
                assertThat(Points.largest(Points.minus(Points.minus(xi, once), space.vertical(space.connection(xi)))))
                        .isLessThan(ROUNDING * size);
            }
        }
    }

    @Property(seed = "53", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("Lift, gradient, norm, retractions and transport commute with powers of two, bit for bit")
    void bitwise(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = points(seed);
        int[] k = at.exponents();
        Weights there = at.group().actByPowersOfTwo(at.theta(), k);
        Weights next = at.nearby("next");
        Weights nextThere = at.group().actByPowersOfTwo(next, k);
        Map<String, Tensor> chi = powers(at, k, 1);
        Map<String, Tensor> xi = at.vector("xi");
        Map<String, Tensor> g = at.vector("g");
        Map<String, Tensor> xiThere = times(chi, xi);
        LogQuotient log = LogQuotient.of(at.group());
        for (InvariantMetric metric : List.of(log, Points.weighted(log))) {
            QuotientManifold quotient = new QuotientManifold(at.matrix(), metric);
            TangentSpace here = quotient.at(at.theta());
            TangentSpace moved = quotient.at(there);
            assertSame(moved.horizontal(xiThere), times(chi, here.horizontal(xi)));
            assertSame(moved.gradient(times(powers(at, k, -1), g)), times(chi, here.gradient(g)));
            assertThat(moved.norm(xiThere)).isEqualTo(here.norm(xi));
            assertSame(
                    quotient.transport(there, nextThere, xiThere),
                    times(chi, quotient.transport(at.theta(), next, xi)));
            assertSame(quotient.project(nextThere, xiThere), times(chi, quotient.project(next, xi)));
        }
        for (Retraction r : Retraction.values()) {
            Weights moved = at.group().actByPowersOfTwo(r.at(at.theta(), xi), k);
            assertSame(r.at(there, xiThere).asMap(), moved.asMap());
        }
        Weights moved = at.group().actByPowersOfTwo(log.exponential(at.theta(), xi), k);
        assertSame(log.exponential(there, xiThere).asMap(), moved.asMap());
    }

    private static Map<String, Tensor> powers(Points at, int[] k, int sign) {
        double[] z = Arrays.stream(k).mapToDouble(i -> sign * i).toArray();
        Map<String, Tensor> out = new LinkedHashMap<>();
        at.matrix()
                .times(z)
                .forEach((name, bz) ->
                        out.put(name, Tensor.fill(bz.shape(), bz.dtype(), i -> Math.scalb(1.0, (int) bz.get(i)))));
        return out;
    }

    private static Map<String, Tensor> times(Map<String, Tensor> chi, Map<String, Tensor> xi) {
        return Points.combine(chi, xi, (c, x) -> c * x);
    }

    private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
        b.forEach((name, y) -> assertThat(Objects.requireNonNull(a.get(name)).sameBits(y))
                .as(name + ": " + a.get(name) + " and " + y)
                .isTrue());
    }

    @Property(seed = "54", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("The horizontal lift at gθ is χ times the lift at θ for any rescaling and any invariant metric")
    void equivariant(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = points(seed);
        Rescaling rescaling = at.rescaling("g");
        for (InvariantMetric metric : metrics(at)) {
            QuotientManifold quotient = new QuotientManifold(at.matrix(), metric);
            Map<String, Tensor> xi = at.vector("xi");
            TangentSpace here = quotient.at(at.theta());
            TangentSpace there = quotient.at(rescaling.weights(at.theta()));
            Map<String, Tensor> expected = rescaling.vectors(here.horizontal(xi));
            assertThat(Points.largest(Points.minus(there.horizontal(rescaling.vectors(xi)), expected)))
                    .isLessThan(ROUNDING * (1 + Points.largest(expected) + Points.largest(rescaling.vectors(xi))));
            assertThat(there.norm(expected))
                    .isCloseTo(here.norm(here.horizontal(xi)), within(ROUNDING * (1 + here.norm(xi))));
        }
    }

    @Property(seed = "55", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The gradient of a function of the network is horizontal in every invariant metric, without projection")
    void gradient(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        // Its scales are symmetries only for ε = 0, and those of running statistics move buffers.
        Assume.that(!draw.has(Feature.NORMALISATION));
        Points at = Points.of(draw.model(), seed);
        Map<String, Tensor> g = gradientOf(draw);
        for (InvariantMetric metric : metrics(at)) {
            TangentSpace space = new QuotientManifold(at.matrix(), metric).at(at.theta());
            Map<String, Tensor> gradient = space.gradient(g);
            double whole = space.norm(gradient);
            assertThat(space.norm(space.verticalComponent(gradient)))
                    .as(draw::toString)
                    .isLessThanOrEqualTo(1e-10 * whole);
            assertThat(space.inner(gradient, at.vector("xi")))
                    .isCloseTo(
                            pairing(at, g, at.vector("xi")), within(1e-10 * (1 + whole * space.norm(at.vector("xi")))));
        }
    }

    /** ⟨g, ξ⟩ over the live parameters. */
    private static double pairing(Points at, Map<String, Tensor> g, Map<String, Tensor> xi) {
        double sum = 0;
        int offset = 0;
        for (Map.Entry<String, Tensor> e : g.entrySet()) {
            Tensor x = Objects.requireNonNull(xi.get(e.getKey()));
            for (int i = 0; i < x.size(); i++) {
                sum += at.group().liveness().live().get(offset + i)
                        ? e.getValue().get(i) * x.get(i)
                        : 0;
            }
            offset += x.size();
        }
        return sum;
    }

    /** Of the sum of the squares of all outputs. */
    private static Map<String, Tensor> gradientOf(RandomNetwork draw) {
        Network network = draw.network();
        Expr loss = network.outputs().stream()
                .map(y -> y.times(y).sum())
                .reduce(Expr::plus)
                .orElseThrow();
        List<Tensor> values = Evaluator.evaluate(
                Differentiation.gradient(loss, network.parameters()),
                draw.model().weights().with(network.inputs(), draw.inputs(4, 7)),
                4);
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            out.put(Network.nameOf(network.parameters().get(i)), values.get(i));
        }
        return out;
    }

    @Property(seed = "56", tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Label("θ + ξ agrees with the exponential map of the logarithmic metric to first order: the error has slope 2")
    void order(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = points(seed);
        LogQuotient log = LogQuotient.onAllEntries(at.group());
        Assume.that(at.group().rank() > 0
                && at.group().network().parameterCount() - at.group().rank() >= 3);
        TangentSpace space = log.manifold().at(at.theta());
        Map<String, Tensor> xi =
                space.horizontal(times(at.vector("xi"), at.theta().asMap(), at));
        List<double[]> errors = new ArrayList<>();
        for (double t : new double[] {1e-2, 1e-3, 1e-4}) {
            Map<String, Tensor> step = Points.combine(xi, xi, (v, w) -> t * v);
            Weights exact = log.exponential(at.theta(), step);
            Weights added = Retraction.ADDITIVE.at(at.theta(), step);
            errors.add(new double[] {Math.log10(t), Math.log10(log.distance(exact, added))});
            assertSame(
                    Retraction.MULTIPLICATIVE.at(at.theta(), step).asMap(),
                    live(at, exact).asMap());
        }
        for (int i = 1; i < errors.size(); i++) {
            double slope = (errors.get(i)[1] - errors.get(i - 1)[1]) / (errors.get(i)[0] - errors.get(i - 1)[0]);
            assertThat(slope).isCloseTo(2, within(0.1));
        }
    }

    /** Dead parameters have no length: their displacement is added, not multiplied. Compare the live ones only. */
    private static Weights live(Points at, Weights weights) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        int offset = 0;
        for (Expr p : at.group().network().parameters()) {
            int start = offset;
            if (IntStream.range(0, p.shape().elements())
                    .allMatch(i -> at.group().liveness().live().get(start + i))) {
                out.put(Network.nameOf(p), weights.get(p));
            }
            offset += p.shape().elements();
        }
        return Weights.of(out);
    }

    private static Map<String, Tensor> times(Map<String, Tensor> a, Map<String, Tensor> theta, Points at) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr p : at.group().network().parameters()) {
            Tensor x = Objects.requireNonNull(theta.get(Network.nameOf(p)));
            Tensor v = Objects.requireNonNull(a.get(Network.nameOf(p)));
            out.put(Network.nameOf(p), Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) * v.get(i)));
        }
        return out;
    }
}
