package org.quotient.benchmarks.overhead;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.program.Cost;
import org.quotient.benchmarks.compare.Statistics;

/**
 * What was measured of one row.
 *
 * @param row which
 * @param own microseconds of processor time a step of the optimizer took, by pair
 * @param base microseconds of the plainer one, in the same pairs
 * @param processes how many of the pairs each process measured
 * @param ownCost what a step of the optimizer does
 * @param baseCost what a step of the plainer one does
 */
@SuppressWarnings("ArrayRecordComponent")
record OverheadResult(OverheadRow row, double[] own, double[] base, int[] processes, Cost ownCost, Cost baseCost) {

    /** What several processes measured of a row, one after the other. */
    static OverheadResult of(List<OverheadResult> parts) {
        OverheadResult first = parts.getFirst();
        return new OverheadResult(
                first.row,
                parts.stream().flatMapToDouble(p -> Arrays.stream(p.own)).toArray(),
                parts.stream().flatMapToDouble(p -> Arrays.stream(p.base)).toArray(),
                parts.stream().flatMapToInt(p -> Arrays.stream(p.processes)).toArray(),
                first.ownCost,
                first.baseCost);
    }

    /** The median of the ratios that each process measured. */
    double[] mediansOfProcesses() {
        double[] all = ratios();
        double[] medians = new double[processes.length];
        int from = 0;
        for (int i = 0; i < medians.length; i++) {
            medians[i] = Statistics.median(Arrays.copyOfRange(all, from, from + processes[i]));
            from += processes[i];
        }
        return medians;
    }

    /** The ratios, pair by pair. */
    double[] ratios() {
        double[] ratios = new double[own.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own[i] / base[i];
        }
        return ratios;
    }

    /** The median of the ratios with its 95 % interval. */
    Statistics.Estimate ratio() {
        return Statistics.medianInterval(ratios());
    }

    /** Whether the target lies above the interval, in it or below. */
    String verdict() {
        Statistics.Estimate ratio = ratio();
        return ratio.high() <= row.most() ? "met" : ratio.low() > row.most() ? "missed" : "undecided";
    }
}
