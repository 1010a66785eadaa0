package org.quotient.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The notebooks in Jupyter itself, by rapaio's kernel, show what they store; and a failing cell fails there too. Only in the
 * profile {@code jupyter}, which copies the kernel.
 */
@Tag("jupyter")
class JupyterTest {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** How a run of {@code jupyter nbconvert} ended. */
    private record Converted(int code, String said, Path out) {}

    @TestFactory
    @DisplayName("runs in Jupyter from top to bottom, and shows what it stores")
    Stream<DynamicTest> notebooks() throws IOException {
        return NotebooksTest.files().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    Converted run = execute(file);
                    assertThat(run.code()).as(run.said()).isZero();
                    List<Notebook.Shown> shown = new ArrayList<>();
                    Notebook.read(run.out()).codeCells().forEach(cell -> shown.add(Notebook.stored(cell)));
                    NotebooksTest.compare(Notebook.read(file), shown);
                }));
    }

    @Test
    @DisplayName("a failing cell fails, by what it threw")
    void failingCell() throws Exception {
        Path file = Files.createDirectories(TARGET.resolve("jupyter-made")).resolve("failing.ipynb");
        Files.writeString(file, """
                {"cells": [{"cell_type": "code", "id": "one", "execution_count": null, "metadata": {}, "outputs": [],
                  "source": "int zero = 0; System.out.println(1 / zero);"}],
                 "metadata": {"kernelspec": {"display_name": "Java", "language": "java", "name": "java"}},
                 "nbformat": 4, "nbformat_minor": 5}
                """);
        Converted run = execute(file);
        assertThat(run.code()).as(run.said()).isNotZero();
        assertThat(run.said()).contains("by zero");
    }

    private static Converted execute(Path file) throws IOException, InterruptedException {
        Path out = Files.createDirectories(TARGET.resolve("jupyter-run"));
        Path said = out.resolve(file.getFileName() + ".log");
        ProcessBuilder command = new ProcessBuilder(
                "jupyter",
                "nbconvert",
                "--to",
                "notebook",
                "--execute",
                "--ExecutePreprocessor.timeout=300",
                "--ExecutePreprocessor.startup_timeout=120",
                "--output-dir",
                out.toString(),
                file.toString());
        command.environment().put("JUPYTER_PATH", kernels().toString());
        command.environment().put("RJK_CLASSPATH", classPath());
        command.redirectErrorStream(true).redirectOutput(said.toFile());
        Process process;
        try {
            process = command.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "The profile 'jupyter' needs 'jupyter nbconvert' on the PATH; install it with python3 -m pip install"
                            + " nbconvert, or apt-get install jupyter-nbconvert; or leave the profile out",
                    e);
        }
        if (!process.waitFor(400, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(file.getFileName() + " did not end within 400 s: " + Files.readString(said));
        }
        return new Converted(process.exitValue(), Files.readString(said), out.resolve(file.getFileName()));
    }

    /** What the module itself runs with, without its tests; rapaio's kernel wants semicolons on every system. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(";"));
    }

    /** The class of the kernel that is repaired. */
    private static Path repaired() throws IOException {
        Path classes = Files.createDirectories(TARGET.resolve("kernel").resolve("classes"));
        Path source = TARGET.resolveSibling(
                Path.of("src", "kernel", "java", "org", "rapaio", "jupyter", "kernel", "channels", "LoopThread.java"));
        int code =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), source.toString());
        assertThat(code).as("compiling " + source).isZero();
        return classes;
    }

    /** A folder with a kernel called java: rapaio's, on the Java that runs this. */
    private static Path kernels() throws IOException {
        Path kernel = TARGET.resolve("kernel").resolve("rapaio-jupyter-kernel.jar");
        assertThat(kernel).as("the kernel, which the profile 'jupyter' copies").exists();
        Path folder = TARGET.resolve("jupyter-test");
        Map<String, Object> spec = Map.of(
                "argv",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-XX:+UseSerialGC",
                        "-Djava.awt.headless=true",
                        "-Duser.language=en",
                        "-Duser.country=US",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        repaired() + File.pathSeparator + kernel,
                        "org.rapaio.jupyter.kernel.MainApp",
                        "{connection_file}"),
                "display_name",
                "Java",
                "language",
                "java",
                "interrupt_mode",
                "message");
        Path file = Files.createDirectories(folder.resolve("kernels").resolve("java"))
                .resolve("kernel.json");
        new ObjectMapper().writeValue(file.toFile(), spec);
        return folder;
    }
}
