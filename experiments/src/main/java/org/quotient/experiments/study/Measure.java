package org.quotient.experiments.study;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.quotient.experiments.Numbers;

/**
 * By which runs are compared; less is better.
 *
 * @param name such as {@code test error}
 * @param number of a run that did not diverge
 * @param failed what a run that diverged counts as
 * @param unit behind a number, with its space; empty for none
 * @param units behind a difference, likewise
 * @param digits behind the point; significant ones if there is no unit
 */
public record Measure(
        String name, ToDoubleFunction<Outcome> number, double failed, String unit, String units, int digits) {
    /** Test error in per cent; a run that diverged counts as chance over ten classes. */
    public static Measure testError() {
        return percent("test error", o -> 100 * (1 - o.testAccuracy()), 90);
    }

    /** A number in per cent. */
    public static Measure percent(String name, ToDoubleFunction<Outcome> number, double failed) {
        return new Measure(name, number, failed, " %", " points", 2);
    }

    /** The mean training loss of the last epoch. */
    public static Measure trainLoss() {
        return loss("training loss", Outcome::trainLoss);
    }

    /** A loss; that of a run that diverged is infinite. */
    public static Measure loss(String name, ToDoubleFunction<Outcome> number) {
        return new Measure(name, number, Double.POSITIVE_INFINITY, "", "", 3);
    }

    /** The mean over runs. */
    public double mean(List<Entry> runs) {
        return runs.stream()
                .map(Entry::outcome)
                .mapToDouble(o -> o.diverged() ? failed : number.applyAsDouble(o))
                .average()
                .orElse(Double.NaN);
    }

    /** A number with its unit. */
    public String text(double value) {
        return written(value) + unit;
    }

    /** A difference with its unit. */
    public String difference(double value) {
        return (Double.isNaN(value) ? "not defined" : written(value) + units);
    }

    private String written(double value) {
        return unit.isEmpty() ? Numbers.significant(value, digits) : Numbers.fixed(value, digits);
    }
}
