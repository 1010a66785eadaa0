package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train}. */
class TrainCommandTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("train reports both scores, logs a line per epoch, and goes on from its checkpoint")
    void train() throws IOException {
        Path log = folder.resolve("run.jsonl");
        Path out = folder.resolve("trained.onnx");
        Object[] words = {
            "train",
            "mlp:2-16-2",
            "--data",
            "moons,n=200",
            "--optimizer",
            "adam",
            "--epochs",
            "4",
            "--log",
            log,
            "--checkpoint",
            folder.resolve("run"),
            "--out",
            out,
            "--json"
        };
        JsonNode json = Run.of(words).json();
        for (String key : List.of("trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "seconds", "steps")) {
            assertThat(json.get(key).isNumber()).as(key).isTrue();
        }
        assertThat(json.get("steps").asLong()).isEqualTo(4 * 5);
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4);
        assertThat(new ObjectMapper().readTree(lines.get(3)).get("step").asLong())
                .isEqualTo(20);
        words[7] = "6";
        JsonNode longer = Run.of(words).json();
        assertThat(longer.get("resumedAt").asLong()).isEqualTo(20);
        assertThat(Files.readAllLines(log)).hasSize(6).startsWith(lines.toArray(String[]::new));
        byte[] resumed = Files.readAllBytes(out);
        words[10] = "--checkpoint";
        words[11] = folder.resolve("fresh");
        assertThat(Run.of(words).json().get("resumedAt").asLong()).isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(resumed);
        words[5] = "sgd";
        Run other = Run.of(words);
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("another run", "optimizer adam");
    }

    @Test
    @DisplayName("train refuses what cannot be trained, in one message")
    void trainRefuses() throws IOException {
        assertThat(message("mlp:3-4-2", "moons", "sgd")).contains("[3]", "[2]", "mlp:2-32-32-2");
        assertThat(message("mlp:2-4-5", "moons", "sgd")).contains("2 classes", "mlp:2-32-32-2");
        assertThat(message("mlp:2-4-2", "moon", "sgd")).contains("moons");
        assertThat(message("mlp:2-4-2", "mnist:" + folder.resolve("no"), "sgd")).contains("no");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--learning-rate", "1e9"))
                .contains("diverged", "smaller");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--patience", "3")).contains("validation=500");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--schedule", "cosin")).contains("cosine");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--out", "x.txt")).contains(".onnx");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--augment", "2")).contains("pictures");
    }

    @ParameterizedTest
    @CsvSource({
        "--epochs, 0, 1 or more epochs",
        "--batch, 0, 1 or more samples",
        "--patience, -1, 0 or more epochs",
        "--threads, 0, 1 or more threads",
        "--augment, -2, 0 or more pixels",
        "--learning-rate, -0.5, at least 0",
        "--learning-rate, NaN, at least 0",
        "--checkpoint-every, 0, 1 or more steps",
        "--checkpoint-every, 7, --checkpoint DIR"
    })
    @DisplayName("an option out of range is refused by a message that names it and what was given, and no other")
    void ranges(String option, String given, String expected) throws IOException {
        assertThat(message("mlp:2-4-2", "moons", "sgd", option, given))
                .startsWith("quotient: " + option + " ")
                .contains(expected, given);
    }

    @Test
    @DisplayName("where there is a validation part, its score is shown between those of the others")
    void validation() throws IOException {
        Object[] words = {
            "train", "mlp:2-8-2", "--data", "moons,n=200,validation=50", "--optimizer", "sgd", "--epochs", "2", "--json"
        };
        JsonNode json = Run.of(words).json();
        assertThat(json.get("validationLoss").asDouble()).isPositive();
        assertThat(json.get("validationAccuracy").asDouble()).isBetween(0.0, 1.0);
        words[words.length - 1] = "--threads=1";
        assertThat(Run.of(words).out()).containsSubsequence("\ntrain ", "\nvalidation ", "\ntest ");
        words[3] = "moons,n=200";
        assertThat(Run.of(words).out()).doesNotContain("validation");
    }

    @ParameterizedTest
    @CsvSource({"sgd:decay=0.01, 1", "'momentum:mu=0.8,decay=0.01', 2"})
    @DisplayName("the ledger checks the charges of every step, also of a run that goes on")
    void ledger(String optimizer, int part) throws IOException {
        Object[] words = {
            "train",
            "mlp:2-8-8-2",
            "--data",
            "moons,n=100",
            "--optimizer",
            optimizer,
            "--epochs",
            "3",
            "--checkpoint",
            folder.resolve("run" + part),
            "--ledger",
            "--json"
        };
        JsonNode first = Run.of(words).json().get("ledger");
        assertThat(first.get("steps").asInt()).isEqualTo(9);
        assertThat(first.get("violated").asInt()).isZero();
        assertThat(first.get("worst").asDouble())
                .isPositive()
                .isLessThan(first.get("tolerance").asDouble());
        words[7] = "5";
        JsonNode second = Run.of(words).json().get("ledger");
        assertThat(second.get("steps").asInt()).isEqualTo(part == 1 ? 6 : 5);
        assertThat(second.get("violated").asInt()).isZero();
        assertThat(message("mlp:2-4-2", "moons", "adam", "--ledger")).contains("sgd, momentum", "'adam'");
    }

    @Test
    @DisplayName("a grid gives every learning rate the same budget and keeps the one with the least validation loss")
    void grid() throws IOException {
        Object[] words = {
            "train",
            "mlp:2-8-2",
            "--data",
            "moons,n=200,validation=50",
            "--optimizer",
            "sgd",
            "--epochs",
            "5",
            "--grid",
            "1e-9,0.3,1e200",
            "--checkpoint",
            folder.resolve("g"),
            "--log",
            folder.resolve("g.jsonl"),
            "--json"
        };
        JsonNode json = Run.of(words).json();
        assertThat(json.get("learningRate").asDouble()).isEqualTo(0.3);
        JsonNode tried = json.get("grid");
        assertThat(tried).hasSize(3);
        assertThat(tried.get(0).get("validationLoss").asDouble())
                .isGreaterThan(tried.get(1).get("validationLoss").asDouble());
        assertThat(tried.get(2).get("diverged").asBoolean()).isTrue();
        assertThat(folder.resolve("g.sgd-0.3").resolve("training.checkpoint")).exists();
        assertThat(folder.resolve("g.sgd-0.3.jsonl")).exists();
        assertThat(folder.resolve("g.jsonl")).doesNotExist();
        assertThat(Run.of(words).json().get("resumedAt").asLong()).isPositive();
        words[words.length - 1] = "--threads=1";
        assertThat(Run.of(words).out()).contains("tried learning rate 0.3: validation loss", "1.0E200: diverged");
        assertThat(message("mlp:2-4-2", "moons", "sgd", "--grid", "1,0.1")).contains("validation=500");
    }

    @Test
    @DisplayName("what belongs to one run of a grid says so before its ending")
    void names() {
        assertThat(TrainFiles.labelled("runs.d/g.jsonl", "sgd-0.1")).isEqualTo("runs.d/g.sgd-0.1.jsonl");
        assertThat(TrainFiles.labelled("runs.d/g", "sgd-0.1")).isEqualTo("runs.d/g.sgd-0.1");
        assertThat(TrainFiles.labelled(".hidden", "sgd-0.1")).isEqualTo(".hidden.sgd-0.1");
    }

    private static String message(String network, String data, String optimizer, String... more) throws IOException {
        Object[] words = new Object[6 + more.length];
        List<Object> all = List.of("train", network, "--data", data, "--optimizer", optimizer);
        System.arraycopy(all.toArray(), 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Run run = Run.of(words);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        return run.err();
    }
}
