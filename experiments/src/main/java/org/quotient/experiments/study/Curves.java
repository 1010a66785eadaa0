package org.quotient.experiments.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.quotient.experiments.Figure;

/** Lines of figures from runs. */
public final class Curves {
    /** Above this is nothing to be seen: neither losses of a network that learns nor errors in per cent. */
    static final double CEILING = 100;

    private Curves() {}

    /**
     * A number per epoch: a line for the mean over the runs that did not diverge, ended where one has no more epochs; nothing if
     * all diverged.
     *
     * @param name for the legend; empty for a faint line without
     * @param of which runs
     * @param number of an epoch
     */
    public static void epochs(
            Figure figure, String name, int colour, List<Entry> of, ToDoubleFunction<Outcome.Epoch> number) {
        List<Entry> runs = of.stream().filter(e -> !e.outcome().diverged()).toList();
        int length =
                runs.stream().mapToInt(e -> e.outcome().epochs().size()).min().orElse(0);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int k = 0; k < length; k++) {
            int epoch = k;
            double mean = runs.stream()
                    .mapToDouble(e -> number.applyAsDouble(e.outcome().epochs().get(epoch)))
                    .average()
                    .orElseThrow();
            x.add(k + 1.0);
            y.add(mean);
        }
        line(figure, name, colour, x, y);
    }

    /** A line through what is positive and at most 100, if there is anything to draw. */
    public static void line(Figure figure, String name, int colour, List<Double> x, List<Double> y) {
        List<Integer> shown = IntStream.range(0, y.size())
                .filter(i -> y.get(i) > 0 && y.get(i) <= CEILING)
                .boxed()
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        List<Double> a = shown.stream().map(x::get).toList();
        List<Double> b = shown.stream().map(y::get).toList();
        if (name.isEmpty()) {
            figure.faint(colour % Figure.COLOURS, a, b);
        } else {
            figure.line(name, colour % Figure.COLOURS, a, b, false);
        }
    }
}
