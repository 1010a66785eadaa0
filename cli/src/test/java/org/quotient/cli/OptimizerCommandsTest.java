package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.params.provider.ValueSource;
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
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;

/** {@code optimizers}, {@code step}, {@code train} and {@code invariance}. */
class OptimizerCommandsTest {
    @TempDir
    private Path folder;

    private Path npy(String name, Tensor values) {
        Path file = folder.resolve(name);
        Npy.write(values, file);
        return file;
    }

    private static Path example(String name) {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("examples"))) {
            here = java.util.Objects.requireNonNull(here.getParent());
        }
        return here.resolve("examples").resolve(name);
    }

    @Test
    @DisplayName("optimizers lists every optimizer with its law, its step and its settings")
    void listing() throws IOException {
        JsonNode list = Run.of("optimizers", "--json").json().get("optimizers");
        assertThat(list.findValuesAsText("name"))
                .containsExactlyElementsOf(
                        Optimizers.all().stream().map(OptimizerKind::name).toList());
        for (JsonNode entry : list) {
            assertThat(entry.get("law").asText()).isNotBlank();
            assertThat(entry.get("source").asText()).isNotBlank();
            assertThat(Run.of("optimizers").out()).contains(entry.get("step").asText());
        }
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

    @Test
    @DisplayName("invariance tells an invariant update from one that is not, and finds the subgroup between")
    void invariance() throws IOException {
        JsonNode sgd = Run.of("invariance", "--optimizer", "sgd", "--network", "mlp:3-5-4-2", "--steps", "5", "--json")
                .json();
        assertThat(sgd.get("law").asText()).isEqualTo("none");
        assertThat(sgd.get("functionDeviation").asDouble()).isGreaterThan(1e-5);
        assertThat(sgd.get("bitwise").asBoolean()).isFalse();
        JsonNode frame = Run.of(
                        "invariance", "--optimizer", "frame-adam", "--network", "mlp:3-5-4-2", "--steps", "5", "--json")
                .json();
        assertThat(frame.get("law").asText()).isEqualTo("invariant");
        assertThat(frame.get("functionDeviation").asDouble()).isLessThan(1e-9);
        assertThat(frame.get("bitwise").asBoolean()).isTrue();
        JsonNode normalised = Run.of(
                        "invariance",
                        "--optimizer",
                        "frame-sgd",
                        "--network",
                        "mlp:3-5-4-2,bn=true",
                        "--steps",
                        "5",
                        "--json")
                .json();
        assertThat(normalised.get("law").asText()).isEqualTo("invariant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SignOfTheLogarithm.java", "MomentumInTheFrame.java"})
    @DisplayName("an update of one's own, in a file, gets law checks and training for nothing")
    void ownUpdate(String example) throws IOException {
        String own = "class:" + example(example);
        JsonNode law = Run.of("invariance", "--optimizer", own, "--network", "mlp:3-5-4-2", "--steps", "5", "--json")
                .json();
        assertThat(law.get("law").asText()).isEqualTo("invariant");
        assertThat(law.get("bitwise").asBoolean()).isTrue();
        JsonNode trained = Run.of(
                        "train",
                        "mlp:2-16-16-2",
                        "--data",
                        "moons,n=400",
                        "--optimizer",
                        own,
                        "--learning-rate",
                        "0.01",
                        "--epochs",
                        "20",
                        "--json")
                .json();
        assertThat(trained.get("testAccuracy").asDouble()).isGreaterThan(0.9);
    }

    @Test
    @DisplayName("an update of one's own that is not there, does not compile or is none is refused in words")
    void noUpdate() throws IOException {
        assertThat(Run.of("invariance", "--optimizer", "class:none.Such", "--network", "mlp:2-2-1")
                        .err())
                .contains("QUOTIENT_CLASS_PATH");
        Path broken = folder.resolve("Broken.java");
        Files.writeString(broken, "class Broken { int x = ; }");
        assertThat(Run.of("invariance", "--optimizer", "class:" + broken, "--network", "mlp:2-2-1")
                        .err())
                .contains("does not compile", "Broken.java");
        Path other = folder.resolve("Other.java");
        Files.writeString(other, "class Other {}");
        assertThat(Run.of("invariance", "--optimizer", "class:" + other, "--network", "mlp:2-2-1")
                        .err())
                .contains("no class that implements");
    }

    @Test
    @DisplayName("an update of one's own that fails is named, and a checkpoint is not gone on with after it was edited")
    void ownUpdateEdited() throws IOException {
        Path own = folder.resolve("Own.java");
        String source = """
                import org.quotient.optimizers.*;
                public final class Own implements Update {
                    public String name() { return "own"; }
                    public Law law() { return Law.NONE; }
                    public Step step(Point at, Memory memory) {
                        %s
                        return Step.to(at.theta().minus(at.differential().times(at.learningRate())));
                    }
                }
                """;
        Object[] words = {
            "train",
            "mlp:2-4-2",
            "--data",
            "moons,n=100",
            "--optimizer",
            "class:" + own,
            "--learning-rate",
            "0.1",
            "--epochs",
            "2",
            "--checkpoint",
            folder.resolve("own"),
            "--json"
        };
        Files.writeString(own, source.formatted("if (at != null) throw new IllegalStateException(\"not yet\");"));
        Run.of(words).isRefusedWith("Own.java", "not yet", "Own.java:6");
        Files.writeString(own, source.formatted(""));
        assertThat(Run.of(words).json().get("steps").asInt()).isPositive();
        Files.writeString(own, source.formatted("// edited"));
        Run.of(words).isRefusedWith("another run", "checksum");
    }

    @Test
    @DisplayName("train reports both scores, logs a line per epoch, and goes on from its checkpoint")
    void train() throws IOException {
        Path log = folder.resolve("run.jsonl");
        Path out = folder.resolve("trained.onnx");
        Object[] words = {
            "train",
            "mlp:2-16-2",
            "--data",
            "moons,n=200",
            "--optimizer",
            "adam",
            "--epochs",
            "4",
            "--log",
            log,
            "--checkpoint",
            folder.resolve("run"),
            "--out",
            out,
            "--json"
        };
        JsonNode json = Run.of(words).json();
        for (String key : List.of("trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "seconds", "steps")) {
            assertThat(json.get(key).isNumber()).as(key).isTrue();
        }
        assertThat(json.get("steps").asLong()).isEqualTo(4 * 5);
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4);
        assertThat(new ObjectMapper().readTree(lines.get(3)).get("step").asLong())
                .isEqualTo(20);
        words[7] = "6";
        JsonNode longer = Run.of(words).json();
        assertThat(longer.get("resumedAt").asLong()).isEqualTo(20);
        assertThat(Files.readAllLines(log)).hasSize(6).startsWith(lines.toArray(String[]::new));
        byte[] resumed = Files.readAllBytes(out);
        words[10] = "--checkpoint";
        words[11] = folder.resolve("fresh");
        assertThat(Run.of(words).json().get("resumedAt").asLong()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(resumed);
        words[5] = "sgd";
        Run other = Run.of(words);
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("another run", "optimizer adam");
    }

    @Test
    @DisplayName("train refuses what cannot be trained, in one message")
    void trainRefuses() throws IOException {
        assertThat(message("mlp:3-4-2", "moons", "sgd")).contains("[3]", "[2]");
        assertThat(message("mlp:2-4-5", "moons", "sgd")).contains("2 classes");
        assertThat(message("mlp:2-4-2", "moon", "sgd")).contains("moons");
        assertThat(message("mlp:2-4-2", "mnist:" + folder.resolve("no"), "sgd")).contains("no");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--learning-rate", "1e9"))
                .contains("diverged", "smaller");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--epochs", "0")).contains("1 or more epochs");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--patience", "3")).contains("validation=500");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--schedule", "cosin")).contains("cosine");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--out", "x.txt")).contains(".onnx");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--augment", "2")).contains("pictures");
    }

    @ParameterizedTest
    @CsvSource({"sgd:decay=0.01, 1", "'momentum:mu=0.8,decay=0.01', 2"})
    @DisplayName("the ledger checks the charges of every step, also of a run that goes on")
    void ledger(String optimizer, int part) throws IOException {
        Object[] words = {
            "train",
            "mlp:2-8-8-2",
            "--data",
            "moons,n=100",
            "--optimizer",
            optimizer,
            "--epochs",
            "3",
            "--checkpoint",
            folder.resolve("run" + part),
            "--ledger",
            "--json"
        };
        JsonNode first = Run.of(words).json().get("ledger");
        assertThat(first.get("steps").asInt()).isEqualTo(9);
        assertThat(first.get("violated").asInt()).isZero();
        assertThat(first.get("worst").asDouble())
                .isPositive()
                .isLessThan(first.get("tolerance").asDouble());
        words[7] = "5";
        JsonNode second = Run.of(words).json().get("ledger");
        assertThat(second.get("steps").asInt()).isEqualTo(part == 1 ? 6 : 5);
        assertThat(second.get("violated").asInt()).isZero();
        assertThat(message("mlp:2-4-2", "moons", "adam", "--ledger")).contains("sgd, momentum", "'adam'");
    }

    @Test
    @DisplayName("a grid gives every learning rate the same budget and keeps the one with the least validation loss")
    void grid() throws IOException {
        Object[] words = {
            "train",
            "mlp:2-8-2",
            "--data",
            "moons,n=200,validation=50",
            "--optimizer",
            "sgd",
            "--epochs",
            "5",
            "--grid",
            "1e-9,0.3,1e200",
            "--checkpoint",
            folder.resolve("g"),
            "--json"
        };
        JsonNode json = Run.of(words).json();
        assertThat(json.get("learningRate").asDouble()).isEqualTo(0.3);
        JsonNode tried = json.get("grid");
        assertThat(tried).hasSize(3);
        assertThat(tried.get(0).get("validationLoss").asDouble())
                .isGreaterThan(tried.get(1).get("validationLoss").asDouble());
        assertThat(tried.get(2).get("diverged").asBoolean()).isTrue();
        assertThat(folder.resolve("g.0.3").resolve("training.checkpoint")).exists();
        assertThat(Run.of(words).json().get("resumedAt").asLong()).isPositive();
        words[words.length - 1] = "--threads=1";
        assertThat(Run.of(words).out()).contains("tried learning rate 0.3: validation loss", "1.0E200: diverged");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--grid", "1,0.1")).contains("validation=500");
    }

    private static String message(String network, String data, String optimizer, String... more) throws IOException {
        Object[] words = new Object[6 + more.length];
        List<Object> all = List.of("train", network, "--data", data, "--optimizer", optimizer);
        System.arraycopy(all.toArray(), 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Run run = Run.of(words);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        return run.err();
    }
}
