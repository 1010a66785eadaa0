package org.quotient.benchmarks.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.benchmarks.rescale.ChainStep;
import org.quotient.benchmarks.rescale.Parted;

/**
 * Path conditioning in PyTorch by published sweeps (Lebeurrier, Vayer, Gribonval 2026), in a Python process of its own; see
 * {@code rescale.py}.
 */
public final class RescalePeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> METHODS = List.of("published", "aggregated");
    private static final List<String> PARTS = List.of("energies", "solve", "apply");

    /** The published tolerance, on moves of 2z. */
    private static final double TOLERANCE = 0.01;

    private final PythonWorker worker;
    private final String version;
    private int prepared;

    private RescalePeer(PythonWorker worker) {
        this.worker = worker;
        this.version = worker.ask(JSON.createObjectNode().put("do", "hello"))
                .path("version")
                .asText();
    }

    /**
     * Starts PyTorch where there is one.
     *
     * @param candidates commands of Python to try in order
     * @return empty if none of them can import torch
     */
    public static Optional<RescalePeer> start(List<String> candidates) {
        return PythonWorker.start(candidates, "rescale.py", Optional.empty()).map(RescalePeer::new);
    }

    /** The version of torch, and what else matters for speed. */
    public String version() {
        return version;
    }

    /**
     * The published sweeps, and the same iterates from energies that are summed over the taps of kernels.
     *
     * @param model with a weight and a bias per layer, in order
     * @param chain its layers
     * @param input the shape of one sample
     * @param sweeps at most so many
     */
    public List<Parted> contenders(Model model, List<ChainStep> chain, List<Integer> input, int sweeps) {
        Path data = worker.folder().resolve("chain" + prepared++);
        try {
            Files.createDirectory(data);
            write(model, chain, input, sweeps, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Parted> all = new ArrayList<>();
        METHODS.forEach(how -> all.add(new Method(how, data)));
        return all;
    }

    private static void write(Model model, List<ChainStep> chain, List<Integer> input, int sweeps, Path folder)
            throws IOException {
        ObjectNode index = JSON.createObjectNode().put("sweeps", sweeps).put("tolerance", TOLERANCE);
        index.set("chain", JSON.valueToTree(chain));
        index.set("input", JSON.valueToTree(input));
        ArrayNode weights = index.putArray("weights");
        ArrayNode biases = index.putArray("biases");
        int number = 0;
        for (Expr parameter : model.network().parameters()) {
            Tensor values = model.weights().get(parameter);
            String type = RawFiles.type(parameter.dtype());
            (values.shape().rank() == 1 ? biases : weights).add(RawFiles.tensor(values, type, folder, "p" + number++));
        }
        JSON.writeValue(folder.resolve("index.json").toFile(), index);
    }

    @Override
    public void close() {
        worker.close();
    }

    private final class Method implements Parted {
        private final String how;
        private final String id;
        private final List<Block> blocks = new ArrayList<>();

        Method(String how, Path data) {
            this.how = how;
            this.id = how + data.getFileName();
            worker.ask(request("prepare").put("folder", data.toString()).put("how", how));
        }

        private ObjectNode request(String what) {
            return JSON.createObjectNode().put("do", what).put("id", id);
        }

        @Override
        public String name() {
            return "PyTorch, " + how;
        }

        @Override
        public void reset() {
            // The weights are never changed.
        }

        @Override
        public Sample run(int steps) {
            JsonNode answer = worker.ask(request("run").put("steps", steps));
            List<Double> parts = new ArrayList<>();
            answer.get("parts").forEach(part -> parts.add(part.asDouble()));
            blocks.add(new Block(steps, parts, answer.get("sweeps").asInt()));
            return new Sample(
                    answer.get("wall").asDouble(),
                    answer.get("cpu").asDouble(),
                    answer.get("value").asDouble());
        }

        @Override
        public List<String> parts() {
            return PARTS;
        }

        @Override
        public List<Block> blocks() {
            return List.copyOf(blocks);
        }

        @Override
        public void close() {
            worker.ask(request("drop"));
        }
    }
}
