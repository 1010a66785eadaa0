package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.interop.InteropException;

@DisplayName("An exported network is the same network in ONNX Runtime and when read again")
class ExportTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "mlp:5-4-3",
                "mlp:5-4-3,bn=true,activation=leaky:0.1",
                "lenet-5,activation=tanh",
                "cifar-nv,width=0.05",
                "resnet-18,width=0.05",
                "resnet-18,width=0.05,bn=true",
                "preresnet-18,width=0.05,bn=true",
                "densenet-tiny",
                "segnet-tiny",
                "rnn:3-4-2,steps=3",
                "tied-autoencoder:6-3-6",
                "transformer-tiny,tokens=4"
            })
    @DisplayName("built-in networks, in single precision to 1e-5")
    void builtIns(String spec) throws Exception {
        Model model = BuiltIns.model(spec + ",dtype=f32", 1);
        ModelProto proto = OnnxExport.toProto(model);
        assertThat(Reference.distance(model, proto, 1, 1)).isLessThan(1e-5);
        assertThat(Reference.distance(model, proto, 2, 2)).isLessThan(1e-5);
        assertSame(model, read(proto), 1e-6);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mlp:5-4-3", "mlp:5-4-3,bn=true", "rnn:3-4-2,steps=3", "tied-autoencoder:6-3-6"})
    @DisplayName("built-in networks, in double precision to 1e-12")
    void doublePrecision(String spec) throws Exception {
        Model model = BuiltIns.model(spec, 1);
        ModelProto proto = OnnxExport.toProto(model);
        assertThat(Reference.distance(model, proto, 3, 1)).isLessThan(1e-12);
        assertSame(model, read(proto), 1e-12);
    }

    @Test
    @DisplayName("batch normalisation by the batch's statistics is read as what it is")
    void trainingMode() throws Exception {
        Model inference = BuiltIns.model("resnet-18,width=0.05,bn=true,dtype=f32", 1);
        Model training = new Model(TrainingMode.of(inference.network()), inference.weights());
        ModelProto proto = OnnxExport.toProto(training);
        assertThat(Reference.distance(training, proto, 3, 1)).isLessThan(1e-4);
        Model again = read(proto).model();
        assertThat(count(again.network(), Op.Standardise.class))
                .isEqualTo(count(training.network(), Op.Standardise.class));
    }

    @Test
    @DisplayName("300 random networks compute the same after a round trip, and in ONNX Runtime")
    void randomNetworks() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed);
            Model model = drawn.model();
            assertSame(model, read(OnnxExport.toProto(model)), 1e-9);
            if (seed % 4 == 0) {
                Model single = single(model);
                List<Tensor> inputs = drawn.inputs(2, seed).stream()
                        .map(t -> t.cast(DType.F32))
                        .toList();
                Tensor there = Reference.run(OnnxExport.toProto(single), inputs).get(0);
                assertThat(Reference.distance(single.evaluate(inputs).get(0), there))
                        .as("seed %d", seed)
                        .isLessThan(1e-4);
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'mlp:5-4-3', 'Gemm Relu Gemm Identity'",
        "'mlp:5-4-3,bias=false', 'Gemm Relu Gemm Identity'",
        "'mlp:4-3-2,bn=true', 'Gemm BatchNormalization Relu Gemm Identity'",
        "lenet-5, 'Conv Relu MaxPool Conv Relu MaxPool Constant Reshape Gemm Relu Gemm Relu Gemm Identity'"
    })
    @DisplayName("layers become the operators that one expects")
    void readable(String spec, String operators) {
        ModelProto proto = OnnxExport.toProto(BuiltIns.model(spec, 1));
        assertThat(proto.getGraph().getNodeList().stream().map(NodeProto::getOpType))
                .containsExactly(operators.split(" "));
    }

    @Test
    @DisplayName("operations without an operator of their own are composed")
    void composed() throws Exception {
        Expr x = Expr.input("x", DType.F32, Shape.of(Shape.N, 2, 4, 5));
        Expr w = Expr.parameter("w", DType.F32, Shape.of(4, 3));
        List<Expr> outputs = List.of(
                Expr.of(new Op.Pad(List.of(0, 0, 1, 0), List.of(0, 0, 0, 2), List.of(0, 0, 2, 1)), x),
                Expr.of(new Op.Scatter(3, List.of(2, 0, 2, 1, 2), 4), x),
                Ops.sumPool2d(x, new Window(2, 2, 1, 2, 1, 0, 0, 1, 2, 1)),
                Ops.averagePool2d(x, Window.square(3, 2, 1), false),
                Ops.averagePool2d(x, Window.square(3, 2, 1), true),
                Ops.step(x),
                Ops.sign(x).times(Ops.detach(x)),
                Ops.mean(x, 0, 2),
                Ops.maxOver(x, 1),
                Ops.upsampleNearest(x, 2, 3),
                Ops.einsum("nchw,hk->nkwc", x, w),
                Ops.slice(x, 3, 1, 5, 2),
                Ops.broadcastTo(Ops.sum(w, 0), Shape.of(Shape.N, 3)),
                Ops.geluTanh(x),
                Ops.logSoftmax(x, 1),
                Expr.of(
                        new Op.Conv(Op.ConvForm.INPUT_ADJOINT, new Window(2, 3, 2, 1, 0, 1, 1, 0, 1, 2), 1, 8, 8),
                        x,
                        Expr.parameter("k", DType.F32, Shape.of(2, 3, 2, 3))));
        Expr k = outputs.getLast().operand(1);
        Network network = new Network("composed", List.of(x), List.of(w, k), List.of(), outputs);
        Model model = new Model(
                network,
                Weights.of(Map.of(
                        "w", Tensor.fill(Shape.of(4, 3), DType.F32, i -> Math.sin(i)),
                        "k", Tensor.fill(Shape.of(2, 3, 2, 3), DType.F32, i -> Math.cos(i)))));
        ModelProto proto = OnnxExport.toProto(model);
        assertThat(Reference.distance(model, proto, 2, 1)).isLessThan(1e-5);
        assertSame(model, read(proto), 1e-6);
    }

    @Test
    @DisplayName("what only derivatives use is refused by name")
    void refused() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 3));
        Expr y = Expr.of(new Op.Reduce(Op.ReduceKind.FIRST_MAX, List.of(1)), x);
        Model model = new Model(new Network("g", List.of(x), List.of(), List.of(), List.of(y)), Weights.of(Map.of()));
        assertThatThrownBy(() -> OnnxExport.toProto(model))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("firstMax");
    }

    @Test
    @DisplayName("a file is written whole")
    void file(@TempDir Path folder) {
        Model model = BuiltIns.model("mlp:5-4-3", 1);
        Path file = folder.resolve("m.onnx");
        OnnxExport.write(model, file);
        assertSame(model, OnnxReader.read(file), 1e-12);
        assertThat(folder.toFile().list()).containsExactly("m.onnx");
    }

    // ---- Helpers

    private static OnnxModel read(ModelProto proto) {
        return OnnxReader.of(proto, "again", OnnxReader.Options.standard());
    }

    /** The live parameters and the outputs agree. */
    private static void assertSame(Model model, OnnxModel again, double tolerance) {
        Network network = model.network();
        List<String> live = Graph.variables(network.outputs(), Op.Role.PARAMETER).stream()
                .map(Network::nameOf)
                .toList();
        assertThat(again.model().network().parameters().stream().map(Network::nameOf))
                .containsExactlyElementsOf(network.parameters().stream()
                        .map(Network::nameOf)
                        .filter(live::contains)
                        .toList());
        for (String name : again.model().weights().names()) {
            assertThat(again.model()
                            .weights()
                            .get(name)
                            .sameBits(model.weights().get(name)))
                    .as(name)
                    .isTrue();
        }
        List<Tensor> inputs = Reference.inputs(network, 2, 5);
        List<Tensor> before = model.evaluate(inputs);
        List<Tensor> after = again.model().evaluate(inputs);
        for (int i = 0; i < before.size(); i++) {
            assertThat(Reference.distance(after.get(i), before.get(i)))
                    .as("%s, output %d", network.name(), i)
                    .isLessThan(tolerance);
        }
    }

    private static long count(Network network, Class<? extends Op> kind) {
        return Graph.topological(network.outputs()).stream()
                .filter(e -> kind.isInstance(e.op()))
                .count();
    }

    /** The same network in single precision. */
    private static Model single(Model model) {
        List<Expr> leaves = new java.util.ArrayList<>();
        Network network = model.network();
        for (List<Expr> group : List.of(network.inputs(), network.parameters(), network.buffers())) {
            leaves.addAll(group);
        }
        leaves.addAll(network.outputs());
        List<Expr> image = Graph.map(leaves, (node, operands) -> switch (node.op()) {
            case Op.Variable v -> Expr.of(new Op.Variable(v.name(), v.role(), v.shape(), DType.F32));
            case Op.Constant c -> Expr.constant(c.value().cast(DType.F32));
            case Op.BatchSize b -> Expr.of(new Op.BatchSize(DType.F32));
            default -> node.withOperands(operands);
        });
        int inputs = network.inputs().size();
        int parameters = inputs + network.parameters().size();
        int buffers = parameters + network.buffers().size();
        Network small = new Network(
                network.name(),
                image.subList(0, inputs),
                image.subList(inputs, parameters),
                image.subList(parameters, buffers),
                image.subList(buffers, image.size()));
        return new Model(small, Weights.lazy(small, n -> model.weights().get(n).cast(DType.F32)));
    }
}
