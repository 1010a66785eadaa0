package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process of the command that is ended by a signal: that of {@code kill}, since that of Ctrl-C, which takes the same way, is not
 * received by what a shell starts in the background, as builds may be.
 */
class InterruptedTrainingTest {
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    /** Starts a training without end, waits for the first line of its log, interrupts it; what it said on standard error. */
    private String said(String... more) throws Exception {
        Path log = folder.resolve("run.jsonl");
        Files.deleteIfExists(log);
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.quotient.cli.Main"));
        words.addAll(List.of("train", "mlp:2-4-2", "--data", "moons,n=100", "--optimizer", "sgd"));
        words.addAll(List.of("--epochs", "10000000", "--log", log.toString()));
        words.addAll(List.of(more));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        try {
            for (int i = 0; i < 6000 && process.isAlive() && empty(log); i++) {
                process.waitFor(10, TimeUnit.MILLISECONDS);
            }
            assertThat(empty(log)).isFalse();
            assertThat(new ProcessBuilder("kill", "-TERM", "" + process.pid())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(errors, StandardCharsets.UTF_8);
    }

    private static boolean empty(Path file) throws IOException {
        return !Files.exists(file) || Files.size(file) == 0;
    }

    @Test
    @DisplayName("with a checkpoint it says where that is and how to go on, and stores what was reached")
    void withCheckpoint() throws Exception {
        Path runs = folder.resolve("runs");
        String text = said("--checkpoint", runs.toString(), "--checkpoint-every", "1000000000");
        assertThat(text)
                .startsWith("quotient: stopped in epoch ")
                .contains(" of 10000000, after step ", runs.toString(), "the same command again")
                .hasLineCount(1);
        assertThat(runs.resolve("training.checkpoint")).isNotEmptyFile();
    }

    @Test
    @DisplayName("without one it says that nothing was kept but the log")
    void withoutCheckpoint() throws Exception {
        assertThat(said())
                .startsWith("quotient: stopped in epoch ")
                .contains("Nothing was kept but the log", "run.jsonl", "--checkpoint DIR")
                .hasLineCount(1);
    }
}
