package org.quotient.optimizers.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;

/** The gradient of a sample in a batch is the gradient of that sample alone. */
class SampleGradientsTest {
    private static final int BATCH = 3;

    static Stream<Model> models() {
        NetworkBuilder net = NetworkBuilder.named("windows of all kinds");
        Model windows = net.build(net.input("x", 4, 5, 6)
                        .conv("first", 6, new Window(2, 3, 2, 1, 1, 0, 0, 2, 1, 2))
                        .relu()
                        .conv("second", 3, Window.square(2, 1, 1))
                        .relu()
                        .maxPool(2)
                        .flatten()
                        .dense("head", 2))
                .model(2);
        return Stream.of(
                windows,
                BuiltIns.model("mlp:3-5-4-2,activation=prelu", 1),
                BuiltIns.model("rnn:2-3-2,steps=3", 3),
                BuiltIns.model("transformer-tiny,tokens=3,width=0.25", 3));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aSampleHasTheGradientThatItHasAlone(Model model) {
        Network network = model.network();
        List<Tensor> inputs = network.inputs().stream()
                .map(x -> Tensor.fill(x.shape().bind(BATCH), DType.F64, CounterRandom.seeded(5)::normal))
                .toList();
        check(model, inputs);
    }

    @Property(tries = 60, seed = "521")
    @Label("in any network in which samples do not meet, a sample has the gradient that it has alone")
    void randomNetworks(@ForAll long seed) {
        RandomNetwork drawn = RandomNetworks.draw(seed, 0.7);
        try {
            SampleGradients.of(drawn.network(), "The test");
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).containsAnyOf("do not influence each other", "gradients of each sample");
            return;
        }
        if (drawn.network().outputs().stream().allMatch(o -> o.shape().isSymbolic())) {
            check(drawn.model(), drawn.inputs(BATCH, 2));
        }
    }

    private static void check(Model model, List<Tensor> inputs) {
        Network network = model.network();
        Expr output = network.outputs().getFirst();
        Expr weights = Ops.broadcastTo(
                Expr.constant(Tensor.fill(
                        output.shape().without(List.of(0)), output.dtype(), CounterRandom.seeded(6)::normal)),
                output.shape());
        SampleGradients.Result result = SampleGradients.of(network, "The test").of(List.of(output), List.of(weights));
        List<Expr> plain = Differentiation.vjp(List.of(output), List.of(weights), network.parameters());
        for (int k = 0; k < plain.size(); k++) {
            String name = Network.nameOf(network.parameters().get(k));
            Tensor all = result.gradient(name)
                    .map(g -> evaluate(g, model, inputs))
                    .orElse(Tensor.fill(plain.get(k).shape().bind(0), DType.F64, i -> 0));
            int size = network.parameters().get(k).shape().elements();
            double[] squares = new double[size];
            for (int n = 0; n < BATCH; n++) {
                Tensor alone = evaluate(plain.get(k), model, sample(inputs, n));
                for (int i = 0; i < size; i++) {
                    squares[i] += alone.get(i) * alone.get(i);
                    if (result.gradient(name).isPresent()) {
                        assertThat(all.get(n * size + i))
                                .as("%s[%d] of sample %d", name, i, n)
                                .isCloseTo(alone.get(i), within(1e-10 * (1 + alone.maxAbs())));
                    }
                }
            }
            double[] found = result.squares(name)
                    .map(s -> evaluate(s, model, inputs).data())
                    .orElse(new double[size]);
            for (int i = 0; i < size; i++) {
                assertThat(found[i])
                        .as("square of %s[%d]", name, i)
                        .isCloseTo(squares[i], within(1e-9 * (1 + squares[i])));
            }
        }
    }

    private static Tensor evaluate(Expr value, Model model, List<Tensor> inputs) {
        Map<String, Tensor> values = model.weights().with(model.network().inputs(), inputs);
        return Evaluator.evaluate(
                        List.of(value), values, inputs.getFirst().shape().size(0))
                .getFirst();
    }

    private static List<Tensor> sample(List<Tensor> inputs, int n) {
        return inputs.stream()
                .map(x -> {
                    int size = x.size() / BATCH;
                    int[] sizes = x.shape().sizes();
                    sizes[0] = 1;
                    return Tensor.fill(org.quotient.autodiff.Shape.of(sizes), x.dtype(), i -> x.get(n * size + i));
                })
                .toList();
    }
}
