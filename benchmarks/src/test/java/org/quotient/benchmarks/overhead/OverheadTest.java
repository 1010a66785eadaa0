package org.quotient.benchmarks.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.program.Cost;

class OverheadTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        return Overhead.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    @DisplayName("a row is measured in pairs, and both files hold it")
    void oneRow() throws IOException {
        assertThat(execute(
                        "--only",
                        "mlp-f32-sm",
                        "--pairs",
                        "30",
                        "--steps",
                        "1",
                        "--warm-up",
                        "1",
                        "--batch",
                        "2",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("| mlp, f32 | `sm:mu=0` | `sgd` |").contains("| 1.05 |");
        JsonNode row = new ObjectMapper()
                .readTree(folder.resolve("overhead.json").toFile())
                .path("rows")
                .path(0);
        assertThat(row.path("microseconds")).hasSize(30);
        assertThat(row.path("low").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(row.path("high").asDouble());
        assertThat(row.path("flops").asLong())
                .isGreaterThan(row.path("base flops").asLong());
    }

    @Test
    @DisplayName("a ratio is of its own pair, and a target is missed only if the whole interval is above it")
    void verdicts() {
        OverheadRow row = new OverheadRow("mlp", DType.F32, "sm", "sgd", 1.05);
        double[] base = new double[40];
        double[] own = new double[40];
        for (int i = 0; i < 40; i++) {
            base[i] = 1 + i;
            own[i] = 1.1 * base[i];
        }
        Cost cost = new Cost(1, 1, 1);
        assertThat(new OverheadResult(row, own, base, cost, cost).verdict()).isEqualTo("missed");
        assertThat(new OverheadResult(row, base, base, cost, cost).verdict()).isEqualTo("met");
        for (int i = 0; i < 40; i += 2) {
            own[i] = base[i];
        }
        assertThat(new OverheadResult(row, own, base, cost, cost).verdict()).isEqualTo("undecided");
    }

    @Test
    @DisplayName("a bad argument is one message and exit code 2")
    void badArguments() {
        assertThat(execute("--only", "nonsense")).isEqualTo(2);
        assertThat(execute("--pairs", "5")).isEqualTo(2);
        assertThat(execute("--openings", "31", "--pairs", "30")).isEqualTo(2);
        assertThat(err.toString()).contains("--openings expects 1 to 30, the number of pairs; given 31");
        assertThat(err.toString()).contains("there is no row 'nonsense'").contains("--pairs expects 30 or more");
    }
}
