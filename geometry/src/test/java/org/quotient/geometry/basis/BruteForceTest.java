package org.quotient.geometry.basis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.ParameterElement;
import org.quotient.geometry.lifting.Path;
import org.quotient.geometry.lifting.Paths;

/**
 * Basis paths against the enumerated paths: with exponents n of every path in the basis, written out edge by edge, the gradient of
 * L = Σ c_P Φ_P in path values is Σ_P c_P n_{P,b} Φ_P/v_b.
 */
class BruteForceTest {
    private final Map<List<Integer>, Integer> basis = new LinkedHashMap<>();

    private static void add(int[] exponents, int element, int times) {
        exponents[element] += times;
    }

    /** I(tail) + e + O(head), with e left out if negative and both ends given. */
    private static int[] through(ClassGraph graph, Skeleton skeleton, int tail, int element, int head) {
        int[] exponents = new int[graph.offset(graph.parameters().size())];
        if (element >= 0) {
            add(exponents, element, 1);
        }
        for (int c = tail; c != graph.ground(); c = graph.tail(skeleton.in()[c])) {
            add(exponents, skeleton.in()[c], 1);
        }
        for (int c = head; c != graph.ground(); c = graph.head(skeleton.out()[c])) {
            add(exponents, skeleton.out()[c], 1);
        }
        return exponents;
    }

    private static List<Integer> key(int[] exponents) {
        return java.util.Arrays.stream(exponents).boxed().toList();
    }

    private int coordinate(int[] exponents) {
        List<Integer> key = key(exponents);
        basis.putIfAbsent(key, basis.size());
        return Objects.requireNonNull(basis.get(key));
    }

    @Property(seed = "20261", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("the gradient in path values is the sum over all paths")
    void theGradientIsTheSumOverAllPaths(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        Assume.that(!draw.has(Feature.PRODUCT_OF_ACTIVATIONS) && !draw.has(Feature.NORMALISATION));
        Model model = draw.model();
        RescalingGroup group = RescalingGroup.of(model.network());
        ClassGraph graph = ClassGraphReader.read(group).graph();
        Assume.that(graph != null);
        Skeleton skeleton =
                seed % 2 == 0 ? Skeleton.byScore(group, model.weights()) : Skeleton.byIndex(group, model.weights());
        SkeletonSpace space = (SkeletonSpace) GSpace.of(group, skeleton);
        basis.clear();
        int total = graph.offset(graph.parameters().size());
        for (int e = 0; e < total; e++) {
            if (graph.live().get(e)) {
                coordinate(through(graph, skeleton, graph.tail(e), e, graph.head(e)));
            }
        }
        assertThat((long) basis.size()).as("Theorem 5").isEqualTo(space.dimension());
        Map<String, Integer> offsets = new HashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            offsets.put(Network.nameOf(graph.parameters().get(p)), graph.offset(p));
        }
        double[] theta = new double[total];
        offsets.forEach((name, offset) -> {
            Tensor w = model.weights().get(name);
            System.arraycopy(w.data(), 0, theta, offset, w.size());
        });
        double[] values = basis.keySet().stream()
                .mapToDouble(key -> {
                    double product = 1;
                    for (int e = 0; e < total; e++) {
                        product *= Math.pow(theta[e], key.get(e));
                    }
                    return product;
                })
                .toArray();
        double[] expected = new double[basis.size()];
        double[] size = new double[basis.size()];
        double[] gradient = new double[total];
        CounterRandom random = CounterRandom.seeded(seed).split("coefficients");
        int number = 0;
        for (Path path : Paths.of(model)) {
            double c = random.normal(number++);
            path.gradient()
                    .forEach((element, partial) ->
                            gradient[Objects.requireNonNull(offsets.get(element.parameter())) + element.element()] +=
                                    c * partial);
            int[] vector = new int[total];
            int[] exponents = new int[basis.size()];
            for (ParameterElement element : path.edges()) {
                int e = Objects.requireNonNull(offsets.get(element.parameter())) + element.element();
                vector[e]++;
                exponents[coordinate(through(graph, skeleton, graph.tail(e), e, graph.head(e)))]++;
                int head = graph.head(e);
                if (head != graph.ground()) {
                    exponents[coordinate(through(graph, skeleton, head, -1, head))]--;
                }
            }
            int[] sum = new int[total];
            int b = 0;
            for (List<Integer> key : basis.keySet()) {
                for (int e = 0; e < total; e++) {
                    sum[e] += exponents[b] * key.get(e);
                }
                expected[b] += c * exponents[b] * path.value() / values[b];
                size[b] += Math.abs(c * exponents[b] * path.value() / values[b]);
                b++;
            }
            assertThat(sum).as("the path is a monomial of basis paths").containsExactly(vector);
        }
        Map<String, Expr> weights = new LinkedHashMap<>();
        Map<String, Expr> gradients = new LinkedHashMap<>();
        for (Expr parameter : graph.parameters()) {
            String name = Network.nameOf(parameter);
            int offset = Objects.requireNonNull(offsets.get(name));
            int length = parameter.shape().elements();
            weights.put(name, Expr.constant(model.weights().get(name)));
            gradients.put(
                    name,
                    Expr.constant(Tensor.of(
                            parameter.shape(), java.util.Arrays.copyOfRange(gradient, offset, offset + length))));
        }
        List<Double> found = new ArrayList<>();
        List<Integer> where = new ArrayList<>();
        for (boolean out : new boolean[] {true, false}) {
            found.clear();
            where.clear();
            Map<String, Tensor> result = Trial.interpret(space.gradient(weights, gradients, out), Map.of());
            Map<String, Tensor> support = Trial.interpret(space.support(), Map.of());
            result.forEach((name, x) -> {
                for (int i = 0; i < x.size(); i++) {
                    if (Objects.requireNonNull(support.get(name)).get(i) == 1) {
                        int e = name.equals(GSpace.SKELETON) ? -1 : Objects.requireNonNull(offsets.get(name)) + i;
                        where.add(coordinate(
                                e < 0
                                        ? through(graph, skeleton, i, -1, i)
                                        : through(graph, skeleton, graph.tail(e), e, graph.head(e))));
                        found.add(x.get(i));
                    }
                }
            });
            assertThat(where).doesNotHaveDuplicates().hasSize(basis.size());
            for (int i = 0; i < where.size(); i++) {
                int b = where.get(i);
                assertThat(found.get(i))
                        .as(() -> skeleton + "\n" + draw)
                        .isEqualTo(expected[b], within(1e-9 * (1 + size[b])));
            }
        }
    }
}
