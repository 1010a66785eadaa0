package org.quotient.benchmarks.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.rescale.Measured.Entry;
import org.quotient.benchmarks.rescale.Measured.Kind;

/** The command on a tiny network, without Python. */
class RescaleTest {
    private static final RescaleRow TINY = new RescaleRow("tiny", "mlp:3-4-2", ChainStep.dense(2), List.of(3), 1000);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        return Rescale.execute(new PrintWriter(out, true), new PrintWriter(err, true), List.of(TINY), arguments);
    }

    @Test
    @DisplayName("ours are measured without Python, and both files hold them")
    void withoutPython() throws IOException {
        assertThat(execute(
                        "--repetitions",
                        "6",
                        "--block",
                        "1",
                        "--warm-up",
                        "0",
                        "--python",
                        "no-such-python",
                        "--out",
                        folder.resolve("deep").toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("| `tiny` | ours, exact |").contains("no-such-python can import torch");
        assertThat(Files.readString(folder.resolve("deep/rescale.md"))).isEqualTo(out.toString());
        JsonNode row = new ObjectMapper()
                .readTree(folder.resolve("deep/rescale.json").toFile())
                .path("rows")
                .path(0);
        assertThat(row.path("ratio").asText()).isEqualTo("no peer");
        assertThat(row.path("methods")).hasSize(2);
        JsonNode exact = row.path("methods").path(0);
        JsonNode sweeps = row.path("methods").path(1);
        assertThat(exact.path("gap").asDouble(1)).isLessThan(1e-9);
        assertThat(exact.path("cpu")).hasSize(6);
        assertThat(exact.path("parts").path("energies")).hasSize(6);
        assertThat(sweeps.path("sweeps").asInt()).isBetween(1, 10);
        assertThat(sweeps.path("divergence").asDouble())
                .isCloseTo(exact.path("divergence").asDouble(), within(1e-3))
                .isGreaterThanOrEqualTo(exact.path("divergence").asDouble() - 1e-12);
    }

    @Test
    @DisplayName("a bad argument is one message and exit code 2")
    void badArguments() {
        assertThat(execute("--only", "nonsense")).isEqualTo(2);
        assertThat(execute("--repetitions", "3")).isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no row 'nonsense'; there are tiny")
                .contains("--repetitions expects 6 or more");
    }

    @Test
    @DisplayName("another divergence after the sweeps, or another number of them, is told")
    void differentResults() {
        assertThat(row(1 + 1e-7, 10).different()).isEmpty();
        assertThat(row(1 + 1e-5, 10).different()).hasSize(1);
        assertThat(row(1, 9).different()).hasSize(1);
        assertThat(row(1 + 1e-5, 10).ratioVerdict()).isEqualTo("different results");
    }

    private static Measured row(double divergence, int sweeps) {
        return new Measured(
                TINY,
                1,
                1,
                List.of(
                        entry(Kind.EXACT, 0, 0),
                        entry(Kind.OUR_SWEEPS, 1, 10),
                        entry(Kind.PUBLISHED, divergence, sweeps)),
                0);
    }

    private static Entry entry(Kind kind, double divergence, int sweeps) {
        return new Entry(
                kind,
                new Series(kind.name(), 1, List.of(), divergence, Double.NaN),
                List.of(),
                List.of(new Parted.Block(1, List.of(), sweeps)),
                0,
                Double.NaN);
    }
}
