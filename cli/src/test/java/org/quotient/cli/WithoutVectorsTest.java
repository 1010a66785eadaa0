package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in a machine without the Vector API, as the launcher starts all but training. */
class WithoutVectorsTest {
    @ParameterizedTest
    @ValueSource(strings = {"un", "g-sgd", "enorm-sgd", "path-sgd", "frame-adam"})
    @DisplayName("every kind of update runs in plain loops, on layers large enough for the product kernels")
    void invariance(String optimizer) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.quotient.cli.Main",
                "invariance",
                "--optimizer",
                optimizer,
                "--network",
                "mlp:40-48-32-3,dtype=f32",
                "--batch",
                "16",
                "--steps",
                "2"));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("measured: invariant").doesNotContain("incubator");
    }
}
