package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.CounterRandom;

/** Processes of the command that are killed without warning, again and again, and started once more. */
class KilledTrainingTest {
    /** How often; more with {@code -Dquotient.kills=20}. */
    private static final int KILLS = Integer.getInteger("quotient.kills", 3);

    private static final CounterRandom MOMENTS = CounterRandom.seeded(17);

    private static List<String> command(Path folder, String run, int epochs) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.quotient.cli.Main"));
        words.addAll(List.of(
                "train",
                "mlp:2-24-24-2,dtype=f32",
                "--data",
                "moons,n=600",
                "--optimizer",
                "frame-adam",
                "--batch",
                "8",
                "--epochs",
                "" + epochs,
                "--checkpoint",
                folder.resolve(run).toString(),
                "--checkpoint-every",
                "7",
                "--log",
                folder.resolve(run + ".jsonl").toString(),
                "--out",
                folder.resolve(run + ".onnx").toString()));
        return words;
    }

    private static Process start(Path folder, String run, int epochs) throws IOException {
        return new ProcessBuilder(command(folder, run, epochs))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    @DisplayName(
            "a training that is killed at any moment and started again ends with the bytes of one that was left alone")
    void killed(@TempDir Path folder) throws Exception {
        int epochs = 120;
        Process alone = start(folder, "alone", epochs);
        assertThat(alone.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(alone.exitValue()).isZero();
        Path checkpoint = folder.resolve("killed").resolve("training.checkpoint");
        int killed = 0;
        long last = -1;
        for (int attempt = 0; attempt < 10 * KILLS && killed < KILLS; attempt++) {
            Process process = start(folder, "killed", epochs);
            // From the first sign of progress on, at a random moment.
            for (int i = 0; i < 3000 && process.isAlive() && written(checkpoint) == last; i++) {
                process.waitFor(10, TimeUnit.MILLISECONDS);
            }
            process.waitFor(MOMENTS.below(attempt, 200), TimeUnit.MILLISECONDS);
            if (process.isAlive()) {
                process.destroyForcibly().waitFor();
                killed++;
            }
            last = written(checkpoint);
        }
        assertThat(killed).isPositive();
        Process end = start(folder, "killed", epochs);
        assertThat(end.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(end.exitValue()).isZero();
        assertThat(folder.resolve("killed.onnx")).hasSameBinaryContentAs(folder.resolve("alone.onnx"));
        assertThat(folder.resolve("killed.jsonl")).hasSameBinaryContentAs(folder.resolve("alone.jsonl"));
    }

    /** When it was last written, in nanoseconds; −1 before it exists. */
    private static long written(Path file) throws IOException {
        return Files.exists(file) ? Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) : -1;
    }
}
