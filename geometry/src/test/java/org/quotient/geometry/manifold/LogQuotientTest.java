package org.quotient.geometry.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixSparseCSC;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.OrbitEquivalence;
import org.quotient.geometry.TestNetworks;

/** Spec of invariant updates, 6.2.1: oracle I14 and the laws of the distance. */
class LogQuotientTest {
    private static Points points(int seed) {
        return Points.of(RandomNetworks.draw(seed).model(), seed);
    }

    @Test
    @DisplayName(
            "K of a 2-3-2-1 network with biases: fan-in + 1 + fan-out on the diagonal, -1 per hidden edge, full rank")
    void gramOfDenseNetwork() {
        NetworkBuilder net = NetworkBuilder.named("2-3-2-1");
        Model model = net.build(net.input("x", 2)
                        .dense("a", 3)
                        .relu()
                        .dense("b", 2)
                        .relu()
                        .dense("c", 1))
                .model(1);
        Points at = Points.of(model, 1);
        DMatrixSparseCSC k =
                LogQuotient.of(at.group()).manifold().at(at.theta()).gram();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                double expected = i == j ? (i < 3 ? 2 + 1 + 2 : 3 + 1 + 1) : (i < 3) == (j < 3) ? 0 : -1;
                assertThat(k.get(i, j)).isEqualTo(expected);
            }
        }
        double[][] rows = new double[5][5];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                rows[i][j] = k.get(i, j);
            }
        }
        assertThat(new SemidefiniteFactors(rows).rank()).isEqualTo(5);
    }

    @Test
    @DisplayName("u·relu(wx): the distance of (1, 1) and (a, b) is |ln ab|/√2, and 0 exactly on the orbit ab = 1")
    void twoScalars() {
        NetworkBuilder net = NetworkBuilder.named("u relu(wx)");
        Model model = net.build(net.input("x", 1).dense("w", 1, false).relu().dense("u", 1, false))
                .model(1);
        Points at = Points.of(model, 1);
        LogQuotient quotient = LogQuotient.of(at.group());
        Weights one = at.with(scalars(1, 1));
        assertThat(quotient.distance(one, at.with(scalars(3, 5))))
                .isCloseTo(Math.log(15) / Math.sqrt(2), within(1e-15));
        assertThat(quotient.distance(one, at.with(scalars(8, 0.125)))).isZero();
        assertThat(quotient.distance(one, at.with(scalars(-3, 5)))).isInfinite();
        assertThatThrownBy(() -> quotient.logarithm(one, at.with(scalars(0, 5))))
                .hasMessageContaining("zero patterns differ at w.weight[0, 0]");
        // Half way: the product goes from 1 to 15 as 15^t, and a horizontal path from (1, 1) keeps both equal.
        Weights middle = quotient.between(one, at.with(scalars(3, 5)), 0.5);
        assertThat(middle.get("w.weight").item()).isCloseTo(Math.pow(15, 0.25), within(1e-14));
        assertThat(middle.get("u.weight").item()).isCloseTo(Math.pow(15, 0.25), within(1e-14));
    }

    private static Map<String, Tensor> scalars(double w, double u) {
        return Map.of(
                "w.weight", Tensor.of(Shape.of(1, 1), w),
                "u.weight", Tensor.of(Shape.of(1, 1), u));
    }

    @Property(seed = "61", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The distance does not depend on either representative, is symmetric, and obeys the triangle inequality")
    void metricSpace(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points full = points(seed);
        for (Points at : List.of(full, full.withZeros())) {
            for (LogQuotient q : List.of(LogQuotient.of(at.group()), LogQuotient.onAllEntries(at.group()))) {
                Weights a = at.theta();
                Weights b = at.nearby("b");
                Weights c = at.nearby("c");
                double ab = q.distance(a, b);
                double size = 1e-12 * (10 + ab);
                assertThat(q.distance(b, a)).isCloseTo(ab, within(size));
                assertThat(q.distance(at.rescaling("g").weights(a), b)).isCloseTo(ab, within(size));
                assertThat(q.distance(a, at.rescaling("h").weights(b))).isCloseTo(ab, within(size));
                assertThat(ab).isLessThanOrEqualTo(q.distance(a, c) + q.distance(c, b) + size);
                assertThat(q.distance(a, a)).isZero();
                assertThat(q.distance(a, at.rescaling("g").weights(a))).isCloseTo(0, within(size));
            }
        }
    }

    @Property(seed = "62", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("Geodesics have the length of the distance, start at θ horizontally, and end in the class of θ'")
    void geodesics(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = points(seed);
        for (LogQuotient q : List.of(LogQuotient.of(at.group()), LogQuotient.onAllEntries(at.group()))) {
            Weights a = at.theta();
            Weights b = at.nearby("b");
            double distance = q.distance(a, b);
            double rounding = 1e-11 * (1 + distance);
            TangentSpace space = q.manifold().at(a);
            Map<String, Tensor> xi = q.logarithm(a, b);
            assertThat(space.norm(xi)).isCloseTo(distance, within(rounding));
            assertThat(space.norm(space.verticalComponent(xi))).isLessThan(rounding);
            double length = 0;
            for (int i = 0; i < 4; i++) {
                length += q.distance(q.between(a, b, i / 4.0), q.between(a, b, (i + 1) / 4.0));
            }
            assertThat(length).isCloseTo(distance, within(rounding));
            Weights end = q.between(a, b, 1);
            OrbitEquivalence same = OrbitEquivalence.of(at.group(), withoutBuffers(at, end, b), b, 1e-9);
            assertThat(same.equivalent()).as(same.reason()).isTrue();
            // The rescaling that aligns b with a gives the very end point, on live parameters.
            assertThat(q.distance(end, q.alignment(a, b).weights(b))).isLessThan(rounding);
            // Parallel transport along a flat geodesic is transport of frames, and keeps vectors horizontal.
            Map<String, Tensor> moved = q.manifold().transport(a, end, xi);
            TangentSpace there = q.manifold().at(end);
            assertThat(there.norm(there.verticalComponent(moved))).isLessThan(rounding);
            assertThat(there.norm(moved)).isCloseTo(distance, within(rounding));
        }
    }

    /** The end of a geodesic keeps the buffers of its start; orbits are compared with those of the aligned end. */
    private static Weights withoutBuffers(Points at, Weights end, Weights b) {
        LogQuotient q = LogQuotient.of(at.group());
        java.util.Map<String, Tensor> out =
                new LinkedHashMap<>(q.alignment(end, b).weights(b).asMap());
        at.group().network().parameters().forEach(p -> out.put(Network.nameOf(p), end.get(p)));
        return Weights.of(out);
    }

    @Test
    @DisplayName("A slope of PReLU stays Euclidean, unless all entries are logarithmic")
    void unmoved() {
        Model model = new Model(
                TestNetworks.preluMlp(1, 1, 1),
                Weights.of(Map.of(
                        "w0", Tensor.of(Shape.of(1, 1), 1),
                        "w1", Tensor.of(Shape.of(1), 0.25),
                        "w2", Tensor.of(Shape.of(1, 1), 1))));
        Points at = Points.of(model, 1);
        Weights other = at.with(Map.of("w1", Tensor.of(Shape.of(1), -0.5)));
        Weights positive = at.with(Map.of("w1", Tensor.of(Shape.of(1), 0.5)));
        assertThat(LogQuotient.of(at.group()).distance(at.theta(), other)).isEqualTo(0.75);
        assertThat(LogQuotient.onAllEntries(at.group()).distance(at.theta(), other))
                .isInfinite();
        assertThat(LogQuotient.onAllEntries(at.group()).distance(at.theta(), positive))
                .isCloseTo(Math.log(2), within(1e-15));
    }

    @Test
    @DisplayName(
            "A network with 1,184 coupled generators: conjugate gradients and factors agree, and the projector is one")
    void large() {
        Points at = Points.of(BuiltIns.model("resnet-34,width=0.25", 3), 3);
        assertThat(at.group().rank()).isGreaterThan(2 * GramSolver.DENSE);
        LogQuotient q = LogQuotient.of(at.group());
        TangentSpace space = q.manifold().at(at.theta());
        Map<String, Tensor> xi = at.vector("xi");
        Map<String, Tensor> once = space.horizontal(xi);
        assertThat(Points.largest(Points.minus(space.horizontal(once), once))).isLessThan(1e-10);
        assertThat(space.inner(once, space.verticalComponent(xi))).isCloseTo(0, within(1e-9 * space.inner(xi, xi)));
        double[] right = at.scales("right");
        double[] iterated = new GramSolver(space.gram()).solve(right);
        double[] factored = new GramSolver(space.gram(), 100_000).solve(right);
        for (int k = 0; k < right.length; k++) {
            assertThat(iterated[k]).isCloseTo(factored[k], within(1e-12));
        }
        Weights b = at.nearby("b");
        assertThat(q.distance(at.rescaling("g").weights(at.theta()), b))
                .isCloseTo(q.distance(at.theta(), b), within(1e-9));
    }
}
