package org.quotient.experiments.smun;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.smun.SmUnStudy.Part;
import org.quotient.experiments.smun.SmUnStudy.Results;
import org.quotient.experiments.study.Cells;
import org.quotient.experiments.study.Choice;
import org.quotient.experiments.study.Curves;
import org.quotient.experiments.study.Entry;
import org.quotient.experiments.study.Machine;
import org.quotient.experiments.study.Method;
import org.quotient.experiments.study.Outcome;

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
                        list(settings.choosing()),
                        settings.data().text(),
                        settings.epochs(),
                        settings.patience(),
                        list(settings.seeds()),
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

    private static String list(List<Long> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
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
                Choice choice = results.choice(part, method);
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
        StringBuilder out = new StringBuilder();
        for (Part part : settings.parts()) {
            List<Method> order = settings.methods().stream()
                    .sorted(Comparator.comparingDouble(m -> Cells.meanError(results.runs(part, m))))
                    .toList();
            out.append("- ")
                    .append(part.text())
                    .append(": ")
                    .append(String.join(
                            ", ",
                            order.stream()
                                    .map(m -> m.name() + " "
                                            + Numbers.fixed(100 * Cells.meanError(results.runs(part, m)), 2) + " %")
                                    .toList()))
                    .append(". ");
            Method plain = settings.methods().getFirst();
            for (Method method : settings.methods()) {
                if (!method.equals(plain)) {
                    out.append(wins(part, method, plain));
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
                                .map(m -> results.choice(part, m).rate())
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

    private String wins(Part part, Method method, Method plain) {
        List<Entry> mine = results.runs(part, method);
        List<Entry> theirs = results.runs(part, plain);
        int wins = 0;
        for (int i = 0; i < mine.size(); i++) {
            wins += Cells.meanError(List.of(mine.get(i))) < Cells.meanError(List.of(theirs.get(i))) ? 1 : 0;
        }
        return method.name() + " is better than " + plain.name() + " on " + wins + " of " + mine.size() + " seeds. ";
    }

    private byte[] curves(Part part) throws IOException {
        Figure figure = new Figure("Validation error, " + part.text(), "epoch", "error in %");
        for (int i = 0; i < settings.methods().size(); i++) {
            Method method = settings.methods().get(i);
            for (Entry run : results.runs(part, method)) {
                Curves.epochs(figure, "", i, List.of(run), e -> 100 * (1 - e.validationAccuracy()));
            }
            Curves.epochs(
                    figure, method.name(), i, results.runs(part, method), e -> 100 * (1 - e.validationAccuracy()));
        }
        return figure.png();
    }
}
