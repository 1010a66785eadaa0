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
            "  quotient verify sign-bits                 # with evidence and counterexamples",
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
        List<VerifyAnswer.Checked> checked = new ArrayList<>();
        for (Theorem<?> theorem : chosen) {
            common.progress("checking " + theorem.id() + " (" + (checked.size() + 1) + " of " + chosen.size() + ")");
            long start = System.nanoTime();
            Outcome outcome = theorem.check(level, seed);
            checked.add(new VerifyAnswer.Checked(outcome, (System.nanoTime() - start) / 1e9));
        }
        common.progress("");
        if (report != null) {
            Path page = LoadedNetwork.path(report);
            byte[] text = HtmlReport.of(
                            checked.stream().map(VerifyAnswer.Checked::outcome).toList(), level, seed)
                    .getBytes(StandardCharsets.UTF_8);
            WholeFile.write(page, out -> out.write(text));
        }
        return common.deliver(new VerifyAnswer(checked, !ids.isEmpty()));
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
            for (Theorem<?> t : theorems) {
                table.row(t.id(), t.expected().name());
                VerifyAnswer.wrapped(t.claim().statement()).forEach(table::remark);
                VerifyAnswer.wrapped(t.source()).forEach(table::remark);
            }
            return table.text(style);
        }
    }
}
