package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.Npy;

/** {@code lift} and {@code rescale}. */
class LiftAndRescaleTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("lift counts paths by the product formula and writes diag G as numpy's archive")
    void lift() throws IOException {
        Path g = folder.resolve("G.npz");
        JsonNode json = Run.of("lift", "mlp:4-3-2", "--diag-g", g, "--json").json();
        // (4·3 + 3)·2 + 2 paths: from inputs and hidden biases, and from output biases.
        assertThat(json.get("paths").asText()).isEqualTo("32");
        assertThat(Math.log(json.get("pathNorm2").asDouble()))
                .isCloseTo(json.get("logPathNorm2").asDouble(), within(1e-12));
        assertThat(json.get("pathNorm1").asDouble())
                .isGreaterThan(json.get("pathNorm2").asDouble());
        JsonNode diagonal = json.get("diagG");
        assertThat(diagonal.get("min").asDouble())
                .isPositive()
                .isLessThan(diagonal.get("max").asDouble());
        assertThat(diagonal.get("max").asDouble()).isEqualTo(1);
        assertThat(diagonal.get("meanLog").asDouble()).isNegative();
        try (ZipFile zip = new ZipFile(g.toFile())) {
            assertThat(zip.stream().map(e -> e.getName()))
                    .containsExactly("fc1.weight.npy", "fc1.bias.npy", "fc2.weight.npy", "fc2.bias.npy");
            Path array = folder.resolve("array.npy");
            Files.write(array, zip.getInputStream(zip.getEntry("fc2.bias.npy")).readAllBytes());
            assertThat(Npy.read(array).data()).containsExactly(1, 1);
        }
        BigInteger many = new BigInteger(Run.of("lift", "mlp:784-512-512-10", "--json")
                .json()
                .get("paths")
                .asText());
        BigInteger w = BigInteger.valueOf(512);
        assertThat(many)
                .isEqualTo(BigInteger.valueOf(785)
                        .multiply(w)
                        .add(BigInteger.ONE)
                        .multiply(w)
                        .add(BigInteger.ONE)
                        .multiply(BigInteger.TEN));
        assertThat(Run.of("lift", "mlp:4-3-2").out()).contains("paths", "32", "diag G");
    }

    @Test
    @DisplayName("lift is finite at any depth")
    void deep() throws IOException {
        JsonNode json = Run.of("lift", "mlp:3" + "-4".repeat(100) + "-2,bias=false", "--json")
                .json();
        assertThat(new BigInteger(json.get("paths").asText()))
                .isEqualTo(BigInteger.valueOf(4).pow(100).multiply(BigInteger.valueOf(6)));
        assertThat(json.get("logPathNorm2").asDouble()).isFinite().isNegative();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mlp:5-8-6-3,dtype=f32",
                "lenet-5,dtype=f32,width=0.5",
                "resnet-18,bn=true,width=0.0625,dtype=f32,input=3x16x16",
                "densenet-tiny,dtype=f32"
            })
    @DisplayName(
            "A rescaled file: certified, the same function in ONNX Runtime too, and its own rescaling moves nothing")
    void files(String spec) throws IOException {
        Path out = folder.resolve("out.onnx");
        JsonNode json = Run.of("rescale", spec, out, "--criterion", "pathcond", "--check-with", "onnxruntime", "--json")
                .json();
        assertThat(json.get("criterion").asText()).isEqualTo("pathcond");
        assertThat(json.get("after").asDouble())
                .isLessThan(json.get("before").asDouble())
                .isNotNegative();
        assertThat(json.get("gap").asDouble()).isLessThan(1e-9);
        assertThat(json.get("capped").asInt()).isZero();
        assertThat(json.get("maxOutputChange").asDouble()).isLessThan(2e-6);
        assertThat(json.get("maxOutputChangeOnnxRuntime").asDouble()).isLessThan(2e-6);
        assertThat(json.get("traceBefore").asDouble()).isPositive();
        assertThat(json.get("traceAfter").asDouble()).isPositive();
        assertThat(json.get("seconds").asDouble()).isPositive();
        assertThat(json.get("sweeps").asInt()).isZero();
        assertThat(json.get("frozen").asInt()).matches(n -> spec.contains("bn=true") ? n > 0 : n == 0);
        JsonNode again =
                Run.of("rescale", out, "--criterion", "pathcond", "--json").json();
        assertThat(again.get("maxAbsLogScale").asDouble()).isLessThan(1e-5);
        assertThat(again.get("before").asDouble())
                .isCloseTo(
                        json.get("after").asDouble(),
                        within(1e-3 * json.get("after").asDouble() + 1e-6));
    }

    @Test
    @DisplayName("sweeps(10) stops short of the minimum and says how many it made; --cap bounds |z| and is reported")
    void variants() throws IOException {
        String spec = "mlp:2-16-16-16-16-2";
        JsonNode exact =
                Run.of("rescale", spec, "--criterion", "pathcond", "--json").json();
        JsonNode swept = Run.of("rescale", spec, "--criterion", "pathcond", "--sweeps", 10, "--json")
                .json();
        assertThat(swept.get("sweeps").asInt()).isEqualTo(10);
        assertThat(swept.get("gap").isNull()).isTrue();
        assertThat(swept.get("after").asDouble())
                .isGreaterThan(exact.get("after").asDouble());
        JsonNode capped = Run.of("rescale", spec, "--criterion", "pathcond", "--cap", 0.5, "--json")
                .json();
        assertThat(capped.get("maxAbsLogScale").asDouble()).isEqualTo(0.5);
        assertThat(capped.get("capped").asInt()).isPositive();
        assertThat(capped.get("after").asDouble())
                .isGreaterThan(exact.get("after").asDouble());
        JsonNode ridge = Run.of("rescale", spec, "--criterion", "pathcond", "--regularise", 1e6, "--json")
                .json();
        assertThat(ridge.get("maxAbsLogScale").asDouble())
                .isLessThan(exact.get("maxAbsLogScale").asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"enorm", "balanced", "unit-norm"})
    @DisplayName("Other criteria keep the function and lower what they are about")
    void criteria(String name) throws IOException {
        JsonNode json =
                Run.of("rescale", "segnet-tiny", "--criterion", name, "--json").json();
        assertThat(json.get("after").asDouble()).isLessThan(json.get("before").asDouble());
        assertThat(json.get("maxOutputChange").asDouble()).isLessThan(1e-12);
        assertThat(json.get("residual").asDouble()).isLessThan(1e-9);
    }

    @Test
    @DisplayName("Criteria of data: input energies, the least and the largest gradient")
    void data() throws IOException {
        Path x = folder.resolve("x.npy");
        Path y = folder.resolve("y.npy");
        Path labels = folder.resolve("labels.npy");
        Npy.write(Tensor.fill(Shape.of(10, 3), DType.F64, i -> Math.sin(i) * (1 + i % 3)), x);
        Npy.write(Tensor.fill(Shape.of(10, 2), DType.F64, Math::cos), y);
        Npy.write(Tensor.fill(Shape.of(10), DType.F64, i -> i % 2), labels);
        String spec = "mlp:3-5-5-2";
        JsonNode plain =
                Run.of("rescale", spec, "--criterion", "pathcond", "--json").json();
        JsonNode weighted = Run.of("rescale", spec, "--criterion", "pathcond", "--inputs", x, "--json")
                .json();
        assertThat(weighted.get("before").asDouble())
                .isNotEqualTo(plain.get("before").asDouble());
        JsonNode least = Run.of(
                        "rescale",
                        spec,
                        "--criterion",
                        "gradient-balanced",
                        "--inputs",
                        x,
                        "--targets",
                        y,
                        "--loss",
                        "half-squared",
                        "--json")
                .json();
        assertThat(least.get("after").asDouble()).isLessThan(least.get("before").asDouble());
        JsonNode most = Run.of(
                        "rescale",
                        spec,
                        "--criterion",
                        "teleport",
                        "--inputs",
                        x,
                        "--targets",
                        labels,
                        "--radius",
                        0.5,
                        "--json")
                .json();
        assertThat(most.get("after").asDouble())
                .isGreaterThan(most.get("before").asDouble());
        assertThat(most.get("maxAbsLogScale").asDouble()).isEqualTo(0.5);
        Run.of("rescale", spec, "--criterion", "gradient-balanced", "--inputs", x, "--targets", y)
                .isRefusedWith("--targets", "[10]");
        Run.of("rescale", "mlp:4-5-2", "--criterion", "pathcond", "--inputs", x).isRefusedWith("--inputs", "[10, 3]");
    }

    @Test
    @DisplayName("A trivial group, dead units and impossible requests are said plainly, and nothing is half-written")
    void plainly() throws IOException {
        Run trivial = Run.of("rescale", "mlp:4-2", "--criterion", "pathcond");
        assertThat(trivial.code()).isZero();
        assertThat(trivial.out()).contains("the group is trivial");
        Path out = folder.resolve("o.onnx");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "best").isRefusedWith("--criterion", "pathcond", "'best'");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "pathcond", "--cap", -1)
                .isRefusedWith("--cap", "-1");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "pathcond", "--sweeps", 0)
                .isRefusedWith("--sweeps", "0");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "pathcond", "--sweeps", 2, "--exact")
                .isRefusedWith("exclude");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "balanced", "--p", 3).isRefusedWith("--p");
        Run.of("rescale", "mlp:4-3-2", "o.txt", "--criterion", "balanced").isRefusedWith(".onnx", "o.txt");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "balanced", "--check-with", "tensorrt")
                .isRefusedWith("onnxruntime", "tensorrt");
        Run.of("rescale", "mlp:4-3-2", folder.resolve("none").resolve("o.onnx"), "--criterion", "balanced")
                .isRefusedWith("no folder");
        Run.of("lift", "mlp:4-3-2", "--diag-g", "G.txt").isRefusedWith(".npz");
        Run.of("rescale", "mlp:4-3-2", out, "--criterion", "teleport").isRefusedWith("--inputs", "--targets");
        assertThat(out).doesNotExist();
        Path dry = folder.resolve("dry.onnx");
        assertThat(Run.of("rescale", "mlp:4-3-2", dry, "--criterion", "balanced", "--dry-run")
                        .out())
                .contains("nothing written");
        assertThat(dry).doesNotExist();
        assertThat(new String(
                        Run.of("rescale", "--help").out().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .contains("pathcond", "--sweeps", "--check-with");
    }
}
