package org.quotient.benchmarks.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A script in a Python process of its own that answers line by line in JSON, with torch on one thread. It ends with us: its
 * standard input closes.
 */
final class PythonWorker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final Path folder;

    private PythonWorker(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
        this.to = process.outputWriter(StandardCharsets.UTF_8);
        this.from = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a script where torch can be imported.
     *
     * @param candidates commands of Python to try in order
     * @param script a resource of this package
     * @param libraries a folder whose shared libraries go before the installed ones, such as another BLAS
     * @return empty if none of them can import torch
     */
    static Optional<PythonWorker> start(List<String> candidates, String script, Optional<Path> libraries) {
        return candidates.stream()
                .filter(python -> importsTorch(python))
                .findFirst()
                .map(python -> started(python, script, libraries));
    }

    private static boolean importsTorch(String python) {
        try {
            Process probe = new ProcessBuilder(python, "-c", "import torch")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static PythonWorker started(String python, String name, Optional<Path> libraries) {
        try (InputStream script = PythonWorker.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IllegalStateException("The resource " + name + " is missing from the build");
            }
            Path folder = Files.createTempDirectory("quotient-compare");
            Path worker = folder.resolve(name);
            Files.write(worker, script.readAllBytes());
            ProcessBuilder builder = new ProcessBuilder(python, worker.toString());
            builder.redirectError(folder.resolve("stderr.txt").toFile());
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().put("OPENBLAS_NUM_THREADS", "1");
            libraries.ifPresent(l -> builder.environment().put("LD_LIBRARY_PATH", l.toString()));
            return new PythonWorker(builder.start(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder for data, deleted at the end. */
    Path folder() {
        return folder;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param request with its verb under {@code do}
     * @throws IllegalStateException if the process reports an error or has ended
     */
    JsonNode ask(ObjectNode request) {
        try {
            to.write(JSON.writeValueAsString(request));
            to.newLine();
            to.flush();
            String answer = from.readLine();
            JsonNode node = answer == null ? null : JSON.readTree(answer);
            if (node == null || node.has("error")) {
                String said = node == null
                        ? Files.readString(folder.resolve("stderr.txt"))
                        : node.get("error").asText();
                throw new IllegalStateException(
                        "The Python process failed at '" + request.get("do").asText() + "': " + said.strip());
            }
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException("The Python process does not answer", e);
        }
    }

    @Override
    public void close() {
        try {
            to.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroy();
            }
            RawFiles.delete(folder);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
