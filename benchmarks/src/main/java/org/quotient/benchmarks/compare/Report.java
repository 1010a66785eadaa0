package org.quotient.benchmarks.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.compare.Statistics.Estimate;

/**
 * A run, for files.
 *
 * @param started when
 * @param finished when the last of these rows was ready
 * @param settings how it was measured
 * @param machine facts by name
 * @param versions of peers by name
 * @param absent peers that were not there
 * @param failed rows that could not be measured, with the reason
 * @param rows what has been measured so far
 */
record Report(
        Instant started,
        Instant finished,
        Run.Settings settings,
        Map<String, String> machine,
        Map<String, String> versions,
        List<String> absent,
        Map<String, String> failed,
        List<Comparison> rows) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes both files whole: a reader never sees half of one. */
    void write(Path markdown, Path json) throws IOException {
        replace(markdown, Markdown.of(this));
        replace(json, JSON.writeValueAsString(json()) + "\n");
    }

    private static void replace(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text, StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Everything, each repetition included. */
    ObjectNode json() {
        ObjectNode all = JSON.createObjectNode();
        all.put("started", started.toString());
        all.put("finished", finished.toString());
        all.put("seed", settings.seed());
        all.put("repetitions", settings.repetitions());
        all.put("blockSeconds", settings.block());
        all.put("warmUpSeconds", settings.warmUp());
        ObjectNode facts = all.putObject("machine");
        machine.forEach(facts::put);
        ObjectNode peers = all.putObject("peers");
        versions.forEach(peers::put);
        ArrayNode missing = all.putArray("absent");
        absent.forEach(missing::add);
        ObjectNode failures = all.putObject("failed");
        failed.forEach(failures::put);
        ArrayNode list = all.putArray("rows");
        rows.forEach(row -> list.add(json(row)));
        return all;
    }

    private static ObjectNode json(Comparison c) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", c.row().id());
        node.put("work", c.row().work());
        node.put("size", c.row().size());
        node.put("target", c.row().target().text());
        node.put("verdict", c.verdict().words());
        c.judge().ifPresent(j -> node.put("judgedBy", j.contender()));
        c.ratio().ifPresent(r -> node.set("ratio", json(r)));
        node.put("clock", c.row().cpu() ? "processor" : "wall");
        node.put("spread", c.spread());
        node.put("waiting", c.waiting());
        node.put("load", c.load());
        ArrayNode different = node.putArray("different");
        c.different().forEach(different::add);
        ArrayNode contenders = node.putArray("contenders");
        for (Series s : c.series()) {
            ObjectNode one = contenders.addObject();
            one.put("name", s.contender());
            one.set("secondsPerStep", json(Statistics.medianInterval(c.times(s))));
            one.put("stepsPerRepetition", s.steps());
            one.put("check", s.check());
            if (!Double.isNaN(s.allocation())) {
                one.put("bytesAllocatedPerStep", s.allocation());
            }
            numbers(one.putArray("wall"), s.wall());
            numbers(one.putArray("cpu"), s.cpu());
        }
        return node;
    }

    private static void numbers(ArrayNode to, double... values) {
        for (double value : values) {
            to.add(value);
        }
    }

    private static ObjectNode json(Estimate e) {
        return JSON.createObjectNode()
                .put("value", e.value())
                .put("low", e.low())
                .put("high", e.high());
    }
}
