package org.quotient.benchmarks.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.benchmarks.compare.Contender;

/**
 * PyTorch in a Python process of its own, which times the training steps it is asked to time.
 */
public final class PythonPeer implements TorchPeer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PythonWorker worker;
    private final String version;
    private int prepared;

    private PythonPeer(PythonWorker worker) {
        this.worker = worker;
        this.version = worker.ask(JSON.createObjectNode().put("do", "hello"))
                .path("version")
                .asText();
    }

    /**
     * Starts PyTorch where there is one.
     *
     * @param candidates commands of Python to try in order
     * @param libraries a folder whose shared libraries go before the installed ones, such as another BLAS
     * @return empty if none of them can import torch
     */
    public static Optional<TorchPeer> start(List<String> candidates, Optional<Path> libraries) {
        return PythonWorker.start(candidates, "worker.py", libraries).map(PythonPeer::new);
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
        Path data = worker.folder().resolve("program" + number);
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

    @Override
    public void close() {
        worker.close();
    }

    private final class Variant implements Contender {
        private final String id;
        private final String name;

        Variant(String id, Path data, String how, boolean channelsLast) {
            this.id = id;
            this.name = PythonPeer.this.name() + " (" + how + (channelsLast ? ", channels last" : "") + ")";
            worker.ask(request("prepare", id)
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
            worker.ask(request("reset", id));
        }

        @Override
        public Sample run(int steps) {
            JsonNode answer = worker.ask(request("run", id).put("steps", steps));
            return new Sample(
                    answer.get("wall").asDouble(),
                    answer.get("cpu").asDouble(),
                    answer.get("value").asDouble());
        }

        @Override
        public void close() {
            worker.ask(request("drop", id));
        }
    }
}
