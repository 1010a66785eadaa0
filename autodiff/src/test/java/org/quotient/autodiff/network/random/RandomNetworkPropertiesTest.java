package org.quotient.autodiff.network.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

class RandomNetworkPropertiesTest {

    @Provide
    Arbitrary<RandomNetwork> networks() {
        return RandomNetworkArbitrary.networks();
    }

    /** The samples of a batch do not see one another, unless a normalisation uses the statistics of the batch. */
    @Property(seed = "20261", tries = 500)
    void aBatchIsItsSamplesOneByOne(
            @ForAll("networks") RandomNetwork drawn, @ForAll @LongRange(max = 1 << 20) long seed) {
        if (usesBatchStatistics(drawn.network())) {
            return;
        }
        List<Tensor> inputs = drawn.inputs(3, seed);
        List<Tensor> together = drawn.model().evaluate(inputs);
        for (int sample = 0; sample < 3; sample++) {
            int row = sample;
            List<Tensor> one = inputs.stream().map(x -> sample(x, row)).toList();
            List<Tensor> alone = drawn.model().evaluate(one);
            for (int i = 0; i < alone.size(); i++) {
                assertThat(sample(together.get(i), row).data())
                        .containsExactly(
                                alone.get(i).data(),
                                within(1e-9 * (1 + alone.get(i).maxAbs())));
            }
        }
    }

    /** A parameter that no output uses, and no other, may take any value. */
    @Property(seed = "20261", tries = 300)
    void unusedParametersHaveNoEffect(
            @ForAll("networks") RandomNetwork drawn, @ForAll @LongRange(max = 1 << 20) long seed) {
        List<Expr> used = Graph.variables(drawn.network().outputs(), Op.Role.PARAMETER);
        Map<String, Tensor> values = new HashMap<>(drawn.model().weights().asMap());
        for (Expr parameter : drawn.network().parameters()) {
            if (!used.contains(parameter)) {
                values.put(Network.nameOf(parameter), Tensor.fill(parameter.shape(), parameter.dtype(), i -> 1e6 + i));
            }
        }
        List<Tensor> inputs = drawn.inputs(2, seed);
        List<Tensor> before = drawn.model().evaluate(inputs);
        List<Tensor> after = drawn.model().at(Weights.of(values)).evaluate(inputs);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).sameBits(before.get(i))).isTrue();
        }
    }

    /** What a failing property prints: every variable, and formulas that name the used ones. */
    @Property(seed = "20261", tries = 100)
    void theTextNamesEveryVariable(@ForAll("networks") RandomNetwork drawn) {
        List<String> names = new ArrayList<>();
        drawn.network().inputs().forEach(v -> names.add(Network.nameOf(v)));
        drawn.network().parameters().forEach(v -> names.add(Network.nameOf(v)));
        assertThat(drawn.toString()).contains(names);
    }

    private static boolean usesBatchStatistics(Network network) {
        return Graph.topological(network.outputs()).stream()
                .anyMatch(n -> n.op() instanceof Op.Standardise s && s.axes().contains(0));
    }

    private static Tensor sample(Tensor batch, int row) {
        int per = batch.size() / batch.shape().size(0);
        int[] sizes = batch.shape().sizes();
        sizes[0] = 1;
        return Tensor.of(Shape.of(sizes), Arrays.copyOfRange(batch.data(), row * per, (row + 1) * per));
    }
}
