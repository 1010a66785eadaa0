package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The examples that the README shows run and say what the README says. */
class ExampleTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static String printedBy(String example) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ROOT.resolve("examples").resolve(example).toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    void theReadmesExampleRuns() throws Exception {
        assertThat(printedBy("TwoStreams.java"))
                .contains("1468 live - 6 generators = 1462, proved")
                .contains("residual class")
                .contains("bit for bit: true");
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("1468 live - 6 generators = 1462, proved");
    }

    @Test
    void theCompiledStepLearns() throws Exception {
        String printed = printedBy("CompiledStep.java");
        String last = printed.lines()
                .filter(line -> line.startsWith("step 300: loss "))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(last.substring("step 300: loss ".length())))
                .isLessThan(0.01);
    }

    @Test
    void pathConditioningSaysWhatTheReadmeShows() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(printedBy("PathConditioning.java").lines().filter(line -> !line.startsWith("WARNING")))
                .hasSize(8)
                .allSatisfy(line -> assertThat(readme).contains(line));
    }
}
