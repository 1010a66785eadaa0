package org.quotient.experiments.study;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.Spread;

/** Cells of tables over the runs of one method, one run per seed. Runs that diverged are counted and not averaged away. */
public final class Cells {
    private Cells() {}

    /** Test error in per cent, mean ± standard deviation over the runs that did not diverge, and how many did. */
    public static String testError(List<Entry> runs) {
        return deviation(runs, o -> 100 * (1 - o.testAccuracy()), 2);
    }

    /** A number of each run, mean ± standard deviation over the runs that did not diverge, and how many did. */
    public static String deviation(List<Entry> runs, ToDoubleFunction<Outcome> number, int digits) {
        List<Double> values = finite(runs, number);
        String failed = diverged(runs) == 0 ? "" : diverged(runs) + " of " + runs.size() + " diverged";
        if (values.isEmpty()) {
            return runs.isEmpty() ? "–" : failed;
        }
        String text = Numbers.deviation(Spread.of(values), digits);
        return failed.isEmpty() ? text : text + "; " + failed;
    }

    /** A small number of each run, such as a training loss: median with range, and how many diverged. */
    public static String range(List<Entry> runs, ToDoubleFunction<Outcome> number) {
        List<Double> values = finite(runs, number);
        String failed = diverged(runs) == 0 ? "" : diverged(runs) + " of " + runs.size() + " diverged";
        if (values.isEmpty()) {
            return runs.isEmpty() ? "–" : failed;
        }
        String text = Numbers.range(Spread.of(values));
        return failed.isEmpty() ? text : text + "; " + failed;
    }

    /** How many runs diverged. */
    public static long diverged(List<Entry> runs) {
        return runs.stream().filter(e -> e.outcome().diverged()).count();
    }

    /** The mean test error from 0 to 1; a run that diverged counts as chance over ten classes, 0.9. */
    public static double meanError(List<Entry> runs) {
        return runs.stream()
                .mapToDouble(e -> e.outcome().diverged() ? 0.9 : 1 - e.outcome().testAccuracy())
                .average()
                .orElse(Double.NaN);
    }

    /** A rate, marked if it is at the edge of its grid. */
    public static String rate(Choice choice) {
        return Numbers.two(choice.rate()) + (choice.atEdge() ? " (edge)" : "");
    }

    /** The ends of a method's grid of rates. */
    public static String grid(Method method) {
        Spread rates = Spread.of(method.rates());
        return Numbers.brief(rates.least()) + " to " + Numbers.brief(rates.most());
    }

    private static List<Double> finite(List<Entry> runs, ToDoubleFunction<Outcome> number) {
        return runs.stream()
                .map(Entry::outcome)
                .filter(o -> !o.diverged())
                .map(number::applyAsDouble)
                .toList();
    }
}
