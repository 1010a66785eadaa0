package org.quotient.experiments.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.quotient.experiments.Figure;

/**
 * Pictures of what came out of a {@link Tuning}.
 *
 * @param tuned the runs
 * @param label the name of a method in a legend, short enough for all to have a place
 */
public record TunedFigures(Tuned tuned, UnaryOperator<String> label) {
    /** Numbers over more than a decade get a logarithmic axis, which has no labels to speak of for fewer. */
    private static final double DECADE = 10;

    /** With the methods' own names. */
    public static TunedFigures of(Tuned tuned) {
        return new TunedFigures(tuned, UnaryOperator.identity());
    }

    /** The training loss of each run, and its mean. */
    public byte[] trainingLoss(String title) throws IOException {
        return epochs(title, "training loss", true, Outcome.Epoch::trainLoss);
    }

    /** The mean validation error in per cent. */
    public byte[] validationError(String title) throws IOException {
        return epochs(title, "error in %", false, e -> 100 * (1 - e.validationAccuracy()));
    }

    private byte[] epochs(String title, String axis, boolean each, ToDoubleFunction<Outcome.Epoch> number)
            throws IOException {
        DoubleStream all = tuned.methods().stream()
                .flatMap(m -> tuned.runs(m).stream())
                .filter(e -> !e.outcome().diverged())
                .flatMap(e -> e.outcome().epochs().stream())
                .mapToDouble(number);
        return epochs(new Figure(title, "epoch", axis).logarithmic(false, wide(all)), each, number);
    }

    private static boolean wide(DoubleStream numbers) {
        DoubleSummaryStatistics all =
                numbers.filter(x -> x > 0 && x <= Curves.CEILING).summaryStatistics();
        return all.getMax() > DECADE * all.getMin();
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
        DoubleStream all = tuned.methods().stream()
                .flatMapToDouble(m -> m.rates().stream().mapToDouble(rate -> tuned.loss(m, rate)));
        Figure figure = new Figure(
                        title, "learning rate / chosen rate", tuned.criterion().text())
                .logarithmic(true, wide(all));
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
