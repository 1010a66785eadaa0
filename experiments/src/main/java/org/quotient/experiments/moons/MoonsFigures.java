package org.quotient.experiments.moons;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.Spread;
import org.quotient.experiments.moons.MoonsStudy.Results;
import org.quotient.experiments.moons.MoonsStudy.Run;
import org.quotient.experiments.moons.MoonsStudy.Settings;

/** The plots: medians over seeds as lines, seeds faint. */
final class MoonsFigures {
    private final Settings settings;
    private final Summary summary;

    MoonsFigures(Results results) {
        this.settings = results.settings();
        this.summary = new Summary(results.runs());
    }

    byte[] lossAgainstRate(int depth) throws IOException {
        Figure figure = new Figure(
                        "k = " + depth + ": training loss after " + settings.epochs() + " epochs",
                        "learning rate",
                        "final training loss")
                .logarithmic(true, true);
        for (Method method : Method.values()) {
            List<Double> medians = new ArrayList<>();
            for (double rate : settings.rates()) {
                Summary.Cell cell = summary.cell(depth, method, rate);
                medians.add(cell.loss().median());
                for (Run run : cell.runs()) {
                    figure.points(method.ordinal(), List.of(rate), List.of(run.finalLoss()));
                }
            }
            figure.line(method.label(), method.ordinal(), settings.rates(), medians, true);
        }
        return figure.png();
    }

    byte[] curvesAtSmallRate(int depth) throws IOException {
        return curves(
                depth,
                "k = " + depth + ": every method at rate " + Numbers.brief(settings.smallRate()),
                method -> settings.smallRate());
    }

    byte[] curvesAtBestRate(int depth) throws IOException {
        return curves(depth, "k = " + depth + ": every method at its best rate", method -> summary.best(depth, method));
    }

    private byte[] curves(int depth, String title, ToDoubleFunction<Method> rate) throws IOException {
        Figure figure = new Figure(title, "epoch", "training loss").logarithmic(false, true);
        int points = settings.epochs() / settings.every() + 1;
        for (Method method : Method.values()) {
            double at = rate.applyAsDouble(method);
            List<Run> runs = summary.cell(depth, method, at).runs();
            List<Double> epochs = new ArrayList<>();
            List<Double> medians = new ArrayList<>();
            for (int t = 0; t < points; t++) {
                int index = t;
                epochs.add((double) t * settings.every());
                // A curve that ended early had an infinite loss from there on.
                medians.add(Spread.of(runs.stream()
                                .map(r -> index < r.curve().size() ? r.curve().get(index) : Double.POSITIVE_INFINITY)
                                .toList())
                        .median());
            }
            for (Run run : runs) {
                if (!run.curve().isEmpty()) {
                    figure.faint(method.ordinal(), epochs.subList(0, run.curve().size()), run.curve());
                }
            }
            figure.line(method.label() + " at " + Numbers.brief(at), method.ordinal(), epochs, medians, false);
        }
        return figure.png();
    }
}
