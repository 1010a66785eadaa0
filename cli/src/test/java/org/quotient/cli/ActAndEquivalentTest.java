package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.interop.onnx.OnnxExport;

/** act moves along an orbit; equivalent recognises orbits. */
class ActAndEquivalentTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void export() {
        model = folder.resolve("model.onnx");
        OnnxExport.write(BuiltIns.model("mlp:3-4-4-2", 5), model);
    }

    private long files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.count();
        }
    }

    @Test
    @DisplayName("act then equivalent: every generator is recovered, none is 0")
    void actThenEquivalent() throws IOException {
        Path moved = folder.resolve("moved.onnx");
        Run act = Run.of("act", model, moved, "--json");
        assertThat(act.code()).isZero();
        assertThat(Run.keys(act.json())).startsWith("generators", "maxOutputChange");
        assertThat(act.json().get("generators").intValue()).isEqualTo(8);
        assertThat(act.json().get("maxOutputChange").doubleValue()).isBetween(0.0, 1e-12);
        Run same = Run.of("equivalent", model, moved, "--json");
        assertThat(same.code()).isZero();
        JsonNode json = same.json();
        assertThat(Run.keys(json)).startsWith("equivalent", "residual", "reason", "logScales");
        assertThat(json.get("equivalent").booleanValue()).isTrue();
        assertThat(json.get("residual").doubleValue()).isLessThan(1e-9);
        assertThat(json.get("reason").textValue()).contains("permutations", "negative scales");
        assertThat(json.get("logScales")).hasSize(8);
        json.get("logScales").forEach(z -> assertThat(Math.abs(z.doubleValue())).isGreaterThan(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp:3-4-4-2", "rnn:2-3-2", "resnet-18,width=0.05,input=3x8x8", "densenet-tiny,dtype=f32"})
    @DisplayName("powers of two change no bit of the outputs, and the result is the same network")
    void powersOfTwo(String spec) throws IOException {
        Path moved = folder.resolve("moved.onnx");
        JsonNode json = Run.of("act", spec, moved, "--powers-of-two", "--seed", 3, "--json")
                .json();
        assertThat(json.get("maxOutputChange").doubleValue()).isZero();
        assertThat(json.get("bitForBit").booleanValue()).isTrue();
        Run same = Run.of("equivalent", spec, moved, "--seed", 3);
        assertThat(same.code()).as(same.out() + same.err()).isZero();
        assertThat(same.out()).contains("equivalent").doesNotContain("not equivalent");
    }

    @Test
    @DisplayName("with batch normalisation both modes are reported, each within the order of epsilon")
    void batchNormalisation() throws IOException {
        JsonNode json = Run.of("act", "mlp:3-4-2,bn=true", folder.resolve("out.onnx"), "--spread", 0.1, "--json")
                .json();
        assertThat(json.get("maxOutputChange").doubleValue()).isBetween(0.0, 1e-2);
        assertThat(json.get("maxOutputChangeTraining").doubleValue()).isBetween(0.0, 1e-2);
    }

    @Test
    @DisplayName("a change by the epsilon of normalisations is explained, and only then")
    void epsilon() {
        Path out = folder.resolve("out.onnx");
        assertThat(Run.of("act", "mlp:3-4-4-2,bn=true", out).out())
                .contains("only for epsilon = 0; here 2 normalisations have epsilon > 0");
        assertThat(Run.of("act", "mlp:3-4-4-2", out).out()).doesNotContain("epsilon");
        assertThat(Run.of("act", "--help").out()).contains("maxOutputChangeTraining");
    }

    @Test
    @DisplayName("where signs differ no residual is shown to people; where only sizes differ it is")
    void residualForPeople() {
        Run signs = Run.of("equivalent", "mlp:2-3-1", "mlp:2-3-1", "--seed-b", 1);
        assertThat(signs.code()).isEqualTo(1);
        assertThat(signs.out()).contains("signs differ", "compared").doesNotContain("residual", "log λ");
        Path moved = folder.resolve("moved.onnx");
        assertThat(Run.of("act", model, moved).code()).isZero();
        Run sizes = Run.of("equivalent", model, moved, "--tolerance", 0);
        assertThat(sizes.code()).isEqualTo(1);
        assertThat(sizes.out()).contains("residual", "log λ");
    }

    @Test
    @DisplayName("the seed decides everything")
    void deterministic() throws IOException {
        Path first = folder.resolve("1.onnx");
        Path second = folder.resolve("2.onnx");
        Path third = folder.resolve("3.onnx");
        Run.of("act", model, first, "--seed", 9);
        Run.of("act", model, second, "--seed", 9);
        Run.of("act", model, third, "--seed", 10);
        assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
        assertThat(Files.readAllBytes(first)).isNotEqualTo(Files.readAllBytes(third));
    }

    @Test
    @DisplayName("OUT may be IN")
    void inPlace() throws IOException {
        byte[] before = Files.readAllBytes(model);
        assertThat(Run.of("act", model, model).code()).isZero();
        assertThat(Files.readAllBytes(model)).isNotEqualTo(before);
        assertThat(Run.of("equivalent", "mlp:3-4-4-2", model, "--seed", 5).code())
                .isZero();
        assertThat(files()).isEqualTo(1);
    }

    @Test
    @DisplayName("independent weights, and other shapes, are told apart with a reason and exit code 1")
    void different() throws IOException {
        Run other = Run.of("equivalent", "mlp:2-3-1", "mlp:2-3-1", "--seed-b", 1, "--json");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.json().get("equivalent").booleanValue()).isFalse();
        assertThat(other.json().get("reason").textValue()).contains("differ at");
        Run shapes = Run.of("equivalent", "mlp:2-3-1", "mlp:2-4-1", "--json");
        assertThat(shapes.code()).isEqualTo(1);
        assertThat(shapes.json().get("residual").isNull()).isTrue();
        assertThat(shapes.json().get("reason").textValue()).contains("[3, 2]", "[4, 2]");
        Run graphs = Run.of("equivalent", "mlp:2-3-1", "mlp:2-3-1,activation=identity", "--json");
        assertThat(graphs.code()).isEqualTo(1);
        assertThat(graphs.json().get("reason").textValue()).contains("graphs differ");
    }

    @Test
    @DisplayName("a network equals itself with residual 0, whatever the dtype it is stored in")
    void itself() throws IOException {
        JsonNode json = Run.of("equivalent", model, model, "--json").json();
        assertThat(json.get("residual").doubleValue()).isZero();
        assertThat(Run.of("equivalent", "mlp:2-3-1", "mlp:2-3-1,dtype=f32").code())
                .isZero();
    }

    @Test
    @DisplayName("an output that cannot be written is refused and nothing is left behind")
    void unwritable() throws IOException {
        Run.of("act", model, folder.resolve("absent").resolve("out.onnx")).isRefusedWith("no folder");
        Path directory = Files.createDirectory(folder.resolve("directory.onnx"));
        Run.of("act", model, directory).isRefusedWith("directory");
        Run.of("act", model, folder.resolve("out.txt")).isRefusedWith(".onnx");
        assertThat(files()).isEqualTo(2);
    }

    @Test
    @DisplayName("a spread that is no positive number, or that weights do not survive, is refused")
    void badSpread() throws IOException {
        Path out = folder.resolve("out.onnx");
        Run.of("act", model, out, "--spread", "0").isRefusedWith("--spread");
        Run.of("act", model, out, "--spread", "-1").isRefusedWith("--spread");
        Run.of("act", model, out, "--spread", "wide").isRefusedWith("--spread", "'wide'");
        Run.of("act", model, out, "--spread", "1000").isRefusedWith("--spread", "smaller");
        Run.of("equivalent", model, model, "--tolerance", "-1").isRefusedWith("--tolerance");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    @DisplayName("every truncation of a file is refused")
    void truncated() throws IOException {
        byte[] whole = Files.readAllBytes(model);
        Path out = folder.resolve("out.onnx");
        for (int length = 0; length < whole.length; length += 97) {
            Path cut = folder.resolve("cut.onnx");
            Files.write(cut, Arrays.copyOf(whole, length));
            Run.of("act", cut, out).isRefusedWith("cut");
        }
        assertThat(out).doesNotExist();
    }
}
