package org.quotient.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.quotient.proofs.Outcome;
import org.quotient.proofs.Verdict;

/**
 * What {@code verify} found: a table of all theorems, or everything about those that were asked for.
 *
 * @param checked the theorems, in order
 * @param detailed whether to show evidence and counterexamples
 */
record VerifyAnswer(List<Checked> checked, boolean detailed) implements Answer {
    private static final int WIDTH = 92;
    private static final int KEY = 11;
    private static final int MARGIN = 4;

    /**
     * One theorem.
     *
     * @param outcome what checking it found
     * @param seconds how long that took
     */
    record Checked(Outcome outcome, double seconds) {}

    @Override
    public void json(Json json) {
        json.objects("theorems", checked, (out, c) -> outcome(out, c.outcome()).put("seconds", c.seconds()));
    }

    private static Json outcome(Json out, Outcome o) {
        return out.put("id", o.id())
                .put("statement", o.statement())
                .put("source", o.source())
                .put("verdict", o.result().verdict().name())
                .put("expected", o.expected().name())
                .put("instances", o.result().instances())
                .put("evidence", o.result().evidence())
                .put("counterexample", o.result().counterexample())
                .put(
                        "neighbour",
                        beside -> beside.put("statement", o.neighbour().statement())
                                .put("verdict", o.neighbour().verdict().name())
                                .put("counterexample", o.neighbour().counterexample()))
                .strings("hypotheses", o.hypotheses())
                .put("latex", o.latex());
    }

    @Override
    public String text(Style style) {
        StringBuilder text = new StringBuilder();
        if (detailed) {
            checked.forEach(c -> details(text, style, c.outcome()));
        } else {
            table(text, style);
            checked.stream().map(Checked::outcome).filter(o -> !o.asExpected()).forEach(o -> {
                text.append('\n');
                details(text, style, o);
            });
        }
        return text.append('\n').append(summary(style)).append('\n').toString();
    }

    private void table(StringBuilder text, Style style) {
        int width =
                checked.stream().mapToInt(c -> c.outcome().id().length()).max().orElse(0);
        String form = "%-" + width + "s  %-14s  %9s  %-9s  %7s";
        text.append(style.strong(
                        String.format(Locale.ROOT, form, "THEOREM", "VERDICT", "INSTANCES", "NEIGHBOUR", "SECONDS")))
                .append('\n');
        for (Checked c : checked) {
            Outcome o = c.outcome();
            String line = String.format(
                    Locale.ROOT,
                    form,
                    o.id(),
                    o.result().verdict(),
                    Table.count(o.result().instances()),
                    o.neighbour().verdict(),
                    String.format(Locale.ROOT, "%.1f", c.seconds()));
            text.append(o.asExpected() ? line : style.bad(line)).append('\n');
            entry(text, style, MARGIN, "", o.statement());
            refuted(text, style, o.result());
            entry(text, style, MARGIN, "neighbour", o.neighbour().statement());
            refuted(text, style, o.neighbour());
        }
    }

    private static void refuted(StringBuilder text, Style style, Outcome.Result result) {
        if (result.counterexample() != null) {
            entry(text, style, MARGIN, "refuted by", result.counterexample());
        }
    }

    private static void details(StringBuilder text, Style style, Outcome o) {
        String verdict = o.result().verdict().name();
        text.append(style.strong(o.id())).append("  ");
        text.append(o.asExpected() ? style.good(verdict) : style.bad(verdict + ", NOT AS EXPECTED"))
                .append('\n');
        entry(text, style, 2, "statement", o.statement());
        entry(text, style, 2, "source", o.source());
        entry(text, style, 2, "expected", o.expected() + ", and its false neighbour " + Verdict.REFUTED);
        if (!o.hypotheses().isEmpty()) {
            entry(text, style, 2, "assumes", String.join("; ", o.hypotheses()));
        }
        entry(text, style, 2, "evidence", o.result().evidence());
        counterexample(text, style, o.result());
        entry(
                text,
                style,
                2,
                "neighbour",
                o.neighbour().statement() + ": " + o.neighbour().verdict());
        counterexample(text, style, o.neighbour());
    }

    private static void counterexample(StringBuilder text, Style style, Outcome.Result result) {
        if (result.counterexample() != null) {
            entry(text, style, 2, "smallest", result.counterexample());
        }
    }

    /** A text under a key; a text without one stands where keys stand. */
    private static void entry(StringBuilder text, Style style, int margin, String key, String value) {
        String lead = key;
        for (String line : wrapped(value)) {
            text.append(" ".repeat(margin))
                    .append(style.faint(lead))
                    .append(" ".repeat(key.isEmpty() ? 0 : KEY - lead.length()))
                    .append(key.isEmpty() || margin < MARGIN ? line : style.faint(line))
                    .append('\n');
            lead = "";
        }
    }

    /** Lines of at most {@value #WIDTH} characters, broken at blanks; longer words stay whole. */
    static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private String summary(Style style) {
        Map<Verdict, Long> verdicts = checked.stream()
                .collect(Collectors.groupingBy(
                        c -> c.outcome().result().verdict(),
                        () -> new EnumMap<>(Verdict.class),
                        Collectors.counting()));
        String counts = verdicts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        long unexpected =
                checked.stream().filter(c -> !c.outcome().asExpected()).count();
        double seconds = checked.stream().mapToDouble(Checked::seconds).sum();
        String lead = checked.size() + (checked.size() == 1 ? " theorem" : " theorems") + " in "
                + String.format(Locale.ROOT, "%.1f", seconds) + " s: " + counts + "; ";
        return lead
                + (unexpected == 0
                        ? style.good("every verdict is as expected, every false neighbour refuted")
                        : style.bad(unexpected + " NOT as expected"));
    }

    @Override
    public int exitCode() {
        return checked.stream().allMatch(c -> c.outcome().asExpected()) ? 0 : 1;
    }
}
