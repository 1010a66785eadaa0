package org.quotient.experiments.smun;

import java.io.IOException;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.smun.SmUnStudy.Part;
import org.quotient.experiments.smun.SmUnStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Choice;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Measure;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Outcome;
import org.quotient.experiments.study.Tuned;
import org.quotient.experiments.study.TunedFigures;

/** The page of the experiment. */
public final class SmUnPage {
    private final Results results;
    private final SmUnStudy.Settings settings;

    private SmUnPage(Results results) {
        this.results = results;
        this.settings = results.settings();
    }

    /** Page, plots and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        SmUnPage page = new SmUnPage(results);
        ResultFolder folder = new ResultFolder().add("README.md", page.text());
        for (Part part : results.settings().parts()) {
            folder.add(picture(part), page.curves(part));
        }
        return folder.json("results.json", results);
    }

    private static String picture(Part part) {
        return "validation-error-" + part.depth() + (part.normalised() ? "-bn" : "") + ".png";
    }

    private String text() {
        StringBuilder pictures = new StringBuilder();
        for (Part part : settings.parts()) {
            pictures.append("![Validation error, ")
                    .append(part.text())
                    .append("](")
                    .append(picture(part))
                    .append(")\n\n");
        }
        return """
                # SM and UN with and without batch normalisation

                Written by `experiments/run sm-un --data FOLDER`. Every run is in [results.json](results.json), with all digits in
                [runs.jsonl](runs.jsonl).

                Two updates that respect rescaling, SM (steps scaled by squared norms of rows) and UN (rows of unit norm), against plain
                SGD, as Badrinarayanan, Mishra and Cipolla 2015 compare them on MNIST. Their abstracts report better test performance
                at no cost.

                - Networks: dense, %s hidden layers of %d ReLU units, biases; with batch normalisation before every activation or
                  without.
                - Start: normal weights, every row of every matrix brought to norm 1, biases 0; the same for all methods.
                - Rates are chosen on %s: %d epochs, %d rates √10 apart from 1 downwards, the same for every method, on seed %s; the one
                  with the least last validation loss is taken.
                - Reported runs: %s; at most %d epochs, stopped after %d epochs without a better validation loss. Seeds %s. The test part
                  is looked at once, at the end of each.
                - Batches of %d, learning rate times %s after every epoch, cross-entropy, no momentum, no decay.
                - A run *diverged* if a loss was not finite, or the mean loss of its last epoch is above twice the first loss.
                - Machine: %s.

                **Deviations** from the protocol of the derived code: ReLU and no pooling of units, where it has sigmoids; %d training
                samples instead of 50,000, %d epochs at most instead of 60, %d seeds instead of 10; %d epochs instead of 50
                to choose rates, the grid ends at %s instead of 1e-5, and loss, not error, decides; the decay of the rate is its second
                choice instead of the "bold driver"; one simple rule to stop instead of two. Where it is silent, widths are ours.

                ## Results

                """.formatted(
                        String.join(
                                " or ",
                                settings.depths().stream().map(String::valueOf).toList()),
                        settings.width(),
                        settings.choosingData().text(),
                        settings.choosingEpochs(),
                        settings.methods().getFirst().rates().size(),
                        Numbers.list(settings.choosing()),
                        settings.data().text(),
                        settings.epochs(),
                        settings.patience(),
                        Numbers.list(settings.seeds()),
                        settings.batch(),
                        Numbers.brief(settings.gamma()),
                        Machine.text(),
                        settings.data().train(),
                        settings.epochs(),
                        settings.seeds().size(),
                        settings.choosingEpochs(),
                        Numbers.brief(settings.methods().getFirst().rates().getLast()))
                + table()
                + "Mean ± standard deviation, or median (range), over seeds; curves are means over the runs that did not diverge.\n\n"
                + pictures
                + "## What one sees\n\n"
                + reading();
    }

    private String table() {
        Table table = new Table(
                "network",
                "method",
                "rate",
                "training loss, last epoch",
                "test error in %",
                "epochs",
                "choosing runs that diverged");
        for (Part part : settings.parts()) {
            for (Method method : settings.methods()) {
                Choice choice = results.tuned(part).choice(method);
                List<Entry> runs = results.runs(part, method);
                table.add(
                        method.equals(settings.methods().getFirst()) ? part.text() : "",
                        method.name(),
                        Cells.rate(choice),
                        Cells.range(runs, Outcome::trainLoss),
                        Cells.testError(runs),
                        Cells.range(runs, o -> o.epochs().size()),
                        choice.diverged() + " of " + choice.runs());
            }
        }
        return table.toString();
    }

    private String reading() {
        Measure measure = Measure.testError();
        StringBuilder out = new StringBuilder();
        for (Part part : settings.parts()) {
            Tuned tuned = results.tuned(part);
            out.append("- ")
                    .append(part.text())
                    .append(": ")
                    .append(tuned.order(measure))
                    .append(". ");
            Method plain = settings.methods().getFirst();
            for (Method method : settings.methods()) {
                if (!method.equals(plain)) {
                    out.append(method.name() + " is better than " + plain.name() + " on "
                            + tuned.wins(method, plain, measure) + " of "
                            + settings.seeds().size() + " seeds. ");
                }
            }
            out.append('\n');
        }
        return out.append("\nOrdered by mean test error, least first; runs that diverged count as 90 %.\n")
                .append(rates())
                .toString();
    }

    /** Where methods were given different rates, a part of what one sees may be that. */
    private String rates() {
        List<String> different = settings.parts().stream()
                .filter(part -> settings.methods().stream()
                                .map(m -> results.tuned(part).choice(m).rate())
                                .distinct()
                                .count()
                        > 1)
                .map(Part::text)
                .toList();
        return different.isEmpty() ? "" : """

                Methods were given different rates for: %s. There a difference of methods may be one of rates: they were chosen on few
                samples and few seeds, where neighbouring rates are close, and a reported run is longer. Compare the training losses.
                """.formatted(String.join("; ", different));
    }

    private byte[] curves(Part part) throws IOException {
        return TunedFigures.of(results.tuned(part))
                .epochs(
                        new Figure("Validation error, " + part.text(), "epoch", "error in %"),
                        true,
                        e -> 100 * (1 - e.validationAccuracy()));
    }
}
