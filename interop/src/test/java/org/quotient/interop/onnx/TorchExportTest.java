package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.interop.Npy;

@DisplayName("Networks exported by PyTorch compute here what they compute in ONNX Runtime")
class TorchExportTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "mlp",
                "cnn",
                "residual",
                "residual-norm",
                "residual-norm-old",
                "residual-norm-fresh",
                "signal",
                "attention",
                "segmenter",
                "tied"
            })
    @DisplayName("in single precision, to 1e-5, for batches of 1 and 3")
    void singlePrecision(String name) throws Exception {
        OnnxModel read = OnnxReader.read(Reference.fixture(name + ".onnx"));
        assertThat(read.model().network().inputs().get(0).shape().size(0)).isEqualTo(Shape.N);
        assertThat(Reference.distance(read.model(), read.proto(), 1, 1)).isLessThan(1e-5);
        assertThat(Reference.distance(read.model(), read.proto(), 3, 2)).isLessThan(1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cnn-fixed", "attention-old"})
    @DisplayName("with a fixed batch of 1, which is read as N all the same")
    void fixedBatch(String name) throws Exception {
        OnnxModel read = OnnxReader.read(Reference.fixture(name + ".onnx"));
        assertThat(read.model().network().outputs().get(0).shape().size(0)).isEqualTo(Shape.N);
        assertThat(Reference.distance(read.model(), read.proto(), 1, 1)).isLessThan(1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mlp-double", "cnn-double"})
    @DisplayName("in double precision, to 1e-12, as PyTorch itself")
    void doublePrecision(String name) {
        OnnxModel read = OnnxReader.read(Reference.fixture(name + ".onnx"));
        Tensor input = Npy.read(Reference.fixture(name + "-input.npy"));
        Tensor output = Npy.read(Reference.fixture(name + "-output.npy"));
        Tensor here = read.model().evaluate(List.of(input)).get(0);
        assertThat(Reference.distance(here, output)).isLessThan(1e-12);
    }

    @Test
    @DisplayName("in double precision, to 1e-12, as ONNX Runtime")
    void doublePrecisionInRuntime() throws Exception {
        OnnxModel read = OnnxReader.read(Reference.fixture("mlp-double.onnx"));
        assertThat(Reference.distance(read.model(), read.proto(), 1, 1)).isLessThan(1e-12);
        assertThat(Reference.distance(read.model(), read.proto(), 3, 2)).isLessThan(1e-12);
    }

    @Test
    @DisplayName("token numbers are looked up in a trainable table")
    void embedding() throws Exception {
        OnnxModel read = OnnxReader.read(Reference.fixture("tokens.onnx"));
        List<Tensor> ids = List.of(Tensor.fill(
                Shape.of(3, 5), read.model().network().inputs().get(0).dtype(), i -> i % 7));
        Tensor there = Reference.run(read.proto(), ids).get(0);
        assertThat(Reference.distance(read.model().evaluate(ids).get(0), there)).isLessThan(1e-5);
        assertThat(names(read)).containsExactly("table.weight", "dense.weight", "dense.bias");
    }

    @ParameterizedTest(name = "{0} has {1} parameters and {2} buffers")
    @CsvSource({
        "mlp, 74, 0",
        "cnn, 249, 0",
        "residual-norm, 1029, 48",
        "residual-norm-training, 1029, 48",
        "attention, 628, 0",
        "tied, 30, 0"
    })
    @DisplayName("parameters are the trainable numbers, running statistics are buffers")
    void parameters(String name, int parameters, int buffers) {
        Network network =
                OnnxReader.read(Reference.fixture(name + ".onnx")).model().network();
        assertThat(network.parameterCount()).isEqualTo(parameters);
        assertThat(network.buffers().stream()
                        .mapToInt(b -> b.shape().elements())
                        .sum())
                .isEqualTo(buffers);
    }

    @Test
    @DisplayName("a matrix used twice, once transposed, is one parameter")
    void shared() {
        Network network =
                OnnxReader.read(Reference.fixture("tied.onnx")).model().network();
        assertThat(Graph.variables(network.outputs(), Op.Role.PARAMETER)).hasSize(2);
    }

    @Test
    @DisplayName("normalisation in training mode standardises the batch, in evaluation mode it uses the buffers")
    void normalisationModes() {
        assertThat(count("residual-norm-training", Op.Standardise.class)).isEqualTo(5);
        assertThat(count("residual-norm", Op.StandardiseWith.class)).isEqualTo(5);
    }

    @Test
    @DisplayName("layer normalisation spelt out in elementary operators is recognised")
    void layerNormalisation() {
        assertThat(count("attention", Op.Standardise.class)).isEqualTo(2);
        assertThat(count("attention-old", Op.Standardise.class)).isEqualTo(2);
    }

    @Test
    @DisplayName("expressions carry the names of the file's nodes")
    void labels() {
        Network network = OnnxReader.read(Reference.fixture("mlp.onnx")).model().network();
        assertThat(Graph.topological(network.outputs()).stream().map(Expr::label))
                .contains("/layers/layers.0/Gemm", "/layers/layers.1/Relu");
    }

    private static long count(String name, Class<? extends Op> kind) {
        Network network =
                OnnxReader.read(Reference.fixture(name + ".onnx")).model().network();
        return Graph.topological(network.outputs()).stream()
                .filter(e -> kind.isInstance(e.op()))
                .count();
    }

    private static List<String> names(OnnxModel model) {
        return model.model().network().parameters().stream()
                .map(Network::nameOf)
                .toList();
    }
}
