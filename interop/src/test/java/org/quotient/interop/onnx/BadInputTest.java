package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.InteropException;

@DisplayName("Bad input is one clear message, whatever it is")
class BadInputTest {
    private static final int N = -1;

    @TempDir
    private Path folder;

    private AbstractThrowableAssert<?, ?> reading(byte[] content) throws IOException {
        Path file = folder.resolve("bad.onnx");
        Files.write(file, content);
        return assertThatThrownBy(() -> OnnxReader.read(file)).isExactlyInstanceOf(InteropException.class);
    }

    private static AbstractThrowableAssert<?, ?> reading(ModelProto model) {
        return assertThatThrownBy(() -> Graphs.read(model)).isExactlyInstanceOf(InteropException.class);
    }

    // ---- Files

    @Test
    @DisplayName("a missing file, a directory, an empty file")
    void noFile() throws IOException {
        assertThatThrownBy(() -> OnnxReader.read(folder.resolve("no.onnx")))
                .isExactlyInstanceOf(InteropException.class)
                .hasMessageContaining("no.onnx")
                .hasMessageContaining("There is no file");
        assertThatThrownBy(() -> OnnxReader.read(folder))
                .isExactlyInstanceOf(InteropException.class)
                .hasMessageContaining("is a directory");
        reading(new byte[0]).hasMessageContaining("0 bytes");
    }

    @Test
    @DisplayName("text, and random bytes")
    void random() throws IOException {
        reading("hello world, this is not a network".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hasMessageContaining("not an ONNX model");
        CounterRandom random = CounterRandom.seeded(1);
        for (int k = 0; k < 100; k++) {
            byte[] bytes = new byte[1 + random.below(2L * k, 400)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.bits(1000L * k + i);
            }
            reading(bytes);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mlp", "cnn-fixed", "attention", "residual-norm-training"})
    @DisplayName("a file cut off anywhere is read or refused, never more")
    void truncated(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Reference.fixture(name + ".onnx"));
        int refused = 0;
        int step = Math.max(1, whole.length / 1000);
        for (int length = 0; length < whole.length; length += step) {
            refused += readOrRefused(Arrays.copyOf(whole, length)) ? 0 : 1;
        }
        assertThat(refused).isEqualTo((whole.length + step - 1) / step);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"mlp-double", "cnn-fixed", "attention-old", "residual-norm", "segmenter", "signal"})
    @DisplayName("a file with random bytes changed is read or refused, never more")
    void flipped(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Reference.fixture(name + ".onnx"));
        CounterRandom random = CounterRandom.seeded(3);
        int read = 0;
        int attempts = 1000;
        for (int k = 0; k < attempts; k++) {
            byte[] bytes = whole.clone();
            for (int i = 0; i <= k % 3; i++) {
                bytes[random.below(100L * k + 2L * i, bytes.length)] = (byte) random.bits(100L * k + 2L * i + 1);
            }
            read += readOrRefused(bytes) ? 1 : 0;
        }
        assertThat(read).isBetween(1, attempts - 1);
    }

    /** Whether the bytes are a network; anything but success and an InteropException fails the test. */
    private static boolean readOrRefused(byte[] bytes) {
        Throwable thrown = catchThrowable(() ->
                Graphs.read(OnnxReader.parse(bytes, "maybe")).model().weights().asMap());
        if (thrown != null) {
            assertThat(thrown).isExactlyInstanceOf(InteropException.class);
            assertThat(thrown.getMessage()).isNotBlank();
        }
        return thrown == null;
    }

    // ---- Graphs

    @Test
    @DisplayName("an unsupported operator names itself, its node and the supported list")
    void unsupported() {
        reading(Graphs.of(13, N, 4).node("Relu x -> a").node("Hardmax a -> y").model())
                .hasMessageContaining("Hardmax")
                .hasMessageContaining("'n1'")
                .hasMessageContaining("Abs, Add")
                .hasMessageContaining("Unsqueeze");
    }

    @Test
    @DisplayName("a shape mismatch names the node and both shapes")
    void mismatch() {
        reading(Graphs.of(13, N, 4).weight("w", 5, 3).node("MatMul x w -> y").model())
                .hasMessageContaining("MatMul node 'n0'")
                .hasMessageContaining("[N, 4]")
                .hasMessageContaining("[5, 3]");
    }

    @Test
    @DisplayName("an undefined value is shown with the nearest names, a cycle with a node on it")
    void names() {
        reading(Graphs.of(13, N, 4)
                        .node("Relu x -> hidden")
                        .node("Relu hiden -> y")
                        .model())
                .hasMessageContaining("'hiden'")
                .hasMessageContaining("Did you mean hidden?");
        reading(Graphs.of(13, N, 4)
                        .node("Add x b -> a")
                        .node("Relu a -> b")
                        .node("Relu b -> y")
                        .model())
                .hasMessageContaining("cycle");
        reading(Graphs.of(13, N, 4)
                        .node("Relu x -> y")
                        .node("Relu a -> b")
                        .node("Relu b -> a")
                        .model())
                .hasMessageContaining("cycle");
        reading(Graphs.of(13, N, 4).node("Relu x -> y").node("Abs x -> y").model())
                .hasMessageContaining("produced twice");
    }

    @Test
    @DisplayName("an unknown constant is shown with the nearest names")
    void constants() {
        ModelProto model =
                Graphs.of(13, N, 4).weight("scale", 4).node("Mul x scale -> y").model();
        assertThatThrownBy(() -> OnnxReader.of(model, "m", new OnnxReader.Options(Set.of("scael"))))
                .isExactlyInstanceOf(InteropException.class)
                .hasMessageContaining("Did you mean scale?");
        assertThat(OnnxReader.of(model, "m", new OnnxReader.Options(Set.of("scale")))
                        .model()
                        .network()
                        .parameters())
                .isEmpty();
    }

    @Test
    @DisplayName("another opset, external data, half precision, and not finite weights")
    void others() {
        reading(Graphs.of(10, N, 4).node("Relu x -> y").model()).hasMessageContaining("opset 10");
        reading(Graphs.of(22, N, 4).node("Relu x -> y").model()).hasMessageContaining("opset 22");
        TensorProto.Builder w = TensorProto.newBuilder().setName("w").addDims(4);
        TensorProto external = w.clone()
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin"))
                .build();
        reading(Graphs.of(13, N, 4).raw(external).node("Mul x w -> y").model()).hasMessageContaining("external data");
        TensorProto half =
                w.clone().setDataType(TensorProto.DataType.FLOAT16_VALUE).build();
        reading(Graphs.of(13, N, 4).raw(half).node("Mul x w -> y").model()).hasMessageContaining("FLOAT16");
        OnnxModel infinite = Graphs.read(Graphs.of(13, N, 2)
                .weight("w", Tensor.of(Shape.of(2), DType.F32, 1, Double.POSITIVE_INFINITY))
                .node("Mul x w -> y")
                .model());
        assertThatThrownBy(infinite::requireFinite)
                .isExactlyInstanceOf(InteropException.class)
                .hasMessageContaining("'w'")
                .hasMessageContaining("Infinity");
    }

    // ---- Small files that describe huge things

    @Test
    @DisplayName("declared sizes without the numbers for them")
    void hugeDeclared() {
        for (long size : new long[] {1L << 20, 1L << 31, Long.MAX_VALUE, -5}) {
            TensorProto huge = TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(TensorProto.DataType.FLOAT_VALUE)
                    .addDims(size)
                    .addDims(size)
                    .build();
            reading(Graphs.of(13, N, 4).raw(huge).node("Mul x w -> y").model()).hasMessageContaining("'w'");
        }
    }

    @Test
    @DisplayName("constants that are computed")
    void hugeComputed() {
        reading(Graphs.of(13, N, 4)
                        .ints("s", 1L << 40)
                        .node("ConstantOfShape s -> c")
                        .node("Mul x c -> y")
                        .model())
                .hasMessageContaining("ConstantOfShape");
        reading(Graphs.of(13, N, 4)
                        .index("from", 0)
                        .index("to", Long.MAX_VALUE)
                        .index("by", 1)
                        .node("Range from to by -> r")
                        .node("Cast r -> c", Attributes.of("to", 1))
                        .node("Mul x c -> y")
                        .model())
                .hasMessageContaining("Range");
        Graphs doubling = Graphs.of(13, N, 4).ints("s", 1 << 19).node("ConstantOfShape s -> c0");
        for (int i = 0; i < 40; i++) {
            doubling.node("Concat c" + i + " c" + i + " -> c" + (i + 1), Attributes.of("axis", 0));
        }
        reading(doubling.node("ReduceSum c40 -> s40").node("Mul x s40 -> y").model())
                .hasMessageContaining("Fold constants");
    }

    @Test
    @DisplayName("values, windows and pads of absurd size")
    void hugeValues() {
        Graphs doubling = Graphs.of(13, N, 4).node("Identity x -> c0");
        for (int i = 0; i < 40; i++) {
            doubling.node("Concat c" + i + " c" + i + " -> c" + (i + 1), Attributes.of("axis", 1));
        }
        reading(doubling.node("Relu c40 -> y").model());
        reading(Graphs.of(13, N, 2, 1 << 20, 1 << 20)
                .node("GlobalMaxPool x -> p")
                .node("Relu p -> y")
                .model());
        reading(Graphs.of(13, N, 1, 1 << 20, 1 << 20)
                .node(
                        "AveragePool x -> y",
                        Attributes.of("kernel_shape", new long[] {2, 2}),
                        Attributes.of("pads", new long[] {1, 1, 1, 1}))
                .model());
        reading(Graphs.of(13, N, 1, 4, 4)
                .node("MaxPool x -> y", Attributes.of("kernel_shape", new long[] {1L << 31, 2}))
                .model());
        reading(Graphs.of(13, N, 4)
                .ints("p", 0, 1L << 40, 0, 0)
                .node("Pad x p -> y")
                .model());
    }

    @Test
    @DisplayName("a chain of 50,000 nodes is read without a stack overflow")
    void deep() {
        Graphs chain = Graphs.of(13, N, 4).node("Identity x -> c0");
        for (int i = 0; i < 50_000; i++) {
            chain.node("Relu c" + i + " -> c" + (i + 1));
        }
        OnnxModel model = Graphs.read(chain.node("Relu c50000 -> y").model());
        assertThat(model.model().network().outputs().get(0).shape()).isEqualTo(Shape.of(N, 4));
    }
}
