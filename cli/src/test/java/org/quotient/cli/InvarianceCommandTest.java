package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code invariance}. */
class InvarianceCommandTest {
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
    @CsvSource({"--steps, 0, 1 or more steps", "--batch, 1, 2 or more samples", "--spread, 0, at most 20"})
    @DisplayName("an option out of range is refused by a message of its own")
    void ranges(String option, String given, String expected) {
        Run run = Run.of("invariance", "--optimizer", "sgd", "--network", "mlp:2-2-1", option, given);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("quotient: " + option + " ").contains(expected, "given " + given);
    }

    @Test
    @DisplayName("subgroups have one name each, in the table, in what is measured and in what is declared")
    void names() {
        assertThat(Run.of("invariance", "--optimizer", "sm", "--network", "mlp:3-5-4-2", "--steps", "3")
                        .out())
                .contains(
                        "last-hidden",
                        "scales of the last hidden units",
                        "measured: invariant under last-hidden;",
                        "declared: invariant under layer-uniform-without-biases, last-hidden, normalised");
    }

    @Test
    @DisplayName("whole numbers are fed where rows of a table are looked up")
    void tokens() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("interop"))) {
            here = java.util.Objects.requireNonNull(here.getParent());
        }
        Path tokens = here.resolve("interop/src/test/resources/onnx/tokens.onnx");
        assertThat(Run.of("invariance", "--optimizer", "frame-sgd", "--network", tokens, "--steps", "3", "--json")
                        .json()
                        .get("law")
                        .asText())
                .isEqualTo("invariant");
        assertThat(Run.of("invariance", "--optimizer", "sgd", "--network", tokens, "--steps", "3", "--json")
                        .json()
                        .get("law")
                        .asText())
                .isEqualTo("none");
    }

    @Test
    @DisplayName("where there is no scale, or a declared subgroup is missing, that is said")
    void nothingToMeasure() {
        assertThat(Run.of("invariance", "--optimizer", "sgd", "--network", "mlp:4-3")
                        .out())
                .contains("nothing was measured");
        assertThat(Run.of("invariance", "--optimizer", "tensorwise", "--network", "mlp:4-6-3", "--steps", "3")
                        .out())
                .contains("Of what is declared nothing was measured");
    }
}
