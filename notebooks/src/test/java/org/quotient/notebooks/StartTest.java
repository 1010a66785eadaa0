package org.quotient.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code quotient notebook}, as far as it goes without Jupyter. */
class StartTest {
    private static final Path LAUNCHER = Path.of("").toAbsolutePath().resolveSibling("quotient");

    @TempDir
    private Path tools;

    /** How it ended. */
    private record Ended(int code, String out, String err) {}

    /** What the launcher needs before it looks for Jupyter, and nothing else. */
    @BeforeEach
    void tools() throws IOException {
        for (String tool : new String[] {"dirname", "cat", "grep"}) {
            script(tool, "exec " + (Files.exists(Path.of("/bin", tool)) ? "/bin/" : "/usr/bin/") + tool + " \"$@\"");
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = tools.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Ended run(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 2];
        command[0] = LAUNCHER.toString();
        command[1] = "notebook";
        System.arraycopy(words, 0, command, 2, words.length);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", tools.toString());
        Path err = tools.resolve("err");
        Process process = builder.redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    @Test
    @DisplayName("without Jupyter it says exactly what to install, and ends with 2")
    void noJupyter() throws Exception {
        Ended ended = run();
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("quotient: notebooks need Jupyter")
                .contains("python3 -m pip install jupyterlab")
                .contains("apt-get install jupyter-notebook");
    }

    @Test
    @DisplayName("a Jupyter that has neither lab nor notebook is not enough, and nothing is built")
    void noFrontEnd() throws Exception {
        script("jupyter", "exit 1");
        Ended ended = run();
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).contains("neither JupyterLab nor the notebook").doesNotContain("building");
    }

    @Test
    @DisplayName("asked for an installed kernel where there is none, it says how to install each, and ends with 2")
    void noInstalledKernel() throws Exception {
        script("jupyter", "echo '{\"kernelspecs\": {\"python3\": {\"spec\": {\"language\": \"python\"}}}}'");
        Ended ended = run("--installed-kernel");
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("quotient: --installed-kernel takes the Java kernel that Jupyter has")
                .contains("rapaio-jupyter-kernel-3.0.1.jar -i")
                .contains("jupyter kernelspec install")
                .contains("ijava-1.3.0.zip")
                .doesNotContain("building");
    }

    @Test
    @DisplayName("it explains itself")
    void help() throws Exception {
        Ended ended = run("--help");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).startsWith("Usage: quotient notebook").contains("--installed-kernel");
    }
}
