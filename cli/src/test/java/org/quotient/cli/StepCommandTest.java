package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.interop.Npy;
import org.quotient.interop.onnx.OnnxExport;
import org.quotient.interop.onnx.OnnxReader;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/** {@code step}. */
class StepCommandTest {
    @TempDir
    private Path folder;

    private Path npy(String name, Tensor values) {
        Path file = folder.resolve(name);
        Npy.write(values, file);
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "sgd, f64",
        "momentum, f64",
        "adam, f32",
        "frame-sgd, f64",
        "frame-adam, f64",
        "g-sgd:skeleton=index, f64",
        "log-sgd, f32"
    })
    @DisplayName("a step on an ONNX file gives the numbers of the API")
    void step(String optimizer, String dtype) throws IOException {
        Model model = BuiltIns.model("lenet-5,width=0.25,dtype=" + dtype, 3);
        Path in = folder.resolve("in.onnx");
        Path out = folder.resolve("out.onnx");
        Files.write(in, OnnxExport.toProto(model).toByteArray());
        DType type = model.network().outputs().getFirst().dtype();
        CounterRandom random = CounterRandom.seeded(4);
        Tensor x = Tensor.fill(Shape.of(6, 1, 28, 28), type, random::normal);
        Tensor y = Tensor.fill(Shape.of(6), DType.F64, i -> random.below(i, 10));
        JsonNode json = Run.of(
                        "step",
                        in,
                        out,
                        "--inputs",
                        npy("x.npy", x),
                        "--targets",
                        npy("y.npy", y),
                        "--loss",
                        "cross-entropy",
                        "--optimizer",
                        optimizer,
                        "--learning-rate",
                        "0.01",
                        "--json")
                .json();
        Training training = Training.of(model.network(), Loss.crossEntropy(), Optimizers.of(optimizer));
        Training.Step step = training.step(training.start(model.weights()), Batch.of(x, y.cast(type)), 0.01);
        assertThat(json.get("lossBefore").asDouble()).isCloseTo(step.loss(), within(1e-12));
        Weights written = OnnxReader.read(out).model().weights();
        Map<String, Tensor> expected = step.next().model().weights().asMap();
        assertThat(List.copyOf(written.asMap().values())).hasSameSizeAs(expected.values());
        int next = 0;
        for (Tensor w : written.asMap().values()) {
            assertThat(w.sameBits(List.copyOf(expected.values()).get(next++))).isTrue();
        }
    }

    @Test
    @DisplayName("what a step cannot use is refused before anything is written")
    void refused() throws IOException {
        Path x = npy("x.npy", Tensor.of(Shape.of(2, 2), 1, 0, 0, 1));
        Path y = npy("y.npy", Tensor.of(Shape.of(2, 1), 0, 1));
        Path out = folder.resolve("out.onnx");
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("mlp:2-3-1", x, y, "half-squared", "sgdd", "0.1", "sgd"),
                List.of("mlp:2-3-1", x, y, "half-squared", "sgd:mu=1", "0.1", "decay"),
                List.of("mlp:2-3-1", x, y, "half-squared", "momentum:mu=1", "0.1", "less than 1"),
                List.of("mlp:2-3-1", x, y, "half-squared", "sgd", "-1", "at least 0"),
                List.of("mlp:2-3-1", x, y, "half-squared", "sgd", "NaN", "at least 0"),
                List.of("mlp:2-3-1", x, y, "squared", "sgd", "0.1", "half-squared"),
                List.of("mlp:2-3-1", x, x, "half-squared", "sgd", "0.1", "[2, 1]"),
                List.of("mlp:3-3-1", x, y, "half-squared", "sgd", "0.1", "[N, 3]"),
                List.of(
                        "mlp:2-3-2",
                        x,
                        npy("l.npy", Tensor.of(Shape.of(2), 0, 2)),
                        "cross-entropy",
                        "sgd",
                        "0.1",
                        "0 to 1"),
                List.of(
                        "mlp:2-3-1",
                        x,
                        npy("n.npy", Tensor.of(Shape.of(2, 1), 0, Double.NaN)),
                        "half-squared",
                        "sgd",
                        "0.1",
                        "finite"),
                List.of("mlp:2-3-1", x, y, "half-squared", "sgd", "1e300", "finite"),
                List.of("rnn:2-3-1,steps=3,inputs=first", x, y, "half-squared", "frame-sgd", "0.1", "edges"))) {
            Run run = Run.of(
                    "step",
                    wrong.get(0),
                    out,
                    "--inputs",
                    wrong.get(1),
                    "--targets",
                    wrong.get(2),
                    "--loss",
                    wrong.get(3),
                    "--optimizer",
                    wrong.get(4),
                    "--learning-rate",
                    wrong.get(5));
            assertThat(run.code()).as("%s", wrong).isEqualTo(2);
            assertThat(run.err()).as("%s", wrong).contains(wrong.get(6).toString());
            assertThat(out).doesNotExist();
        }
    }
}
