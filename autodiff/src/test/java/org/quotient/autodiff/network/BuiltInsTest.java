package org.quotient.autodiff.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

class BuiltInsTest {

    /** Small forms of every built-in, with the shape of one sample's output. */
    static List<Case> small() {
        return List.of(
                new Case("mlp:5-7-6-3", 3),
                new Case("mlp:5-7-6-3,bias=false,bn=true,activation=tanh,width=0.5", 3),
                new Case("mlp:4-4,dtype=f32", 4),
                new Case("lenet-5,width=0.5,input=2x16x16,bn=true,activation=prelu", 10),
                new Case("cifar-nv,width=0.02,input=3x12x10,classes=4", 4),
                new Case("plain-34,width=0.05,input=3x8x8,classes=5,init=he", 5),
                new Case("resnet-18,width=0.05,input=3x8x8,classes=5,bn=true", 5),
                new Case("resnet-34,width=0.05,input=3x8x8,classes=5,activation=leaky:0.1", 5),
                new Case("preresnet-18,width=0.05,input=1x9x7,classes=5,bn=true", 5),
                new Case("densenet-tiny,bn=true,classes=2", 2),
                new Case("segnet-tiny,width=0.25,input=3x8x12,classes=4,activation=identity", 4, 8, 12),
                new Case("rnn:2-3-2,steps=4,bias=true", 2),
                new Case("rnn:2-3-2,steps=4,inputs=first,activation=prelu", 2),
                new Case("tied-autoencoder:5-3-5", 5),
                new Case("tied-autoencoder:5-3-5,bias=true", 5),
                new Case("transformer-tiny,tokens=3,width=0.5,classes=4", 4));
    }

    record Case(String spec, int... output) {}

    @ParameterizedTest
    @MethodSource("small")
    void aSmallFormOfEachEvaluatesToFiniteNumbersThatDependOnTheInputAndTheSeed(Case c) {
        Model model = BuiltIns.model(c.spec(), 7);
        Tensor x = randomInput(model.network(), 3, 1);
        Tensor y = model.evaluate(List.of(x)).get(0);
        int[] sizes = new int[c.output().length + 1];
        sizes[0] = 3;
        System.arraycopy(c.output(), 0, sizes, 1, c.output().length);
        assertThat(y.shape()).isEqualTo(Shape.of(sizes));
        assertThat(y.maxAbs()).isFinite().isPositive();
        assertThat(BuiltIns.model(c.spec(), 7).evaluate(List.of(x)).get(0).sameBits(y))
                .isTrue();
        assertThat(BuiltIns.model(c.spec(), 8).evaluate(List.of(x)).get(0).sameBits(y))
                .isFalse();
        assertThat(model.evaluate(List.of(randomInput(model.network(), 3, 2)))
                        .get(0)
                        .sameBits(y))
                .isFalse();
    }

    @Test
    void everyBuiltInHasASmallFormAndItsExampleBuilds() {
        for (BuiltIn builtIn : BuiltIns.catalogue()) {
            assertThat(small()).anyMatch(c -> Settings.nameOf(c.spec()).equals(builtIn.name()));
            InitialisedNetwork example = BuiltIns.network(builtIn.example());
            assertThat(example.network().name()).isEqualTo(builtIn.example());
            assertThat(Graph.variables(example.network().outputs(), Op.Role.PARAMETER))
                    .hasSameElementsAs(example.network().parameters());
        }
    }

    /** Counts that the layers' formulas give; those of plain-34 and the ResNets are published. */
    @ParameterizedTest
    @CsvSource({
        "'mlp:784-512-512-10', 669706",
        "'mlp:784-512-512-10,bias=false', 668672",
        "'lenet-5', 61706",
        "'lenet-5,bias=false', 61470",
        "'cifar-nv', 2617610",
        "'plain-34', 21093066",
        "'plain-34,bias=false', 21093056",
        "'resnet-18', 11164362",
        "'resnet-18,bn=true', 11173962",
        "'resnet-34', 21265098",
        "'resnet-34,bias=false', 21265088",
        "'preresnet-18', 11164362",
        "'densenet-tiny', 3454",
        "'segnet-tiny', 19147",
        "'rnn:1-2-1', 8",
        "'rnn:2-8-3,steps=50', 104",
        "'rnn:2-8-3,bias=true', 115",
        "'tied-autoencoder:2-2-2', 4",
        "'transformer-tiny', 2858",
    })
    void numbersOfParametersAreTheFormulas(String spec, long count) {
        assertThat(BuiltIns.network(spec).network().parameterCount()).isEqualTo(count);
    }

    @Test
    void aNetworkOfTwentyMillionParametersCostsNothingUntilAWeightIsAskedFor() {
        long free = allocated();
        Model model = BuiltIns.model("resnet-34", 0);
        assertThat(allocated() - free).isLessThan(64L << 20);
        assertThat(model.weights().names()).hasSize(38);
        assertThat(model.weights().get("fc.bias").size()).isEqualTo(10);
        assertThat(allocated() - free).isLessThan(64L << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void nodesCarryTheNamesThatReportsPointTo() {
        List<String> labels = Graph.topological(
                        BuiltIns.network("resnet-18").network().outputs())
                .stream()
                .map(Expr::label)
                .toList();
        assertThat(labels).contains("conv1", "layer1.0.conv1", "layer2.0.add", "layer2.0.downsample.0", "fc");
        assertThat(Graph.topological(BuiltIns.network("mlp:2-3-1").network().outputs()))
                .extracting(Expr::label)
                .contains("fc1", "relu1", "fc2");
    }

    @Test
    void theRecurrentWeightAndTheTiedWeightAreEachOneParameterUsedAgain() {
        Network rnn = BuiltIns.network("rnn:2-3-1,steps=4").network();
        Expr state = rnn.parameters().get(1);
        assertThat(Network.nameOf(state)).isEqualTo("rnn.weight_hh");
        assertThat(usesOf(rnn, state)).isEqualTo(3);
        Network tied = BuiltIns.network("tied-autoencoder:4-2-4").network();
        assertThat(tied.parameters()).hasSize(1);
        assertThat(usesOf(tied, tied.parameters().get(0))).isEqualTo(2);
    }

    private static int usesOf(Network network, Expr parameter) {
        return Graph.users(Graph.topological(network.outputs()))
                .getOrDefault(parameter, List.of())
                .size();
    }

    /** h₁ = relu(W x), h₂ = relu(U h₁), y = V h₂, by hand. */
    @Test
    void aRecurrentNetworkFollowsItsRecursion() {
        Model model = BuiltIns.model("rnn:1-1-1,steps=3,inputs=first", 3);
        double w = Math.abs(model.weights().get("rnn.weight_ih").item());
        double u = Math.abs(model.weights().get("rnn.weight_hh").item());
        double v = model.weights().get("fc.weight").item();
        Model positive = model.at(Weights.of(java.util.Map.of(
                "rnn.weight_ih", Tensor.of(Shape.of(1, 1), w),
                "rnn.weight_hh", Tensor.of(Shape.of(1, 1), u),
                "fc.weight", Tensor.of(Shape.of(1, 1), v))));
        double y = positive.evaluate(List.of(Tensor.of(Shape.of(1, 1), 2.0)))
                .get(0)
                .item();
        assertThat(y).isEqualTo(v * (u * (u * (w * 2))));
    }

    @Test
    void trainingModeNormalisesWithTheStatisticsOfTheBatch() {
        Model model = BuiltIns.model("mlp:3-4-2,bn=true", 1);
        Network training = TrainingMode.of(model.network());
        assertThat(Graph.topological(training.outputs())).anyMatch(e -> e.op() instanceof Op.Standardise);
        assertThat(Graph.topological(training.outputs())).noneMatch(e -> e.op() instanceof Op.StandardiseWith);
        Tensor x = Tensor.of(Shape.of(2, 3), 1, 2, 3, 1, 2, 3);
        Tensor y = new Model(training, model.weights()).evaluate(List.of(x)).get(0);
        Tensor bias = model.weights().get("fc2.bias");
        assertThat(y.get(0)).isEqualTo(bias.get(0)); // equal samples are standardised to 0
        Network plain = BuiltIns.network("mlp:3-4-2").network();
        assertThat(TrainingMode.of(plain).outputs()).isEqualTo(plain.outputs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:0-3",
                "mlp:5",
                "mlp:3--4",
                "mlp:-3-4",
                "mlp:",
                "mlp",
                "mlp:3-x",
                "mlp:99999999999-3",
                "mlp:3-4,",
                "mlp:3-4,bias",
                "mlp:3-4,bias=maybe",
                "mlp:3-4,bias=true,bias=true",
                "mlp:3-5-4,width=0",
                "mlp:3-5-4,width=-1",
                "mlp:3-5-4,width=NaN",
                "mlp:3-5-4,width=1e300",
                "mlp:3-5-4,activation=leaky:x",
                "mlp:3-5-4,activation=leaky:Infinity",
                "mlp:3-5-4,dtype=f16",
                "lenet-5:3",
                "lenet-5,input=28x28",
                "lenet-5,input=1x2x2",
                "lenet-5,classes=0",
                "segnet-tiny,input=3x10x12",
                "rnn:1-2",
                "rnn:1-2-1,steps=0",
                "rnn:1-2-1,inputs=last",
                "tied-autoencoder:3-2-4",
                "transformer-tiny,tokens=100000",
                "mlp:3-4,width=abc",
                "mlp:3-4-2,activation=relu:0.1",
                "",
            })
    void whatIsWrongIsRefusedWithTheTextThatWasGiven(String spec) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network(spec))
                .withMessageContaining(spec.split("[:,]", 2)[0])
                .withMessageMatching("(?s).*(expect|need|Known|given).*");
    }

    @Test
    void tensorsThatNoArrayHoldsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("mlp:100000-100000-2"))
                .withMessageContaining("2^31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("lenet-5,input=3x100000x100000"))
                .withMessageContaining("2^31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("cifar-nv,input=1x30000x30000"))
                .withMessageContaining("2^31");
    }

    @Test
    void unknownNamesComeWithTheNearestOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("resnet34"))
                .withMessageContaining("'resnet34'")
                .withMessageContaining("Did you mean resnet-34");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("mlp:2-3,activaton=relu"))
                .withMessageContaining("Did you mean activation?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("mlp:2-3-1,activation=rellu"))
                .withMessageContaining("Did you mean relu");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuiltIns.network("mlp:2-3,init=glorrot"))
                .withMessageContaining("Did you mean glorot");
        assertThat(BuiltIns.exists("resnet-34,bn=true")).isTrue();
        assertThat(BuiltIns.exists("mlp:1-2")).isTrue();
        assertThat(BuiltIns.exists("model.onnx")).isFalse();
    }

    @Test
    void settingsSayWhatTheyDo() {
        assertThat(BuiltIns.model("mlp:2-3-1,dtype=f32", 0)
                        .weights()
                        .get("fc1.weight")
                        .dtype())
                .isEqualTo(DType.F32);
        assertThat(BuiltIns.network("mlp:2-3-1,width=1.5")
                        .network()
                        .parameters()
                        .get(0)
                        .shape())
                .isEqualTo(Shape.of(5, 2)); // 4.5 rounds up
        assertThat(BuiltIns.model("mlp:2-3-1,init=he", 0)
                        .weights()
                        .get("fc1.bias")
                        .maxAbs())
                .isZero();
    }

    private static Tensor randomInput(Network network, int batch, long seed) {
        Expr input = network.inputs().get(0);
        CounterRandom random = CounterRandom.seeded(seed);
        return Tensor.fill(input.shape().bind(batch), input.dtype(), random::normal);
    }
}
