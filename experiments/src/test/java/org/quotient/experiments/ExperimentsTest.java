package org.quotient.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command experiments/run")
class ExperimentsTest {
    private static final List<String> TABLES = List.of("gauge", "conservation-laws");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Experiments.execute(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two-moons",
                "initialisation",
                "balanced",
                "g-sgd-mlp",
                "sm-un",
                "cifar",
                "segnet",
                "pathcond",
                "hidden-symmetries",
                "dimension-training",
                "gauge",
                "conservation-laws",
                "functional-dimension-size"
            })
    @DisplayName("writes a page whose pictures are there, and names it; nothing else is said, nothing else is left")
    void writes(String experiment) throws IOException {
        Path to = folder.resolve("results");
        assertThat(run(experiment, "--quick", "--out", to.toString())).isZero();
        assertThat(out.toString().strip()).isEqualTo(to.resolve("README.md").toString());
        assertThat(err.toString()).isEmpty();
        assertThat(names(folder)).containsExactly("results");
        String page = Files.readString(to.resolve("README.md"));
        List<String> pictures =
                names(to).stream().filter(n -> n.endsWith(".png")).toList();
        assertThat(pictures).allSatisfy(p -> assertThat(page).contains("](" + p + ")"));
        assertThat(pictures.isEmpty()).as("tables alone").isEqualTo(TABLES.contains(experiment));
        assertThat(page.split("\\.png\\)", -1)).hasSize(pictures.size() + 1);
        assertThat(page).doesNotContain("NaN").doesNotContain("%s");
        JsonNode json = new ObjectMapper().readTree(to.resolve("results.json").toFile());
        assertThat(json.path("settings").isObject()).isTrue();
    }

    /** Both kinds of doubles. */
    private record Sample(double first, Double second, double third, List<Double> more) {}

    @Test
    @DisplayName("numbers are written with six digits, and null where they are not finite")
    void json() throws IOException {
        Path to = folder.resolve("results");
        new ResultFolder()
                .json("results.json", new Sample(1 / 3.0, 2 / 3.0, Double.POSITIVE_INFINITY, List.of(Double.NaN, 1e-9)))
                .writeTo(to);
        JsonNode json = new ObjectMapper().readTree(to.resolve("results.json").toFile());
        assertThat(json.toString())
                .isEqualTo("{\"first\":0.333333,\"second\":0.666667,\"third\":null,\"more\":[null,1.0E-9]}");
    }

    /** Two levels and what is deeper. */
    private record Nested(int first, List<List<Integer>> second) {}

    @Test
    @DisplayName("components and their elements have a line each, and what is deeper is written without blanks")
    void lines() throws IOException {
        Path to = folder.resolve("results");
        new ResultFolder()
                .json("results.json", new Nested(1, List.of(List.of(2, 3), List.of(4))))
                .writeTo(to);
        assertThat(to.resolve("results.json")).hasContent("""
                {
                  "first": 1,
                  "second": [
                    [2,3],
                    [4]
                  ]
                }""");
    }

    @Test
    @DisplayName("results replace results, but no folder with other files")
    void replaces() throws IOException {
        Path to = folder.resolve("results");
        ResultFolder first = new ResultFolder()
                .add("README.md", "old")
                .add("results.json", "{}")
                .add("a.png", "");
        first.writeTo(to);
        new ResultFolder().add("README.md", "new").add("results.json", "{}").writeTo(to);
        assertThat(names(to)).containsExactly("README.md", "results.json");
        assertThat(Files.readString(to.resolve("README.md"))).isEqualTo("new");
        Files.writeString(to.resolve("thesis.tex"), "years of work");
        assertThatThrownBy(() -> first.writeTo(to))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("choose another");
        assertThat(names(to)).contains("thesis.tex");
    }

    @Test
    @DisplayName("a run that fails to write leaves the old results as they were")
    void atomic() throws IOException {
        Path to = folder.resolve("results");
        new ResultFolder().add("README.md", "old").add("results.json", "{}").writeTo(to);
        ResultFolder broken = new ResultFolder().add("README.md", "new").add("no/such/folder.json", "{}");
        assertThatThrownBy(() -> broken.writeTo(to)).isInstanceOf(IOException.class);
        assertThat(Files.readString(to.resolve("README.md"))).isEqualTo("old");
        assertThat(names(folder)).containsExactly("results");
    }

    @Test
    @DisplayName("a wrong argument is named in one line with exit code 2; without an experiment there is help")
    void usage() {
        assertThat(run("three-moons")).isEqualTo(2);
        assertThat(err.toString()).contains("three-moons").hasLineCount(1);
        assertThat(run()).isZero();
        assertThat(out.toString()).contains("two-moons").contains("initialisation");
    }

    @Test
    @DisplayName("an experiment on data files without them says in one line what to give, and leaves nothing")
    void data() throws IOException {
        Path to = folder.resolve("results");
        assertThat(run("balanced", "--out", to.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--data").contains("mnist").hasLineCount(1);
        assertThat(run("sm-un", "--data", folder.toString(), "--out", to.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no folder 'mnist'");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    @DisplayName("an interrupted study goes on, --keep writes a page from finished runs, --fresh forgets an attempt")
    void resumes() throws IOException {
        Path to = folder.resolve("results");
        Path attempt = folder.resolve("results.runs.jsonl");
        assertThat(run("sm-un", "--quick", "--out", to.toString())).isZero();
        String runs = Files.readString(to.resolve("runs.jsonl"));
        String page = Files.readString(to.resolve("README.md"));
        Files.writeString(attempt, runs.substring(0, runs.length() / 2));
        assertThat(run("sm-un", "--quick", "--out", to.toString())).isZero();
        assertThat(Files.readString(to.resolve("runs.jsonl"))).isEqualTo(runs);
        assertThat(Files.readString(to.resolve("README.md"))).isEqualTo(page);
        assertThat(run("sm-un", "--quick", "--keep", "--out", to.toString())).isZero();
        assertThat(Files.readString(to.resolve("runs.jsonl"))).isEqualTo(runs);
        Files.writeString(attempt, "{\"settings\":0}\n");
        assertThat(run("sm-un", "--quick", "--out", to.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--fresh");
        assertThat(run("sm-un", "--quick", "--fresh", "--out", to.toString())).isZero();
        assertThat(names(folder)).containsExactly("results");
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> inside = Files.list(of)) {
            return inside.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
