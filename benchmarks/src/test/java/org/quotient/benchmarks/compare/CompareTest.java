package org.quotient.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command, on rows that need no peer but ourselves. */
class CompareTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        return Compare.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "--only, nonsense, there is no row 'nonsense'",
        "--repetitions, 3, --repetitions expects 6 or more",
        "--repetitions, many, 'many' is not an int",
        "--block, 0, --block expects milliseconds from 1 to 60000",
        "--warm-up, -1, --warm-up expects seconds from 0 to 600"
    })
    @DisplayName("a bad argument is one message and exit code 2")
    void badArguments(String option, String value, String message) {
        assertThat(execute(option, value)).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("compare: ")
                .contains(message)
                .doesNotContain("\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    @DisplayName("every line of the table of targets has its row, each named once")
    void rows() {
        assertThat(execute("--list")).isZero();
        List<String> ids = Rows.of(0).stream().map(Row::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        for (String start : List.of(
                "mlp-f32",
                "mlp-f64",
                "g-sgd-mlp",
                "moons",
                "tiny",
                "cnn",
                "cifar-nv",
                "resnet-18-f32",
                "resnet-18-bn",
                "gemm-256",
                "gemm-1024",
                "threads-mlp",
                "threads-cnn",
                "hvp",
                "rank")) {
            assertThat(ids).anyMatch(id -> id.startsWith(start));
        }
        ids.forEach(id -> assertThat(out.toString()).contains(id));
    }

    @Test
    @DisplayName("a run writes a table and, for machines, every repetition with machine, seed and versions")
    void files() throws IOException {
        Path file = folder.resolve("deep").resolve("table");
        assertThat(execute(
                        "--only",
                        "tiny-f64",
                        "--python",
                        "no-such-python",
                        "--repetitions",
                        "6",
                        "--block",
                        "1",
                        "--warm-up",
                        "0",
                        "--seed",
                        "7",
                        "--out",
                        file.toString()))
                .isZero();
        String markdown = Files.readString(folder.resolve("deep").resolve("table.md"));
        assertThat(markdown).contains("| `tiny-f64` |", "seed 7", "absent: PyTorch: none of no-such-python");
        assertThat(out.toString()).isEqualTo(markdown);
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("deep").resolve("table.json").toFile());
        assertThat(json.path("seed").asLong()).isEqualTo(7);
        assertThat(json.path("machine").path("java").asText()).contains("25");
        JsonNode row = json.path("rows").path(0);
        assertThat(row.path("verdict").asText()).isEqualTo("not judged");
        assertThat(row.path("contenders").path(0).path("wall")).hasSize(6);
        assertThat(row.path("contenders")
                        .path(0)
                        .path("secondsPerStep")
                        .path("value")
                        .asDouble())
                .isPositive();
    }
}
