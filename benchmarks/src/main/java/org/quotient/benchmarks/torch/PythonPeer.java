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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.quotient.benchmarks.compare.Contender;

/**
 * PyTorch in a Python process of its own, which times what it is asked to time and answers line by line in JSON. It ends with
 * us: its standard input closes.
 */
public final class PythonPeer implements TorchPeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final Path folder;
    private final String version;
    private int prepared;

    private PythonPeer(Process process, Path folder) throws IOException {
        this.process = process;
        this.folder = folder;
        this.to = process.outputWriter(StandardCharsets.UTF_8);
        this.from = process.inputReader(StandardCharsets.UTF_8);
        this.version =
                ask(JSON.createObjectNode().put("do", "hello")).path("version").asText();
    }

    /**
     * Starts PyTorch where there is one.
     *
     * @param candidates commands of Python to try in order
     * @param libraries a folder whose shared libraries go before the installed ones, such as another BLAS
     * @return empty if none of them can import torch
     */
    public static Optional<TorchPeer> start(List<String> candidates, Optional<Path> libraries) {
        return candidates.stream()
                .filter(python -> importsTorch(python))
                .findFirst()
                .map(python -> started(python, libraries));
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

    private static TorchPeer started(String python, Optional<Path> libraries) {
        try (InputStream script = PythonPeer.class.getResourceAsStream("worker.py")) {
            if (script == null) {
                throw new IllegalStateException("The resource worker.py is missing from the build");
            }
            Path folder = Files.createTempDirectory("quotient-compare");
            Path worker = folder.resolve("worker.py");
            Files.write(worker, script.readAllBytes());
            ProcessBuilder builder = new ProcessBuilder(python, worker.toString());
            builder.redirectError(folder.resolve("stderr.txt").toFile());
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().put("OPENBLAS_NUM_THREADS", "1");
            libraries.ifPresent(l -> builder.environment().put("LD_LIBRARY_PATH", l.toString()));
            return new PythonPeer(builder.start(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "PyTorch";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public List<Contender> variants(TorchProgram program) {
        int number = prepared++;
        Path data = folder.resolve("program" + number);
        try {
            Files.createDirectory(data);
            RawFiles.write(program, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Contender> variants = new ArrayList<>();
        for (String how : program.loss().isEmpty() ? List.of("script") : List.of("script", "eager")) {
            for (boolean last : program.images() ? new boolean[] {false, true} : new boolean[] {false}) {
                variants.add(new Variant(number + how + last, data, how, last));
            }
        }
        return variants;
    }

    private ObjectNode request(String what, String id) {
        return JSON.createObjectNode().put("do", what).put("id", id);
    }

    private JsonNode ask(ObjectNode request) {
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

    private final class Variant implements Contender {
        private final String id;
        private final String name;

        Variant(String id, Path data, String how, boolean channelsLast) {
            this.id = id;
            this.name = PythonPeer.this.name() + " (" + how + (channelsLast ? ", channels last" : "") + ")";
            ask(request("prepare", id)
                    .put("folder", data.toString())
                    .put("how", how)
                    .put("last", channelsLast));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void reset() {
            ask(request("reset", id));
        }

        @Override
        public Sample run(int steps) {
            JsonNode answer = ask(request("run", id).put("steps", steps));
            return new Sample(
                    answer.get("wall").asDouble(),
                    answer.get("cpu").asDouble(),
                    answer.get("value").asDouble());
        }

        @Override
        public void close() {
            ask(request("drop", id));
        }
    }
}
