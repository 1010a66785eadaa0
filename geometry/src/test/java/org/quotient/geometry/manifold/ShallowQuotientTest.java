package org.quotient.geometry.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.TestNetworks;

/** Spec of invariant updates, 6.2.2: oracle I18. */
class ShallowQuotientTest {
    private static Points shallow(long seed) {
        NetworkBuilder net = NetworkBuilder.named("2-3-2");
        return Points.of(
                net.build(net.input("x", 2).dense("w", 3).relu().dense("u", 2)).model(seed), seed);
    }

    private static Points oneUnit() {
        NetworkBuilder net = NetworkBuilder.named("u relu(w x)");
        return Points.of(
                net.build(net.input("x", 2).dense("w", 1, false).relu().dense("u", 1, false))
                        .model(1),
                1);
    }

    private static Map<String, Tensor> numbers(double w1, double w2, double u) {
        return Map.of("w.weight", Tensor.of(Shape.of(1, 2), w1, w2), "u.weight", Tensor.of(Shape.of(1, 1), u));
    }

    @Test
    @DisplayName("w = (3, 4), u = 2, ξ = (1, 0 | 1): t = ½(3/25 − 2/4) = −19/100, horizontal (1.57, 0.76 | 0.62)")
    void workedProjection() {
        Points at = oneUnit();
        ShallowQuotient q = ShallowQuotient.of(at.group());
        Weights theta = at.with(numbers(3, 4, 2));
        assertThat(q.connection(theta, numbers(1, 0, 1))[0]).isCloseTo(-0.19, within(1e-16));
        Map<String, Tensor> horizontal = q.horizontal(theta, numbers(1, 0, 1));
        assertThat(Points.largest(Points.minus(horizontal, numbers(1.57, 0.76, 0.62))))
                .isLessThan(1e-15);
    }

    @Test
    @DisplayName("From (3, 4 | 2) to (8, 6 | 3) the distance is √(½ ln²3 + arccos²(24/25)), and infinite to u = −3")
    void workedDistance() {
        Points at = oneUnit();
        ShallowQuotient q = ShallowQuotient.of(at.group());
        Weights a = at.with(numbers(3, 4, 2));
        double expected = Math.sqrt(Math.pow(Math.log(3), 2) / 2 + Math.pow(Math.acos(24.0 / 25), 2));
        assertThat(q.distance(a, at.with(numbers(8, 6, 3)))).isCloseTo(expected, within(1e-15));
        assertThat(q.distance(a, at.with(numbers(80, 60, 0.3)))).isCloseTo(expected, within(1e-15));
        assertThat(q.distance(a, at.with(numbers(6, 8, 1)))).isCloseTo(0, within(1e-15));
        assertThat(q.distance(a, at.with(numbers(8, 6, -3)))).isInfinite();
        assertThat(q.distance(a, at.with(numbers(-3, -4, 2)))).isCloseTo(Math.PI, within(1e-15));
        assertThatThrownBy(() -> q.between(a, at.with(numbers(-3, -4, 2)), 0.5)).hasMessageContaining("not unique");
        assertThatThrownBy(() -> q.between(a, at.with(numbers(0, 0, 2)), 0.5))
                .hasMessageContaining("the incoming weights of generator 0 are all zero");
    }

    @Property(seed = "71", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("Generators are orthogonal with norm² 2, and the closed form of the projector is that of the Gram matrix")
    void projector(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = shallow(seed);
        ShallowQuotient q = ShallowQuotient.of(at.group());
        TangentSpace space = q.manifold().at(at.theta());
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(space.gram().get(i, j)).isCloseTo(i == j ? 2 : 0, within(1e-15));
            }
        }
        Map<String, Tensor> xi = at.vector("xi");
        assertThat(Points.largest(Points.minus(space.horizontal(xi), q.horizontal(at.theta(), xi))))
                .isLessThan(1e-12);
    }

    @Property(seed = "72", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("The distance knows classes only, is a metric, and is the length of the geodesic")
    void distance(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Points at = shallow(seed);
        ShallowQuotient q = ShallowQuotient.of(at.group());
        Weights a = at.theta();
        Weights b = at.with(at.vector("b"));
        Weights c = at.with(at.vector("c"));
        double ab = q.distance(a, b);
        assertThat(q.distance(b, a)).isCloseTo(ab, within(1e-13));
        assertThat(q.distance(at.rescaling("g").weights(a), at.rescaling("h").weights(b)))
                .isCloseTo(ab, within(1e-12));
        assertThat(q.distance(a, at.rescaling("g").weights(a))).isCloseTo(0, within(1e-12));
        assertThat(ab).isLessThanOrEqualTo(q.distance(a, c) + q.distance(c, b) + 1e-12);
        double pieces = 0;
        for (int i = 0; i < 8; i++) {
            pieces += q.distance(q.between(a, b, i / 8.0), q.between(a, b, (i + 1) / 8.0));
        }
        assertThat(pieces).isCloseTo(ab, within(1e-10));
        assertThat(q.distance(q.between(a, b, 1), b)).isCloseTo(0, within(1e-10));
        // The curve is horizontal: its velocity, by central differences, has no vertical component.
        double h = 1e-5;
        Weights middle = q.between(a, b, 0.5);
        Map<String, Tensor> velocity = Points.combine(
                q.between(a, b, 0.5 + h).asMap(), q.between(a, b, 0.5 - h).asMap(), (x, y) -> (x - y) / (2 * h));
        for (double t : q.connection(middle, velocity)) {
            assertThat(t).isCloseTo(0, within(1e-7));
        }
        assertThat(q.manifold().at(middle).norm(velocity)).isCloseTo(ab, within(1e-7 * (1 + ab)));
    }

    @Test
    @DisplayName("A scale before batch normalisation is worth nothing: only the direction of its weights counts")
    void normalised() {
        Model model = new Model(
                TestNetworks.batchNormMlp(2, 1, 1),
                Weights.of(Map.of(
                        "w0", Tensor.of(Shape.of(2, 1), 1, 0),
                        "w1", Tensor.of(Shape.of(1), 1),
                        "w2", Tensor.of(Shape.of(1), 1),
                        "w3", Tensor.of(Shape.of(1, 1), 1))));
        Points at = Points.of(model, 1);
        assertThat(at.group().rank()).isEqualTo(2);
        ShallowQuotient q = ShallowQuotient.of(at.group());
        Weights turned = at.with(Map.of("w0", Tensor.of(Shape.of(2, 1), 0, 7)));
        assertThat(q.distance(at.theta(), turned)).isCloseTo(Math.PI / 2, within(1e-15));
        Weights scaled = at.with(Map.of("w0", Tensor.of(Shape.of(2, 1), 5, 0)));
        assertThat(q.distance(at.theta(), scaled)).isZero();
        Map<String, Tensor> xi = at.vector("xi");
        assertThat(Points.largest(Points.minus(q.manifold().at(turned).horizontal(xi), q.horizontal(turned, xi))))
                .isLessThan(1e-12);
    }

    @Test
    @DisplayName("Coupled generators, and other powers than 1 and −1, are refused by name")
    void refused() {
        assertThatThrownBy(() -> ShallowQuotient.of(RescalingGroup.of(TestNetworks.mlp(2, 2, 2, 1))))
                .hasMessageContaining("w1[0, 0] couples generator 0")
                .hasMessageContaining("and generator 2");
        assertThatThrownBy(() -> ShallowQuotient.of(RescalingGroup.of(TestNetworks.gatedMlp(1, 1, 1))))
                .hasMessageContaining("couples");
    }
}
