package org.quotient.benchmarks.overhead;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.quotient.benchmarks.compare.Statistics;
import org.quotient.interop.WholeFile;

/**
 * A run, for people and for machines.
 *
 * @param finished when the last row was ready
 * @param command what was called
 * @param settings numbers by name
 * @param machine facts by name
 * @param load the load average at the end
 * @param rows what was measured
 */
record OverheadReport(
        Instant finished,
        String command,
        Map<String, Number> settings,
        Map<String, String> machine,
        double load,
        List<OverheadResult> rows) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes both files whole. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        replace(folder.resolve("overhead.md"), markdown());
        replace(folder.resolve("overhead.json"), JSON.writeValueAsString(json()) + "\n");
    }

    private static void replace(Path file, String text) {
        WholeFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The table. */
    String markdown() {
        StringBuilder page = new StringBuilder("# The overhead of a training step\n\n");
        page.append(
                "| network | optimizer | over | ratio | 95 % interval | processes | target | | step | flops added | bytes added |\n");
        page.append("| --- | --- | --- | ---: | --- | --- | ---: | --- | ---: | ---: | ---: |\n");
        for (OverheadResult r : rows) {
            Statistics.Estimate ratio = r.ratio();
            page.append(String.format(
                    Locale.ROOT,
                    "| %s, %s | `%s` | `%s` | %.3f | %.3f to %.3f | %.3f to %.3f | %.2f | %s | %.0f us | %s | %s |%n",
                    r.row().network(),
                    r.row().numbers(),
                    r.row().optimizer(),
                    r.row().base(),
                    ratio.value(),
                    ratio.low(),
                    ratio.high(),
                    Arrays.stream(r.mediansOfProcesses()).min().orElseThrow(),
                    Arrays.stream(r.mediansOfProcesses()).max().orElseThrow(),
                    r.row().most(),
                    r.verdict(),
                    Statistics.median(r.own()),
                    share(r.ownCost().flops(), r.baseCost().flops()),
                    share(r.ownCost().bytes(), r.baseCost().bytes())));
        }
        page.append(
                "\n`mlp` is 784-256-256-10, `cnn` conv 3x3x16, pool, conv 3x3x32, pool, dense on 1x28x28. A ratio is the median"
                        + " of the ratios of pairs; steps of the two are taken in turn, on one thread, in processor time of that thread."
                        + " The interval is between order statistics; under `processes` stand the least and the largest of the"
                        + " medians that the Java processes found, which differ by what each one's compiler and memory happened"
                        + " to be. `met`: all of it is at most the target; `missed`: all of it"
                        + " is above. Flops and bytes are counted from the compiled programs, bytes whether they come from memory or"
                        + " from a cache.\n\n");
        page.append("- command: `")
                .append(command)
                .append("`\n- finished: ")
                .append(finished)
                .append('\n');
        settings.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        machine.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        return page.append(String.format(Locale.ROOT, "- load average at the end: %.1f%n", load))
                .toString();
    }

    private static String share(long own, long base) {
        return String.format(Locale.ROOT, "%+d (%+.1f %%)", own - base, 100.0 * (own - base) / base);
    }

    private ObjectNode json() {
        ObjectNode all = JSON.createObjectNode();
        all.put("finished", finished.toString()).put("command", command).put("load", load);
        all.set("settings", JSON.valueToTree(settings));
        all.set("machine", JSON.valueToTree(machine));
        all.set(
                "rows",
                JSON.valueToTree(rows.stream().map(OverheadReport::entry).toList()));
        return all;
    }

    private static ObjectNode entry(OverheadResult r) {
        ObjectNode row = JSON.createObjectNode();
        row.put("network", r.row().network()).put("dtype", r.row().numbers());
        row.put("optimizer", r.row().optimizer()).put("base", r.row().base());
        row.put("ratio", r.ratio().value())
                .put("low", r.ratio().low())
                .put("high", r.ratio().high());
        row.set("pairs of processes", JSON.valueToTree(r.processes()));
        row.put("target", r.row().most()).put("verdict", r.verdict());
        row.set("microseconds", JSON.valueToTree(Arrays.stream(r.own()).boxed().toList()));
        row.set(
                "base microseconds",
                JSON.valueToTree(Arrays.stream(r.base()).boxed().toList()));
        row.put("flops", r.ownCost().flops()).put("base flops", r.baseCost().flops());
        row.put("bytes", r.ownCost().bytes()).put("base bytes", r.baseCost().bytes());
        row.put("instructions", r.ownCost().instructions())
                .put("base instructions", r.baseCost().instructions());
        return row;
    }
}
