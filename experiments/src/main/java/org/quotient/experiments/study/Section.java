package org.quotient.experiments.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Spread;

/**
 * The part of a page on one {@link Contest}: what was run, a table, curves, the choice of rates, and what follows from the numbers.
 *
 * @param contest what was run
 * @param tuned what came out
 * @param figures its pictures
 * @param file the beginning of the pictures' names
 */
public record Section(Contest contest, Tuned tuned, TunedFigures figures, String file) {
    /** So many times the loss of the choice is no matter of seeds any more. */
    private static final double WORSE = 1.25;

    /** With names of pictures from the name of the part, in lower case. */
    public static Section of(Contest contest, Tuned tuned) {
        String file = contest.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return new Section(contest, tuned, TunedFigures.of(tuned), file);
    }

    /** With other names of the methods in legends, for many to have a place. */
    public Section labelled(UnaryOperator<String> label) {
        return new Section(contest, tuned, new TunedFigures(tuned, label), file);
    }

    /** Its heading. */
    public String title() {
        String name = contest.name();
        return "## " + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "\n\n";
    }

    /** Adds training losses and the choice of rates. */
    public void draw(ResultFolder folder) throws IOException {
        folder.add(file + "-training-loss.png", figures.trainingLoss("Training loss, " + contest.name()))
                .add(file + "-rates.png", figures.rates("Choosing rates, " + contest.name()));
    }

    /** Adds all its pictures: training losses, the choice of rates, validation errors. */
    public void drawAll(ResultFolder folder) throws IOException {
        draw(folder);
        drawErrors(folder);
    }

    /** Adds validation errors. */
    private void drawErrors(ResultFolder folder) throws IOException {
        folder.add(file + "-validation-error.png", figures.validationError("Validation error, " + contest.name()));
    }

    /** A line of Markdown with a picture. */
    public String picture(String kind, String text) {
        return "![" + text + ", " + contest.name() + "](" + file + "-" + kind + ".png)\n\n";
    }

    /** All methods in order, each other method against the first, and rates at the edge, as items. */
    public String reading(Measure measure) {
        String edges = tuned.edges();
        return comparisons(measure) + (edges.isEmpty() ? "" : "- " + edges + "\n") + luck();
    }

    /** Methods whose rate trained well on the seeds of the choice only, as items: what is reported of them says little. */
    public String luck() {
        StringBuilder out = new StringBuilder();
        for (Method method : tuned.methods()) {
            double expected = tuned.choice(method).loss();
            double found = Spread.of(tuned.runs(method).stream()
                            .map(e -> tuned.criterion().of(e.outcome()))
                            .toList())
                    .median();
            if (found > WORSE * expected) {
                out.append("- ")
                        .append(method.name())
                        .append(" was given a rate at which the choice ended with a ")
                        .append(tuned.criterion().text())
                        .append(" of ")
                        .append(Numbers.three(expected))
                        .append(", but the reported seeds end with ")
                        .append(Numbers.three(found))
                        .append(
                                " (median): the rate was chosen by luck, and a comparison says little of the method.\n");
            }
        }
        return out.toString();
    }

    /** Which methods are better than the first on every seed, and which worse. */
    public String always(Measure measure) {
        Method plain = tuned.methods().getFirst();
        int seeds = tuned.tuning().seeds().size();
        List<String> ahead = new ArrayList<>();
        List<String> behind = new ArrayList<>();
        for (Method method : tuned.methods()) {
            if (tuned.wins(method, plain, measure) == seeds) {
                ahead.add(method.name());
            }
            if (tuned.wins(plain, method, measure) == seeds) {
                behind.add(method.name());
            }
        }
        return contest.name() + ": lower " + measure.name() + " than " + plain.name() + " on every seed: "
                + (ahead.isEmpty() ? "none" : String.join("; ", ahead)) + ". Higher on every seed: "
                + (behind.isEmpty() ? "none" : String.join("; ", behind)) + ".";
    }

    /** All methods in order, each other method against the first, as items. */
    public String comparisons(Measure measure) {
        Method plain = tuned.methods().getFirst();
        StringBuilder out = new StringBuilder("- By mean " + measure.name() + ", least first: ")
                .append(tuned.order(measure))
                .append(".\n");
        for (Method method : tuned.methods()) {
            if (!method.equals(plain)) {
                out.append("- ").append(tuned.against(method, plain, measure)).append('\n');
            }
        }
        return out.toString();
    }
}
