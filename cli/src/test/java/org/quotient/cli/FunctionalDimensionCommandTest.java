package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.interop.Npy;
import org.quotient.interop.onnx.OnnxExport;

/** {@code functional-dimension}. */
class FunctionalDimensionCommandTest {
    private static final String COMMAND = "functional-dimension";

    @TempDir
    private Path folder;

    private Path npy(String name, Tensor array) {
        Path file = folder.resolve(name);
        Npy.write(array, file);
        return file;
    }

    private static Tensor normal(int... sizes) {
        return Tensor.fill(Shape.of(sizes), DType.F64, CounterRandom.seeded(3)::normal);
    }

    private static int lost(JsonNode json) {
        int total = 0;
        for (JsonNode cause : json.get("lost")) {
            assertThat(Run.keys(cause)).containsExactly("where", "cause", "dimensions");
            total += cause.get("dimensions").intValue();
        }
        return total;
    }

    @Test
    @DisplayName("A generic 2-3-1 network has 13 − 3 dimensions, proved; keys in the order of the contract")
    void generic() throws IOException {
        JsonNode json = Run.of(COMMAND, "mlp:2-3-1", "--exact", "--json").json();
        assertThat(Run.keys(json))
                .startsWith(
                        "parameters", "bound", "rank", "lower", "upper", "attained", "proved", "method", "gap", "lost");
        assertThat(json.get("parameters").intValue()).isEqualTo(13);
        for (String key : new String[] {"bound", "rank", "lower", "upper"}) {
            assertThat(json.get(key).intValue()).as(key).isEqualTo(10);
        }
        assertThat(json.get("attained").booleanValue()).isTrue();
        assertThat(json.get("proved").booleanValue()).isTrue();
        assertThat(json.get("gap").isNull()).isTrue();
        assertThat(json.get("lost")).isEmpty();
        JsonNode sampled = Run.of(COMMAND, "mlp:2-3-1", "--json").json();
        assertThat(sampled.get("rank").intValue()).isEqualTo(10);
        assertThat(sampled.get("proved").booleanValue()).isTrue();
        assertThat(Run.of(COMMAND, "mlp:2-3-1").out()).contains("proved: the bound is attained", "10");
    }

    @Test
    @DisplayName("Causes add up to bound − rank; without attribution the same rank and no causes")
    void attribution() throws IOException {
        String network = "mlp:1-4-4-1,init=torch";
        JsonNode json =
                Run.of(COMMAND, network, "--exact", "--seed", 3, "--json").json();
        int missing = json.get("bound").intValue() - json.get("rank").intValue();
        assertThat(missing).isPositive();
        assertThat(lost(json)).isEqualTo(missing);
        assertThat(json.get("attained").booleanValue()).isFalse();
        assertThat(json.get("proved").booleanValue()).isTrue();
        JsonNode without = Run.of(COMMAND, network, "--exact", "--seed", 3, "--no-attribution", "--json")
                .json();
        assertThat(without.get("rank")).isEqualTo(json.get("rank"));
        assertThat(without.get("lost")).isEmpty();
        assertThat(without.get("unexplained").intValue()).isEqualTo(missing);
        assertThat(Run.of(COMMAND, network, "--exact", "--seed", 3).out())
                .contains("proved: no rank exceeds", "lost", "dead");
    }

    @Test
    @DisplayName("Inputs of which one is always 0 cost its weights: a bound of their own")
    void inputs() throws IOException {
        double[] x = normal(60, 3).data().clone();
        for (int i = 2; i < x.length; i += 3) {
            x[i] = 0;
        }
        Path file = npy("x.npy", Tensor.of(Shape.of(60, 3), x));
        JsonNode json = Run.of(COMMAND, "mlp:3-4-2", "--inputs", file, "--json").json();
        assertThat(json.get("bound").intValue()).isEqualTo(26 - 4 - 4);
        assertThat(json.get("points").intValue()).isEqualTo(60);
        assertThat(lost(json))
                .isEqualTo(json.get("bound").intValue() - json.get("rank").intValue());
        JsonNode same = Run.of(COMMAND, "mlp:3-4-2", "--samples", 500, "--json").json();
        assertThat(same.get("bound").intValue()).isEqualTo(26 - 4);
    }

    @Test
    @DisplayName("Too few points are refused with the number needed; points on a kink are left out and counted")
    void fewPoints() throws IOException {
        String network = "mlp:2-3-1,bias=false";
        Path four = npy("four.npy", normal(4, 2));
        Run.of(COMMAND, network, "--inputs", four).isRefusedWith("at least 6 points", "given 4", "--few");
        Run.of(COMMAND, network, "--samples", 5).isRefusedWith("at least 6 points", "given 5");
        Run.of(COMMAND, network, "--inputs", four, "--floating").isRefusedWith("6 points", "given 4");
        JsonNode few =
                Run.of(COMMAND, network, "--inputs", four, "--few", "--json").json();
        assertThat(few.get("rank").intValue()).isLessThanOrEqualTo(4);
        // A unit with the weights (1, −1) is at its kink on the diagonal.
        Model model = BuiltIns.model(network, 0);
        double[] row = model.weights().get("fc1.weight").data();
        row[0] = 1;
        row[1] = -1;
        Path file = folder.resolve("diagonal.onnx");
        OnnxExport.write(model, file);
        double[] x = normal(10, 2).data().clone();
        java.util.Arrays.fill(x, 10, 20, 0.5);
        Path half = npy("half.npy", Tensor.of(Shape.of(10, 2), x));
        Run.of(COMMAND, file, "--inputs", half).isRefusedWith("at least 6 points", "given 5", "5 lie on a kink");
        JsonNode rest =
                Run.of(COMMAND, file, "--inputs", half, "--few", "--json").json();
        assertThat(rest.get("rejected").intValue()).isEqualTo(5);
        assertThat(rest.get("points").intValue()).isEqualTo(5);
    }

    @Test
    @DisplayName(
            "Singular values give the same rank, with their gap; networks that are not piecewise polynomial have it only")
    void floating() throws IOException {
        JsonNode exact = Run.of(COMMAND, "mlp:3-5-4-2", "--json").json();
        JsonNode json = Run.of(COMMAND, "mlp:3-5-4-2", "--floating", "--json").json();
        assertThat(json.get("rank")).isEqualTo(exact.get("rank"));
        assertThat(json.get("gap").doubleValue()).isGreaterThan(1e4);
        assertThat(json.get("proved").booleanValue()).isFalse();
        assertThat(json.get("lower").intValue()).isZero();
        assertThat(json.get("remark").textValue()).isEmpty();
        Path few = npy("few.npy", normal(4, 3));
        assertThat(Run.of(COMMAND, "mlp:3-5-4-2", "--floating", "--inputs", few, "--few", "--json")
                        .json()
                        .get("remark")
                        .textValue())
                .contains("on these points");
        JsonNode tanh = Run.of(COMMAND, "mlp:3-5-2,activation=tanh", "--floating", "--json")
                .json();
        assertThat(tanh.get("bound").intValue()).isEqualTo(32);
        assertThat(tanh.get("rank").intValue()).isEqualTo(32);
        Path x = npy("x.npy", normal(40, 3));
        assertThat(Run.of(COMMAND, "mlp:3-5-2,activation=tanh", "--floating", "--inputs", x)
                        .out())
                .contains("32", "no proof");
    }

    @Test
    @DisplayName("What cannot be done is said in one message: operations, regions, memory, weights, options")
    void refusals() {
        Run.of(COMMAND, "mlp:3-5-2,activation=tanh")
                .isRefusedWith("tanh", "piecewise polynomial", "none of these. --floating");
        Run.of(COMMAND, "mlp:2-4-1", "--exact", "--regions", 3).isRefusedWith("more than 3 linear regions");
        Run.of(COMMAND, "mlp:784-100-10").isRefusedWith("79510", "GiB");
        Path x = npy("x.npy", normal(20, 2));
        Run.of(COMMAND, "mlp:2-3-1", "--inputs", x, "--samples", 5).isRefusedWith("--inputs", "--samples");
        Run.of(COMMAND, "mlp:2-3-1", "--inputs", x, "--exact").isRefusedWith("--exact", "--inputs");
        Run.of(COMMAND, "mlp:2-3-1", "--few").isRefusedWith("--few", "--inputs");
        Run.of(COMMAND, "mlp:2-3-1", "--regions", 5).isRefusedWith("--regions", "--exact");
        Run.of(COMMAND, "mlp:2-3-1", "--samples", 0).isRefusedWith("--samples", "0");
        Run.of(COMMAND, "mlp:3-3-1", "--inputs", x).isRefusedWith("--inputs", "[20, 2]");
        Path infinite = npy("nan.npy", Tensor.of(Shape.of(1, 2), 0, Double.NaN));
        Run.of(COMMAND, "mlp:2-3-1", "--inputs", infinite).isRefusedWith("NaN", "finite");
        Model model = BuiltIns.model("mlp:2-3-1", 0);
        model.weights().get("fc1.weight").data()[2] = Double.NaN;
        Path broken = folder.resolve("nan.onnx");
        OnnxExport.write(model, broken);
        Run.of(COMMAND, broken).isRefusedWith("fc1.weight", "NaN");
    }

    @Test
    @DisplayName("Draws of a built-in are counted, with an interval around their frequency")
    void draws() throws IOException {
        String network = "mlp:1-1-2-1,init=torch";
        JsonNode json =
                Run.of(COMMAND, network, "--draws", 60, "--exact", "--json").json();
        int attained = json.get("attainedDraws").intValue();
        assertThat(attained).isBetween(1, 59);
        assertThat(attained + json.get("hiddenDraws").intValue()).isEqualTo(60);
        assertThat(json.get("undecidedDraws").intValue()).isZero();
        assertThat(json.get("probability").get("lower").doubleValue()).isLessThan(attained / 60.0);
        assertThat(json.get("probability").get("upper").doubleValue()).isGreaterThan(attained / 60.0);
        int total = 0;
        for (JsonNode entry : json.get("missing")) {
            total += entry.get("draws").intValue();
        }
        assertThat(total).isEqualTo(60);
        assertThat(json.get("laws")).hasSize(6);
        assertThat(Run.of(COMMAND, network, "--draws", 5, "--exact").out()).contains("Clopper-Pearson", "5 draws");
        Run.of(COMMAND, network, "--draws", 0).isRefusedWith("--draws", "0");
        Path file = folder.resolve("net.onnx");
        OnnxExport.write(BuiltIns.model(network, 0), file);
        Run.of(COMMAND, file, "--draws", 3).isRefusedWith("--draws", "built-in");
    }

    @Test
    @DisplayName("help has examples")
    void help() {
        assertThat(Run.of(COMMAND, "--help").out()).contains("Examples:", "--inputs", "--exact", "--floating", "gap");
        assertThat(Run.of("--help").out()).contains(COMMAND);
    }
}
