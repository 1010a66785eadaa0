package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.network.BuiltIns;

/** networks, dimension and group. */
class StructureCommandsTest {

    @Test
    @DisplayName(
            "resnet-34: 21,265,098 parameters, all live, 4,736 generators, proved; keys in the order of the contract")
    void dimensionOfResnet34() throws IOException {
        Run run = Run.of("dimension", "resnet-34", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = run.json();
        assertThat(Run.keys(json))
                .startsWith("parameters", "live", "idle", "generators", "dimension", "certificate", "pinned")
                .doesNotContain("orbitDimension");
        assertThat(json.get("parameters").longValue()).isEqualTo(21_265_098);
        assertThat(json.get("live").longValue()).isEqualTo(21_265_098);
        assertThat(json.get("idle").longValue()).isZero();
        assertThat(json.get("generators").longValue()).isEqualTo(4_736);
        assertThat(json.get("dimension").longValue()).isEqualTo(21_265_098 - 4_736);
        JsonNode certificate = json.get("certificate");
        assertThat(Run.keys(certificate)).startsWith("lower", "upper", "proved", "method", "primes");
        assertThat(certificate.get("proved").booleanValue()).isTrue();
        assertThat(certificate.get("lower")).isEqualTo(certificate.get("upper"));
    }

    @Test
    @DisplayName("what is not homogeneous holds a scale at 0 and is named")
    void pinned() throws IOException {
        JsonNode json =
                Run.of("dimension", "mlp:2-3-1,activation=tanh", "--json").json();
        assertThat(json.get("generators").intValue()).isZero();
        assertThat(json.get("pinned").get(0).get("why").textValue()).contains("tanh");
        assertThat(Run.of("dimension", "mlp:2-3-1,activation=tanh").out()).contains("scale held at 0", "tanh");
    }

    @Test
    @DisplayName("at θ: a fresh 2-2-2 network has no zero; its orbit has dimension 2 and ∂Φ rank 6")
    void atTheta() throws IOException {
        JsonNode json = Run.of("dimension", "mlp:2-2-2,bias=false", "--at-theta", "--json")
                .json();
        assertThat(json.get("orbitDimension").intValue()).isEqualTo(2);
        assertThat(json.get("rankPathLifting").intValue()).isEqualTo(6);
        assertThat(json.get("zeros").intValue()).isZero();
    }

    @Test
    @DisplayName("the table for people holds thousands separators and the certificate in words")
    void dimensionForPeople() {
        Run run = Run.of("dimension", "mlp:784-512-512-10");
        assertThat(run.out()).contains("669,706", "1,024", "proved", "= live − generators");
        assertThat(run.out()).doesNotContain("\u001b");
        assertThat(run.err()).isEmpty();
    }

    @Test
    @DisplayName("mlp:2-3-1 has one generator for each hidden unit: row and bias in, column out")
    void groupOfMlp() throws IOException {
        JsonNode generators = Run.of("group", "mlp:2-3-1", "--json").json().get("generators");
        assertThat(generators).hasSize(3);
        for (int i = 0; i < 3; i++) {
            JsonNode g = generators.get(i);
            assertThat(Run.keys(g)).containsExactly("id", "kind", "where", "incoming", "outgoing");
            assertThat(g.get("id").intValue()).isEqualTo(i);
            assertThat(g.get("kind").textValue()).isEqualTo("unit");
            assertThat(g.get("incoming")).hasSize(2);
            assertThat(g.get("outgoing")).hasSize(1);
            assertThat(g.get("outgoing").get(0).get("exponent").intValue()).isEqualTo(-1);
        }
        assertThat(Run.of("group", "mlp:2-3-1").out()).contains("3 generators", "unit");
        assertThat(Run.of("group", "mlp:2-3-1", "--all").out().lines()).hasSize(2 + 3);
    }

    @Test
    @DisplayName("running statistics are marked as carried, and exponents other than ±1 are shown, in both views")
    void groupMarks() throws IOException {
        for (String view : new String[] {"--seed=0", "--all"}) {
            assertThat(Run.of("group", "mlp:3-4-2,bn=true", view).out())
                    .containsPattern("bn1.running_mean\\S* \\(carried\\)")
                    .containsPattern("bn1.running_var\\S*\\^2 \\(carried\\)")
                    .doesNotContainPattern("bn1.weight\\S* \\(carried\\)");
        }
        JsonNode incoming = Run.of("group", "mlp:3-4-2,bn=true", "--json")
                .json()
                .get("generators")
                .get(0)
                .get("incoming");
        incoming.forEach(entry -> assertThat(entry.path("buffer").booleanValue())
                .isEqualTo(entry.get("parameter").textValue().contains("running")));
    }

    @Test
    @DisplayName("resnet-34 lists all 4,736 generators")
    void groupOfResnet34() throws IOException {
        assertThat(Run.of("group", "resnet-34", "--json").json().get("generators"))
                .hasSize(4_736);
        assertThat(Run.of("group", "resnet-34").out()).contains("4,736 generators", "residual class");
    }

    @Test
    @DisplayName("networks lists every built-in with settings and counts")
    void networks() throws IOException {
        JsonNode networks = Run.of("networks", "--json").json().get("networks");
        assertThat(networks).hasSize(BuiltIns.catalogue().size());
        for (JsonNode n : networks) {
            assertThat(n.get("settings").get("dtype").textValue()).isEqualTo("f64");
            assertThat(n.get("parameters").longValue())
                    .isGreaterThanOrEqualTo(n.get("live").longValue());
            assertThat(n.get("generators").isInt()).isTrue();
        }
        assertThat(Run.of("networks").out()).contains("resnet-34", "21,265,098", "4,736", "steps=3");
    }

    @Test
    @DisplayName("every level has help with examples")
    void help() {
        assertThat(Run.of("--help").out()).contains("Examples:", "dimension", "verify");
        for (String command : new String[] {"networks", "dimension", "group", "act", "equivalent", "verify"}) {
            Run run = Run.of(command, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).contains("Usage: quotient " + command, "Examples:", "--json");
        }
        assertThat(Run.of("help").out()).isEqualTo(Run.of("--help").out());
        assertThat(Run.of("help", "dimension").out())
                .isEqualTo(Run.of("dimension", "--help").out());
        assertThat(Run.of("--version").out()).startsWith("quotient ");
        assertThat(Run.of().out()).contains("Usage: quotient");
    }

    @Test
    @DisplayName("unknown names come with the nearest ones")
    void unknownNames() {
        Run.of("dimension", "resnet-43").isRefusedWith("'resnet-43'", "resnet-34");
        Run.of("dimensoin", "resnet-34").isRefusedWith("'dimensoin'", "dimension", "networks", "group", "equivalent");
        Run.of("prune", "resnet-34").isRefusedWith("'prune'", "networks");
        Run.of("explain", "dimension").isRefusedWith("'explain' is not a command", "group");
        Run.of("help", "dimensoin").isRefusedWith("'dimensoin' is not a command", "dimension");
        Run.of("dimension", "resnet-34", "--jsno").isRefusedWith("'--jsno'", "--json");
        Run.of("dimension", "mlp:2-2,bais=false").isRefusedWith("'bais'", "bias");
        Run.of("dimension", "mlp").isRefusedWith("mlp:a-b-...-c");
    }

    @Test
    @DisplayName("bad values, missing and superfluous arguments are refused in one message")
    void badUsage() {
        Run.of("dimension").isRefusedWith("NETWORK", "quotient dimension --help");
        Run.of("dimension", "mlp:2-2", "mlp:2-2").isRefusedWith("'mlp:2-2'", "too many");
        Run.of("dimension", "mlp:2-2", "--seed", "x").isRefusedWith("--seed", "'x' is not a whole number");
        Run.of("dimension", "mlp:2-2", "--seed", "9223372036854775808").isRefusedWith("--seed", "2^63");
        Run.of("verify", "--level", "slow").isRefusedWith("--level", "expected quick or full; given 'slow'");
        Run.of("dimension", "mlp:0-2").isRefusedWith("mlp:0-2");
        Run.of("dimension", "mlp:2-2", "--constant", "w").isRefusedWith("--constant", "built-in");
        Run.of("dimension", "mlp:1000000-1000000-1").isRefusedWith("2^31 elements");
    }

    @Test
    @DisplayName("files that are missing or no ONNX files are refused")
    void badFiles(@TempDir Path folder) throws IOException {
        Run.of("dimension", folder.resolve("absent.onnx")).isRefusedWith("absent.onnx", "no file");
        Run.of("dimension", folder.resolve("absent.onxx"))
                .isRefusedWith("absent.onxx", "no such file", "ending in .onnx");
        Run.of("dimension", "nets/resnet").isRefusedWith("no such file");
        Run.of("dimension", "resnet-34.onx").isRefusedWith("no such file", "resnet-34", "ending in .onnx");
        Run.of("dimension", "").isRefusedWith("NETWORK is empty");
        Path text = java.nio.file.Files.writeString(folder.resolve("text.onnx"), "this is no model");
        Run.of("dimension", text).isRefusedWith("'text'", "not an ONNX model");
        Run.of("dimension", folder).isRefusedWith("built-in");
        Path directory = java.nio.file.Files.createDirectory(folder.resolve("folder.onnx"));
        Run.of("group", directory).isRefusedWith("is a directory");
    }
}
