package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** verify. */
class VerifyTest {

    @Test
    @DisplayName(
            "the dimension theorem is PROVED, its neighbour REFUTED by a residual network; keys as in the contract")
    void dimensionTheorem(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("report.html");
        Run run = Run.of("verify", "dimension-theorem", "--json", "--report", page);
        assertThat(run.code()).isZero();
        JsonNode theorems = run.json().get("theorems");
        assertThat(theorems).hasSize(1);
        JsonNode t = theorems.get(0);
        assertThat(Run.keys(t))
                .startsWith(
                        "id",
                        "statement",
                        "source",
                        "verdict",
                        "expected",
                        "instances",
                        "evidence",
                        "counterexample",
                        "neighbour");
        assertThat(t.get("verdict").textValue()).isEqualTo("PROVED");
        assertThat(t.get("instances").intValue()).isGreaterThan(100);
        assertThat(t.get("evidence").textValue()).contains("proved", "not applicable");
        assertThat(t.get("counterexample").isNull()).isTrue();
        assertThat(Run.keys(t.get("neighbour"))).startsWith("statement", "verdict", "counterexample");
        assertThat(t.get("neighbour").get("verdict").textValue()).isEqualTo("REFUTED");
        assertThat(t.get("neighbour").get("counterexample").textValue()).contains("residual network");
        assertThat(Files.readString(page)).contains("dimension-theorem", "PROVED", "REFUTED");
    }

    @Test
    @DisplayName("--list names the theorems and checks nothing")
    void list() throws IOException {
        assertThat(Run.of("verify", "--list").out()).contains("dimension-theorem", "action-preserves-function");
        JsonNode theorems = Run.of("verify", "--list", "--json").json().get("theorems");
        assertThat(Run.keys(theorems.get(0))).startsWith("id", "statement", "source", "expected");
    }

    @Test
    @DisplayName("unknown theorems and levels, and a report that cannot be written, are refused")
    void refused(@TempDir Path folder) {
        Run.of("verify", "dimension-theorm").isRefusedWith("'dimension-theorm'", "dimension-theorem");
        Run.of("verify", "--level", "slow").isRefusedWith("--level", "'slow'");
        Run.of(
                        "verify",
                        "action-preserves-function",
                        "--report",
                        folder.resolve("absent").resolve("r.html"))
                .isRefusedWith("no folder");
    }
}
