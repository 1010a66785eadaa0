package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.InteropException;

@DisplayName("A file written back differs only in its numbers")
class WriterTest {
    @TempDir
    private Path folder;

    private static Weights scaled(OnnxModel model, double factor) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        model.model()
                .weights()
                .asMap()
                .forEach((name, value) ->
                        values.put(name, Tensor.fill(value.shape(), value.dtype(), i -> factor * value.get(i))));
        return Weights.of(values);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mlp", "mlp-double", "cnn-fixed", "residual-norm", "residual-norm-training", "attention"})
    @DisplayName("names, order, dtype and storage stay; twice the weights are twice the numbers")
    void onlyNumbers(String name) throws IOException {
        OnnxModel model = OnnxReader.read(Reference.fixture(name + ".onnx"));
        Path out = folder.resolve("out.onnx");
        OnnxWriter.write(model, scaled(model, 2), out);
        OnnxModel again = OnnxReader.read(out);
        for (String weight : model.model().weights().names()) {
            Tensor before = model.model().weights().get(weight);
            Tensor after = again.model().weights().get(weight);
            assertThat(after.sameBits(Tensor.fill(before.shape(), before.dtype(), i -> 2 * before.get(i))))
                    .as(weight)
                    .isTrue();
        }
        assertThat(withoutNumbers(again.proto())).isEqualTo(withoutNumbers(model.proto()));
        assertThat(again.proto()).isNotEqualTo(model.proto());
        assertThat(folder.toFile().list()).containsExactly("out.onnx");
    }

    @Test
    @DisplayName("the same numbers give the same bytes")
    void sameBytes() throws IOException {
        Path source = Reference.fixture("attention.onnx");
        OnnxModel model = OnnxReader.read(source);
        Path out = folder.resolve("out.onnx");
        OnnxWriter.write(model, model.model().weights(), out);
        assertThat(Files.readAllBytes(out)).isEqualTo(model.proto().toByteArray());
    }

    @Test
    @DisplayName("numbers stay in the field that held them")
    void storageField() {
        TensorProto floats = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(2)
                .addFloatData(1)
                .addFloatData(2)
                .build();
        OnnxModel model = Graphs.read(
                Graphs.of(13, -1, 2).raw(floats).node("Mul x w -> y").model());
        TensorProto written =
                OnnxWriter.withWeights(model, scaled(model, 3)).getGraph().getInitializer(0);
        assertThat(written.getFloatDataList()).containsExactly(3f, 6f);
        assertThat(written.getRawData().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("another shape or dtype, or a missing weight, is refused")
    void refused() {
        OnnxModel model = OnnxReader.read(Reference.fixture("mlp.onnx"));
        Map<String, Tensor> values = new LinkedHashMap<>(model.model().weights().asMap());
        values.put("layers.0.bias", Tensor.fill(Shape.of(5), DType.F64, i -> i));
        assertThatThrownBy(() -> OnnxWriter.withWeights(model, Weights.of(values)))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("layers.0.bias");
        values.put("layers.0.bias", Tensor.fill(Shape.of(6), DType.F32, i -> i));
        assertThatThrownBy(() -> OnnxWriter.withWeights(model, Weights.of(values)))
                .isInstanceOf(InteropException.class);
        values.remove("layers.0.bias");
        assertThatThrownBy(() -> OnnxWriter.withWeights(model, Weights.of(values)))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("No new value");
    }

    @Test
    @DisplayName("statistics that the file stores together with a weight cannot part from it")
    void sharedStatistics() {
        OnnxModel model = OnnxReader.read(Reference.fixture("residual-norm-fresh.onnx"));
        OnnxWriter.withWeights(model, model.model().weights());
        Map<String, Tensor> values = new LinkedHashMap<>(model.model().weights().asMap());
        values.computeIfPresent("norm.running_var", (n, v) -> Tensor.fill(v.shape(), v.dtype(), i -> 2));
        assertThatThrownBy(() -> OnnxWriter.withWeights(model, Weights.of(values)))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("running_var' together with another weight");
    }

    @Test
    @DisplayName("an output that cannot be written leaves nothing behind")
    void unwritable() throws IOException {
        OnnxModel model = OnnxReader.read(Reference.fixture("mlp.onnx"));
        Weights weights = model.model().weights();
        assertThatThrownBy(() -> OnnxWriter.write(model, weights, folder))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> OnnxWriter.write(model, weights, folder.resolve("no/such/out.onnx")))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("there is no folder");
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> OnnxWriter.write(model, weights, file.resolve("out.onnx")))
                .isInstanceOf(InteropException.class);
        assertThat(folder.toFile().list()).containsExactly("file");
    }

    private static ModelProto withoutNumbers(ModelProto proto) {
        ModelProto.Builder builder = proto.toBuilder();
        builder.getGraphBuilder().getInitializerBuilderList().forEach(t -> {
            assertThat(t.getRawData().isEmpty()).isFalse();
            t.clearRawData();
        });
        return builder.build();
    }
}
