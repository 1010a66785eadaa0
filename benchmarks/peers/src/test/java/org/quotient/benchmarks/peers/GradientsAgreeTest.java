package org.quotient.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIn;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.program.Program;
import org.quotient.benchmarks.torch.TorchProgram;

/** What we differentiate and compile, libtorch differentiates and runs: the two know nothing of each other. */
@DisplayName("Gradients of whole networks agree with libtorch")
class GradientsAgreeTest {
    private static final int BATCH = 4;
    private static final DjlPeer LIBTORCH = new DjlPeer();

    /** Every built-in, small where its default is large, and once more with batch normalisation where it knows that. */
    static Stream<String> networks() {
        List<String> specs = new ArrayList<>();
        for (BuiltIn builtIn : BuiltIns.catalogue()) {
            String spec = builtIn.pattern().contains(":") ? builtIn.example() : builtIn.name();
            boolean large =
                    builtIn.settings().containsKey("input") && !builtIn.name().equals("lenet-5");
            // With this initialisation gradients do not vanish with depth, so every layer counts in the comparison.
            String small = spec + (large ? ",width=0.125" : "") + ",init=he";
            specs.add(small);
            if (builtIn.settings().containsKey("bn")) {
                specs.add(small + ",bn=true");
            }
        }
        specs.addAll(List.of(
                "mlp:5-7-6-3,activation=leaky:0.1",
                "mlp:5-7-6-3,activation=prelu",
                "mlp:5-7-6-3,activation=gelu",
                "mlp:5-7-6-3,activation=tanh",
                "rnn:2-8-3,steps=5,inputs=first,bias=true",
                "tied-autoencoder:8-3-8,bias=true"));
        return specs.stream();
    }

    @ParameterizedTest(name = "{0}, f64, to 1e-10")
    @MethodSource("networks")
    @DisplayName("in double precision to 1e-10 of the largest entry")
    void doubles(String spec) {
        agree(spec + ",dtype=f64", 1e-10);
    }

    @ParameterizedTest(name = "{0}, f32, to 1e-5")
    @MethodSource("networks")
    @DisplayName("in single precision to 1e-5 of the largest entry; to 1e-4 where batch statistics amplify rounding")
    void floats(String spec) {
        boolean normalised = spec.contains("bn=true");
        // Behind a normalisation many units sit at the kink of a ReLU, where rounding decides which side is taken.
        String smooth = normalised ? spec + ",activation=tanh" : spec;
        agree(smooth + ",dtype=f32", normalised ? 1e-4 : 1e-5);
    }

    @Test
    @DisplayName("the comparison sees an error of one part in a million of one entry")
    void canFail() {
        Tensor ours = Tensor.of(org.quotient.autodiff.Shape.of(2), 1, 0.5);
        Tensor theirs = Tensor.of(org.quotient.autodiff.Shape.of(2), 1, 0.500001);
        assertThat(distance(List.of(ours), List.of(theirs))).isCloseTo(1e-6, within(1e-12));
    }

    private static void agree(String spec, double tolerance) {
        Model built = BuiltIns.model(spec, 3);
        Model model = new Model(TrainingMode.of(built.network()), built.weights());
        Network network = model.network();
        Expr input = network.inputs().get(0);
        Expr output = network.outputs().get(0);
        CounterRandom random = CounterRandom.seeded(5);
        DType dtype = output.dtype();
        Tensor x = Tensor.fill(input.shape().bind(BATCH), dtype, random.split("x")::normal);
        Tensor y = Tensor.fill(output.shape().bind(BATCH), dtype, random.split("y")::normal);
        Expr target = Expr.input("target", dtype, output.shape());
        Expr loss = Layers.halfSquaredError(output, target);
        List<Expr> all = new ArrayList<>(List.of(loss));
        all.addAll(Differentiation.gradient(loss, network.parameters()));
        Map<String, Tensor> values = new LinkedHashMap<>(model.weights().asMap());
        values.put(Network.nameOf(input), x);
        values.put("target", y);
        List<Tensor> ours = Program.of(all).evaluate(values);
        TorchProgram program = TorchProgram.descent(model, TorchProgram.LossKind.HALF_SQUARED_ERROR, x, y, 0.1);
        List<Tensor> theirs = LIBTORCH.gradients(program);
        assertThat(theirs.get(0).item())
                .isCloseTo(ours.get(0).item(), within(tolerance * ours.get(0).item()));
        assertThat(ours.subList(1, ours.size()))
                .anySatisfy(g -> assertThat(g.maxAbs()).isPositive());
        assertThat(distance(ours.subList(1, ours.size()), theirs.subList(1, theirs.size())))
                .isLessThanOrEqualTo(tolerance);
    }

    /** The largest difference over the largest entry. */
    private static double distance(List<Tensor> ours, List<Tensor> theirs) {
        assertThat(theirs).hasSameSizeAs(ours);
        double most = 0;
        double apart = 0;
        for (int i = 0; i < ours.size(); i++) {
            assertThat(theirs.get(i).shape()).isEqualTo(ours.get(i).shape());
            most = Math.max(most, ours.get(i).maxAbs());
            for (int k = 0; k < ours.get(i).size(); k++) {
                apart = Math.max(
                        apart, Math.abs(ours.get(i).get(k) - theirs.get(i).get(k)));
            }
        }
        return apart / most;
    }
}
