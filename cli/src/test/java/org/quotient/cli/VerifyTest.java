package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.proofs.Outcome;
import org.quotient.proofs.Verdict;

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
        assertThat(t.get("neighbour").get("counterexample").textValue()).contains("x + (dense 1)");
        assertThat(Files.readString(page)).contains("dimension-theorem", "PROVED", "REFUTED");
    }

    @Test
    @DisplayName(
            "a theorem that is expected to be false is shown with its counterexample, and its neighbour with another")
    void refuted() throws IOException {
        Run run = Run.of("verify", "path-values-determine-function");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("path-values-determine-function  REFUTED", "expected   REFUTED", "w1 = [0], w2 = [5]")
                .contains("1 theorem in", "every verdict is as expected")
                .doesNotContain("\u001b");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 120);
        JsonNode t = Run.of("verify", "path-values-determine-function", "--json")
                .json()
                .get("theorems")
                .get(0);
        assertThat(t.get("verdict").textValue()).isEqualTo("REFUTED");
        assertThat(t.get("counterexample").textValue()).isNotBlank();
    }

    private static Outcome outcome(Verdict verdict, Verdict neighbour) {
        return new Outcome(
                "some-theorem",
                "a statement that is longer than a line of the terminal, so that it has to be broken somewhere between two"
                        + " of its words",
                "x",
                "nobody",
                List.of(),
                Verdict.PROVED,
                new Outcome.Result("a statement", verdict, 1234, 0, "evidence", null),
                new Outcome.Result("another", neighbour, 1234, 0, "evidence", "a small network"));
    }

    private static VerifyAnswer answer(Verdict verdict, Verdict neighbour) {
        return new VerifyAnswer(List.of(new VerifyAnswer.Checked(outcome(verdict, neighbour), 0.25)), false);
    }

    @Test
    @DisplayName("the table has the verdict, the neighbour and its counterexample; what is as expected exits with 0")
    void table() {
        VerifyAnswer good = answer(Verdict.PROVED, Verdict.REFUTED);
        assertThat(good.exitCode()).isZero();
        assertThat(good.text(new Style(false)).lines())
                .contains(
                        "THEOREM       VERDICT         INSTANCES  NEIGHBOUR  SECONDS",
                        "some-theorem  PROVED              1,234  REFUTED        0.3",
                        "    neighbour  another",
                        "    refuted by a small network",
                        "1 theorem in 0.3 s: 1 PROVED; every verdict is as expected, every false neighbour refuted");
    }

    @Test
    @DisplayName("another verdict than the expected one, or a neighbour that is not refuted, exits with 1 and is shown")
    void unexpected() {
        for (VerifyAnswer bad :
                List.of(answer(Verdict.SUPPORTED, Verdict.REFUTED), answer(Verdict.PROVED, Verdict.SUPPORTED))) {
            assertThat(bad.exitCode()).isEqualTo(1);
            assertThat(bad.text(new Style(false)))
                    .contains("NOT AS EXPECTED", "evidence   evidence", "1 NOT as expected");
        }
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
