package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --metric}. */
class TrainMetricsTest {
    private static final String DIMENSION = "functional-dimension:every=2,on=test";
    private static final String CONDITIONS = "local-identifiability:every=2,samples=20";

    @TempDir
    private Path folder;

    private static Run train(Object... more) {
        List<Object> words = new ArrayList<>(
                List.of("train", "mlp:2-4-3-2", "--data", "moons,n=60", "--optimizer", "sgd", "--json"));
        words.addAll(List.of(more));
        return Run.of(words.toArray());
    }

    @Test
    void logAndAnswerHoldTheReadings() throws IOException {
        Path log = folder.resolve("log.jsonl");
        JsonNode answer = train("--epochs", 4, "--metric", DIMENSION, "--metric", CONDITIONS, "--log", log)
                .json();
        assertThat(answer.path("metrics")).hasSize(6).allSatisfy(m -> {
            boolean conditions = m.path("metric").asText().equals(CONDITIONS);
            int rank = m.path(conditions ? "jacobianRank" : "rank").asInt();
            assertThat(rank)
                    .isBetween(1, m.path(conditions ? "dimension" : "upper").asInt());
            assertThat(m.path("points").asInt()).isEqualTo(conditions ? 20 : 15);
        });
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).path("metrics")).isEmpty();
        assertThat(lines.get(1).path("metrics"))
                .containsExactly(
                        answer.path("metrics").get(2), answer.path("metrics").get(3));
        assertThat(lines.get(3).path("metrics"))
                .containsExactly(
                        answer.path("metrics").get(4), answer.path("metrics").get(5));
    }

    @Test
    void aRunThatGoesOnHasTheReadingsAndTheLogOfOneThatNeverStopped() throws IOException {
        Object[] metric = {"--metric", DIMENSION, "--log"};
        Path whole = folder.resolve("whole.jsonl");
        Path parts = folder.resolve("parts.jsonl");
        JsonNode once =
                train(metric[0], metric[1], metric[2], whole, "--epochs", 4).json();
        train(metric[0], metric[1], metric[2], parts, "--epochs", 2, "--checkpoint", folder.resolve("c"))
                .json();
        JsonNode again = train(
                        metric[0], metric[1], metric[2], parts, "--epochs", 4, "--checkpoint", folder.resolve("c"))
                .json();
        assertThat(again.path("resumedAt").asInt()).isPositive();
        assertThat(again.path("metrics")).isEqualTo(once.path("metrics"));
        assertThat(Files.readString(parts)).isEqualTo(Files.readString(whole));
        train("--metric", CONDITIONS, "--epochs", 4, "--checkpoint", folder.resolve("c"))
                .isRefusedWith("belongs to another run", "metrics " + DIMENSION);
    }

    @Test
    void whatCannotBeMeasuredIsSaidBeforeTraining() {
        Path log = folder.resolve("log.jsonl");
        Run.of(
                        "train",
                        "mlp:2-4-2,activation=tanh",
                        "--data",
                        "moons,n=60",
                        "--optimizer",
                        "sgd",
                        "--log",
                        log,
                        "--metric",
                        "functional-dimension")
                .isRefusedWith("functional-dimension", "cannot be had", "tanh");
        train("--metric", "functional-dimension:every=often").isRefusedWith("every", "often");
        train("--metric", "rank").isRefusedWith("is not a metric", "functional-dimension");
        assertThat(log).doesNotExist();
    }

    @Test
    void theTableSaysTheVerdictAndWhatFewPointsCanGive() {
        Run ran = Run.of(
                "train",
                "mlp:2-4-3-2",
                "--data",
                "moons,n=60",
                "--optimizer",
                "sgd",
                "--epochs",
                1,
                "--metric",
                "functional-dimension:samples=2",
                "--metric",
                CONDITIONS);
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("which give no more")
                .containsPattern("(identifiable|undecided) from 20 points, R_A = ");
    }
}
