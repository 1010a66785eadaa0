package org.quotient.experiments.study;

import java.io.IOException;
import java.util.Locale;
import org.quotient.experiments.ResultFolder;

/**
 * The part of a page on one {@link Contest}: what was run, a table, curves, the choice of rates, and what follows from the numbers.
 *
 * @param contest what was run
 * @param tuned what came out
 * @param figures its pictures
 * @param file the beginning of the pictures' names
 */
public record Section(Contest contest, Tuned tuned, TunedFigures figures, String file) {
    /** With names of pictures from the name of the part, in lower case. */
    public static Section of(Contest contest, Tuned tuned) {
        String file = contest.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return new Section(contest, tuned, TunedFigures.of(tuned), file);
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

    /** Adds validation errors. */
    public void drawErrors(ResultFolder folder) throws IOException {
        folder.add(file + "-validation-error.png", figures.validationError("Validation error, " + contest.name()));
    }

    /** A line of Markdown with a picture. */
    public String picture(String kind, String text) {
        return "![" + text + ", " + contest.name() + "](" + file + "-" + kind + ".png)\n\n";
    }

    /** All methods in order, each other method against the first, and rates at the edge, as items. */
    public String reading(Measure measure) {
        String edges = tuned.edges();
        return comparisons(measure) + (edges.isEmpty() ? "" : "- " + edges + "\n");
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
