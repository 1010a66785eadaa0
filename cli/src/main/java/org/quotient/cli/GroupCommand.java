package org.quotient.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.quotient.geometry.Generator;
import org.quotient.geometry.Generators;
import org.quotient.geometry.Pinned;
import org.quotient.geometry.RescalingGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient group NETWORK}. */
@Command(
        name = "group",
        description = "Lists the generators of a network's rescaling group: what shares a scale, and what it moves.",
        footer = {
            "",
            "A generator with scale λ multiplies its incoming entries by λ to their exponent and its outgoing entries",
            "likewise, with negative exponents; the network's function stays. Exponents other than 1 and -1 are shown;",
            "(carried) marks running statistics, which are no parameters and are scaled along.",
            "",
            "Examples:",
            "  quotient group mlp:2-3-1 --all",
            "  quotient group resnet-34",
            "  quotient group model.onnx --json"
        })
final class GroupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "A file ending in .onnx, or a built-in.")
    private String network;

    @Option(names = "--all", description = "One line for every generator, not one for each place and kind.")
    private boolean all;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        RescalingGroup group = RescalingGroup.of(options.load(network).network());
        return common.deliver(new Listing(network, all, Generators.of(group), group.pinned(), group.incomplete()));
    }

    private record Listing(
            String network,
            boolean all,
            List<Generator> generators,
            List<Pinned> pinned,
            Map<String, String> incomplete)
            implements Answer {

        @Override
        public void json(Json json) {
            json.objects(
                            "generators",
                            generators,
                            (out, g) -> out.put("id", g.id())
                                    .put("kind", g.kind())
                                    .put("where", g.where())
                                    .objects("incoming", g.incoming(), Listing::entry)
                                    .objects("outgoing", g.outgoing(), Listing::entry))
                    .objects(
                            "pinned",
                            pinned,
                            (out, pin) -> out.put("where", pin.where()).put("why", pin.why()))
                    .objects(
                            "incomplete",
                            incomplete.entrySet(),
                            (out, place) -> out.put("where", place.getKey()).put("why", place.getValue()))
                    .put("network", network);
        }

        private static void entry(Json out, Generator.Entry entry) {
            out.put("parameter", entry.parameter()).put("index", entry.index()).put("exponent", entry.exponent());
            if (entry.buffer()) {
                out.put("buffer", true);
            }
        }

        @Override
        public String text(Style style) {
            String count = Table.count(generators.size()) + (generators.size() == 1 ? " generator" : " generators");
            StringBuilder text = new StringBuilder(style.strong(network) + ": " + count + "\n");
            if (!generators.isEmpty()) {
                text.append((all ? every() : byPlace()).text(style));
            }
            pinned.forEach(pin -> text.append(style.faint("scale held at 0 by " + pin.where() + ": " + pin.why()))
                    .append('\n'));
            incomplete.forEach(
                    (where, why) -> text.append(style.bad("perhaps more symmetries at " + where + ": " + why))
                            .append('\n'));
            return text.toString();
        }

        private Table every() {
            Table table = new Table("ID#", "KIND", "WHERE", "INCOMING", "OUTGOING");
            generators.forEach(
                    g -> table.row(g.id(), g.kind(), g.where(), entries(g.incoming()), entries(g.outgoing())));
            return table;
        }

        private static String entries(List<Generator.Entry> entries) {
            return entries.stream().map(e -> label(e, e.index())).collect(Collectors.joining(" "));
        }

        private static String label(Generator.Entry e, String index) {
            return e.parameter()
                    + index
                    + (Math.abs(e.exponent()) == 1 ? "" : "^" + e.exponent())
                    + (e.buffer() ? " (carried)" : "");
        }

        private Table byPlace() {
            Map<List<String>, List<Generator>> places = new LinkedHashMap<>();
            for (Generator g : generators) {
                places.computeIfAbsent(List.of(g.where(), g.kind()), place -> new ArrayList<>())
                        .add(g);
            }
            Table table = new Table("WHERE", "KIND", "GENERATORS#", "INCOMING", "OUTGOING");
            places.forEach((place, members) -> table.row(
                    place.get(0),
                    place.get(1),
                    members.size(),
                    names(members.stream().flatMap(g -> g.incoming().stream()).toList()),
                    names(members.stream().flatMap(g -> g.outgoing().stream()).toList())));
            return table;
        }

        /** The first names; of those left out, how many there are and which exponents are unusual. */
        private static String names(List<Generator.Entry> entries) {
            List<String> names =
                    entries.stream().map(e -> label(e, "")).distinct().toList();
            int shown = 4;
            if (names.size() <= shown) {
                return String.join(" ", names);
            }
            Set<String> hidden = new LinkedHashSet<>(names.subList(shown, names.size()));
            String exponents = entries.stream()
                    .filter(e -> Math.abs(e.exponent()) != 1 && hidden.contains(label(e, "")))
                    .map(e -> "^" + e.exponent())
                    .distinct()
                    .collect(Collectors.joining(", "));
            return String.join(" ", names.subList(0, shown)) + " and " + hidden.size() + " more"
                    + (exponents.isEmpty() ? "" : " (some " + exponents + ")");
        }
    }
}
