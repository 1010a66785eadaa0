package org.quotient.experiments.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.quotient.experiments.Figure;

/**
 * Pictures of what came out of a {@link Tuning}.
 *
 * @param tuned the runs
 * @param label the name of a method in a legend, short enough for all to have a place
 */
public record TunedFigures(Tuned tuned, UnaryOperator<String> label) {
    /** With the methods' own names. */
    public static TunedFigures of(Tuned tuned) {
        return new TunedFigures(tuned, UnaryOperator.identity());
    }

    /** The training loss of each run, and its mean, on a logarithmic axis. */
    public byte[] trainingLoss(String title) throws IOException {
        return epochs(
                new Figure(title, "epoch", "training loss").logarithmic(false, true), true, Outcome.Epoch::trainLoss);
    }

    /** The mean validation error in per cent, on a logarithmic axis. */
    public byte[] validationError(String title) throws IOException {
        return epochs(
                new Figure(title, "epoch", "error in %").logarithmic(false, true),
                false,
                e -> 100 * (1 - e.validationAccuracy()));
    }

    /**
     * A number per epoch, its mean over the reported runs of each method that did not diverge.
     *
     * @param each whether a faint line is drawn for every run too
     */
    public byte[] epochs(Figure figure, boolean each, ToDoubleFunction<Outcome.Epoch> number) throws IOException {
        for (int i = 0; i < tuned.methods().size(); i++) {
            Method method = tuned.methods().get(i);
            for (Entry run : each ? tuned.runs(method) : List.<Entry>of()) {
                Curves.epochs(figure, "", i, List.of(run), number);
            }
            Curves.epochs(figure, label.apply(method.name()), i, tuned.runs(method), number);
        }
        return figure.png();
    }

    /** How the choice came about: the criterion against rates, as multiples of the chosen one. */
    public byte[] rates(String title) throws IOException {
        Figure figure = new Figure(
                        title, "learning rate / chosen rate", tuned.criterion().text())
                .logarithmic(true, true);
        for (int i = 0; i < tuned.methods().size(); i++) {
            Method method = tuned.methods().get(i);
            double chosen = tuned.choice(method).rate();
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (double rate : method.rates().stream().sorted().toList()) {
                x.add(rate / chosen);
                y.add(tuned.loss(method, rate));
            }
            Curves.line(figure, label.apply(method.name()), i, x, y);
        }
        return figure.png();
    }
}
