package org.quotient.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.network.NearestNames;
import org.quotient.interop.WholeFile;
import org.quotient.proofs.HtmlReport;
import org.quotient.proofs.Level;
import org.quotient.proofs.Outcome;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.catalogue.Catalogue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient verify [ID...]}. */
@Command(
        name = "verify",
        description = "Checks theorems on many networks. Exit code 1 if a verdict is not the expected one, or a false"
                + " neighbour is not refuted.",
        footer = {
            "",
            "PROVED: an exact certificate for every instance. SUPPORTED: as far as samples tell. REFUTED: with the",
            "smallest counterexample found. NOT_APPLICABLE: no instance meets the hypotheses.",
            "",
            "Examples:",
            "  quotient verify",
            "  quotient verify dimension-theorem --level full --seed 3",
            "  quotient verify --list",
            "  quotient verify --json --report theorems.html"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description = "Theorems, as 'quotient verify --list' names them (default: all).")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--list", description = "List the theorems instead of checking them.")
    private boolean list;

    @Option(
            names = "--level",
            paramLabel = "quick|full",
            defaultValue = "quick",
            description = "How many instances are tried (default quick).")
    private Level level;

    @Option(names = "--report", paramLabel = "R.html", description = "Write the result as a page, too.")
    private @Nullable String report;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "For the random instances (default 0).")
    private long seed;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        List<Theorem<?>> chosen = chosen();
        if (list) {
            return common.deliver(new Listing(chosen));
        }
        List<Outcome> outcomes = chosen.stream()
                .<Outcome>map(theorem -> theorem.check(level, seed))
                .toList();
        if (report != null) {
            Path page = LoadedNetwork.path(report);
            byte[] text = HtmlReport.of(outcomes, level, seed).getBytes(StandardCharsets.UTF_8);
            WholeFile.write(page, out -> out.write(text));
        }
        return common.deliver(new Verdicts(outcomes));
    }

    private List<Theorem<?>> chosen() {
        List<Theorem<?>> all = Catalogue.theorems();
        List<String> known = all.stream().<String>map(Theorem::id).toList();
        for (String id : ids) {
            if (!known.contains(id)) {
                throw new BadInput(NearestNames.unknown("a theorem", id, known));
            }
        }
        return all.stream().filter(t -> ids.isEmpty() || ids.contains(t.id())).toList();
    }

    private record Listing(List<Theorem<?>> theorems) implements Answer {
        @Override
        public void json(Json json) {
            json.objects(
                    "theorems",
                    theorems,
                    (out, t) -> out.put("id", t.id())
                            .put("statement", t.claim().statement())
                            .put("source", t.source())
                            .put("expected", t.expected().name())
                            .put("latex", t.latex()));
        }

        @Override
        public String text(Style style) {
            Table table = new Table("THEOREM", "EXPECTED");
            theorems.forEach(t -> table.row(t.id(), t.expected().name())
                    .remark(t.claim().statement())
                    .remark(t.source()));
            return table.text(style);
        }
    }

    private record Verdicts(List<Outcome> outcomes) implements Answer {
        @Override
        public void json(Json json) {
            json.objects("theorems", outcomes, Verdicts::outcome);
        }

        private static void outcome(Json out, Outcome o) {
            out.put("id", o.id())
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
            for (Outcome o : outcomes) {
                String verdict = o.result().verdict().name();
                String neighbour = o.neighbour().verdict().name();
                text.append(style.strong(o.id())).append(": ");
                text.append(o.asExpected() ? style.good(verdict) : style.bad(verdict + " (not as expected)"));
                line(text, "statement", o.statement());
                line(text, "expected", o.expected().name());
                line(text, "evidence", o.result().evidence());
                counterexample(text, o.result());
                line(text, "neighbour", o.neighbour().statement() + ": " + neighbour);
                counterexample(text, o.neighbour());
                text.append('\n');
            }
            return text.toString();
        }

        private static void counterexample(StringBuilder text, Outcome.Result result) {
            if (result.counterexample() != null) {
                line(text, "smallest", result.counterexample());
            }
        }

        private static void line(StringBuilder text, String key, String value) {
            text.append("\n  ")
                    .append(key)
                    .append(" ".repeat(11 - key.length()))
                    .append(value);
        }

        @Override
        public int exitCode() {
            return outcomes.stream().allMatch(Outcome::asExpected) ? 0 : 1;
        }
    }
}
