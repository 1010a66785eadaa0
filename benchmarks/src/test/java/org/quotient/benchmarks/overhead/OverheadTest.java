package org.quotient.benchmarks.overhead;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                        "--processes",
                        "2",
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
        assertThat(row.path("pairs of processes").toString()).isEqualTo("[15,15]");
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
        assertThat(new OverheadResult(row, own, base, new int[] {40}, cost, cost).verdict())
                .isEqualTo("missed");
        assertThat(new OverheadResult(row, base, base, new int[] {40}, cost, cost).verdict())
                .isEqualTo("met");
        for (int i = 0; i < 40; i += 2) {
            own[i] = base[i];
        }
        assertThat(new OverheadResult(row, own, base, new int[] {40}, cost, cost).verdict())
                .isEqualTo("undecided");
    }

    @Test
    @DisplayName("the pairs of processes are put together in order, and each process has a median of its own")
    void severalProcesses() {
        OverheadRow row = new OverheadRow("mlp", DType.F32, "sm", "sgd", 1.05);
        Cost cost = new Cost(7, 8, 9);
        List<OverheadResult> parts = new ArrayList<>();
        for (double ratio : new double[] {1.5, 1, 2}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            double[] base = {0.1, 3, 1e-7};
            double[] own = Arrays.stream(base).map(x -> x * ratio).toArray();
            Worker.write(
                    new OverheadResult(row, own, base, new int[] {3}, cost, new Cost(1, 2, 3)),
                    new PrintStream(bytes, true, StandardCharsets.UTF_8));
            parts.add(Worker.read(
                    row, bytes.toString(StandardCharsets.UTF_8).lines().toList()));
        }
        OverheadResult all = OverheadResult.of(parts);
        assertThat(all.base()).containsExactly(0.1, 3, 1e-7, 0.1, 3, 1e-7, 0.1, 3, 1e-7);
        assertThat(all.mediansOfProcesses()).containsExactly(1.5, 1, 2);
        assertThat(all.ratio().value()).isEqualTo(1.5);
        assertThat(List.of(all.ownCost(), all.baseCost())).containsExactly(cost, new Cost(1, 2, 3));
    }

    @Test
    @DisplayName("a bad argument is one message and exit code 2")
    void badArguments() {
        assertThat(execute("--only", "nonsense")).isEqualTo(2);
        assertThat(execute("--pairs", "5")).isEqualTo(2);
        assertThat(execute("--openings", "6", "--pairs", "30")).isEqualTo(2);
        assertThat(execute("--processes", "31", "--pairs", "30")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--openings expects 1 to 5, the number of pairs of a process; given 6")
                .contains("--processes expects 1 to 30, the number of pairs; given 31");
        assertThat(err.toString()).contains("there is no row 'nonsense'").contains("--pairs expects 30 or more");
    }
}
