package org.quotient.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.optimizers.training.LedgerListener;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.RankSeries;
import org.quotient.optimizers.training.Score;

/** What a training reached; {@code validation} is null without a validation part. */
record TrainAnswer(
        String network,
        String data,
        String dataDescription,
        String optimizer,
        double learningRate,
        int batch,
        Score train,
        @Nullable Score validation,
        Score test,
        Progress done,
        long resumedAt,
        double seconds,
        LedgerListener.@Nullable Books books,
        List<Tried> tried,
        RankSeries readings,
        @Nullable String out)
        implements Answer {
    /**
     * A learning rate of a grid.
     *
     * @param held the last validation loss, NaN if the run diverged
     */
    record Tried(double learningRate, double held) {}

    @Override
    public int exitCode() {
        return books != null && books.violated() > 0 ? 1 : 0;
    }

    @Override
    public void json(Json json) {
        json.put("trainLoss", train.loss())
                .put("trainAccuracy", train.accuracy())
                .put("testLoss", test.loss())
                .put("testAccuracy", test.accuracy())
                .put("seconds", seconds)
                .put("steps", done.state().steps());
        if (!Double.isNaN(test.meanIou())) {
            json.put("trainMeanIou", train.meanIou()).put("testMeanIou", test.meanIou());
        }
        if (validation != null) {
            json.put("validationLoss", validation.loss()).put("validationAccuracy", validation.accuracy());
            if (!Double.isNaN(validation.meanIou())) {
                json.put("validationMeanIou", validation.meanIou());
            }
        }
        json.put("epochs", done.epochs().size())
                .put("resumedAt", resumedAt)
                .put("optimizer", optimizer)
                .put("learningRate", learningRate)
                .put("batch", batch)
                .put("data", data)
                .put("network", network);
        if (!tried.isEmpty()) {
            json.objects(
                    "grid",
                    tried,
                    (object, t) -> object.put("learningRate", t.learningRate())
                            .put("validationLoss", t.held())
                            .put("diverged", Double.isNaN(t.held())));
        }
        if (books != null) {
            json.put(
                    "ledger",
                    l -> l.put("steps", books.entries())
                            .put("violated", books.violated())
                            .put("worst", books.worst())
                            .put("tolerance", books.tolerance()));
        }
        if (!readings.entries().isEmpty()) {
            Readings.json(json, readings.entries());
        }
        if (out != null) {
            json.put("out", out);
        }
    }

    @Override
    public String text(Style style) {
        boolean pixels = !Double.isNaN(test.meanIou());
        String text = style.strong(network + " on " + data) + "  " + style.faint(dataDescription) + "\n"
                + optimizer + ", learning rate " + learningRate + ", batch " + batch + ", "
                + Table.count(done.state().steps()) + " steps, " + done.epochs().size() + " epochs, "
                + Table.real(seconds)
                + " s" + (resumedAt > 0 ? " (resumed at step " + Table.count(resumedAt) + ")" : "") + "\n";
        Table table =
                pixels ? new Table("", "loss#", "pixel accuracy#", "mean IoU#") : new Table("", "loss#", "accuracy#");
        row(table, "train", train, pixels);
        if (validation != null) {
            row(table, "validation", validation, pixels);
        }
        row(table, "test", test, pixels);
        for (Tried t : tried) {
            text += "tried learning rate " + t.learningRate() + ": "
                    + (Double.isNaN(t.held()) ? "diverged" : "validation loss " + Table.real(t.held())) + "\n";
        }
        return text
                + table.text(style)
                + (books == null ? "" : ledger(style, books))
                + (readings.entries().isEmpty() ? "" : Readings.text(style, readings))
                + (out == null ? "" : "written to " + out + "\n");
    }

    private static void row(Table table, String part, Score score, boolean pixels) {
        String accuracy = Double.isNaN(score.accuracy()) ? "-" : percent(score.accuracy());
        if (pixels) {
            table.row(part, Table.real(score.loss()), accuracy, percent(score.meanIou()));
        } else {
            table.row(part, Table.real(score.loss()), accuracy);
        }
    }

    private static String ledger(Style style, LedgerListener.Books books) {
        String worst =
                " (worst residual " + Table.real(books.worst()) + ", tolerance " + Table.real(books.tolerance()) + ")";
        return books.violated() == 0
                ? "conservation laws held in all " + Table.count(books.entries()) + " steps" + worst + "\n"
                : style.bad("conservation laws were broken in " + Table.count(books.violated()) + " of "
                                + Table.count(books.entries()) + " steps")
                        + worst + "\n";
    }

    private static String percent(double fraction) {
        return String.format(java.util.Locale.ROOT, "%.2f %%", 100 * fraction);
    }
}
