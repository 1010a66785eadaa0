package org.quotient.benchmarks.rescale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.quotient.benchmarks.compare.Markdown;
import org.quotient.benchmarks.compare.Statistics;
import org.quotient.benchmarks.rescale.Measured.Entry;
import org.quotient.benchmarks.rescale.Measured.Kind;
import org.quotient.interop.WholeFile;

/**
 * A run, for people and for machines.
 *
 * @param started when
 * @param finished when the last of these rows was ready
 * @param settings numbers by name
 * @param machine facts by name
 * @param peer the peer's version, or why there is none
 * @param rows what has been measured so far
 */
record RescaleReport(
        Instant started,
        Instant finished,
        Map<String, Number> settings,
        Map<String, String> machine,
        String peer,
        List<Measured> rows) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes both files whole. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        replace(folder.resolve("rescale.md"), markdown());
        replace(folder.resolve("rescale.json"), JSON.writeValueAsString(json()) + "\n");
    }

    private static void replace(Path file, String text) {
        WholeFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The tables. */
    String markdown() {
        StringBuilder page = new StringBuilder("# Path conditioning\n\n");
        page.append("| network | ours, exact | target | | published sweeps over ours | target | | fastest peer | over"
                + " ours, exact | over ours, sweeps |\n");
        page.append("| --- | ---: | --- | --- | ---: | --- | --- | --- | ---: | ---: |\n");
        rows.forEach(row -> page.append(summary(row)));
        page.append("\n| network | method | CPU | of which | divergence | certified gap |\n");
        page.append("| --- | --- | ---: | --- | ---: | ---: |\n");
        rows.forEach(row -> row.entries().forEach(entry -> page.append(line(row, entry))));
        return page.append('\n').append(notes()).toString();
    }

    private static String summary(Measured row) {
        Entry exact = row.exact();
        Optional<Entry> sweeps = row.entry(Kind.OUR_SWEEPS);
        Optional<Entry> fastest = row.fastestPeer();
        return String.join(
                        " | ",
                        "| `" + row.row().id() + "`",
                        Markdown.time(exact.cpu()),
                        "under " + Markdown.time(row.row().target()),
                        row.timeVerdict(),
                        row.entry(Kind.PUBLISHED)
                                .map(p -> ratio(Measured.ratio(p, exact)))
                                .orElse(""),
                        row.row().chain().isEmpty() ? "" : "at least " + Math.round(RescaleRow.RATIO) + "x",
                        row.ratioVerdict(),
                        fastest.map(f -> f.series().contender() + " " + Markdown.time(f.cpu()))
                                .orElse(""),
                        fastest.map(f -> ratio(Measured.ratio(f, exact))).orElse(""),
                        fastest.flatMap(f -> sweeps.map(s -> ratio(Measured.ratio(f, s))))
                                .orElse(""))
                + " |\n";
    }

    private static String line(Measured row, Entry entry) {
        Statistics.Estimate cpu = Statistics.medianInterval(entry.series().cpu());
        StringBuilder parts = new StringBuilder();
        for (int i = 0; i < entry.parts().size(); i++) {
            parts.append(i == 0 ? "" : ", ")
                    .append(entry.parts().get(i))
                    .append(' ')
                    .append(Markdown.time(entry.part(i)));
        }
        return String.join(
                        " | ",
                        "| `" + row.row().id() + "`",
                        entry.series().contender() + (entry.sweeps() > 0 ? ", " + entry.sweeps() + " sweeps" : ""),
                        Markdown.time(cpu.value()) + " (" + Markdown.time(cpu.low()) + " to "
                                + Markdown.time(cpu.high()) + ")",
                        parts,
                        String.format(Locale.ROOT, "%.9g", entry.series().check()),
                        Double.isFinite(entry.gap()) ? String.format(Locale.ROOT, "%.1e", entry.gap()) : "")
                + " |\n";
    }

    private static String ratio(Statistics.Estimate e) {
        return String.format(Locale.ROOT, "%.2fx (%.2f to %.2f)", e.value(), e.low(), e.high());
    }

    private String notes() {
        StringBuilder notes = new StringBuilder();
        notes.append(
                        "Seconds of processor time of the whole process, one thread of work each (ours includes what is left of"
                                + " the compiler, and the collector); medians of ")
                .append(settings.get("repetitions"))
                .append(
                        " repetitions in turn, with 95 % intervals. Parts are times of the working thread. Parameters in"
                                + " single precision, the same on both sides. Ours begins with the network's graph and ends with"
                                + " the rescaled weights; peers are told the layers, in order. Divergences after sweeps must agree to ")
                .append(Measured.AGREEMENT)
                .append(" of their size. The gap bounds how far the divergence is above the least possible one.\n\n");
        rows.forEach(row -> row.different()
                .forEach(d -> notes.append("- different results in `")
                        .append(row.row().id())
                        .append("`: ")
                        .append(d)
                        .append('\n')));
        rows.forEach(row -> {
            notes.append("- `").append(row.row().id()).append("`: ");
            notes.append(String.format(Locale.ROOT, "%,d", row.parameters()))
                    .append(" parameters, ")
                    .append(String.format(Locale.ROOT, "%,d", row.generators()))
                    .append(" generators; runs before anything counted:");
            row.entries()
                    .forEach(e -> notes.append(' ')
                            .append(e.series().contender())
                            .append(' ')
                            .append(e.warmUps())
                            .append(';'));
            notes.append(String.format(Locale.ROOT, " load average %.2f%n", row.load()));
        });
        notes.append("- run: ").append(started).append(" to ").append(finished).append('\n');
        settings.forEach((name, value) ->
                notes.append("- ").append(name).append(": ").append(value).append('\n'));
        machine.forEach((name, fact) ->
                notes.append("- ").append(name).append(": ").append(fact).append('\n'));
        notes.append("- peer: ").append(peer).append('\n');
        return notes.toString();
    }

    /** Everything, each repetition included. */
    ObjectNode json() {
        ObjectNode all = JSON.createObjectNode();
        all.put("started", started.toString());
        all.put("finished", finished.toString());
        all.set("settings", JSON.valueToTree(settings));
        all.set("machine", JSON.valueToTree(machine));
        all.put("peer", peer);
        ArrayNode list = all.putArray("rows");
        rows.forEach(row -> list.add(json(row)));
        return all;
    }

    private static ObjectNode json(Measured row) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", row.row().id());
        node.put("network", row.row().spec() + ",dtype=f32");
        node.put("parameters", row.parameters());
        node.put("generators", row.generators());
        node.put("targetSeconds", row.row().target());
        node.put("time", row.timeVerdict());
        node.put("ratio", row.ratioVerdict());
        node.put("load", row.load());
        node.set("different", JSON.valueToTree(row.different()));
        ArrayNode list = node.putArray("methods");
        for (Entry entry : row.entries()) {
            ObjectNode one = list.addObject();
            one.put("name", entry.series().contender());
            one.put("divergence", entry.series().check());
            one.put("sweeps", entry.sweeps());
            if (Double.isFinite(entry.gap())) {
                one.put("gap", entry.gap());
            }
            one.put("warmUpRuns", entry.warmUps());
            one.put("runsPerRepetition", entry.series().steps());
            one.put("medianCpu", entry.cpu());
            one.set("cpu", JSON.valueToTree(entry.series().cpu()));
            one.set("wall", JSON.valueToTree(entry.series().wall()));
            ObjectNode parts = one.putObject("parts");
            for (int i = 0; i < entry.parts().size(); i++) {
                int part = i;
                parts.set(
                        entry.parts().get(i),
                        JSON.valueToTree(entry.blocks().stream()
                                .map(b -> b.parts().get(part) / b.runs())
                                .toList()));
            }
        }
        return node;
    }
}
