package org.quotient.benchmarks.overhead;

import org.quotient.autodiff.program.Cost;
import org.quotient.benchmarks.compare.Statistics;

/**
 * What was measured of one row.
 *
 * @param row which
 * @param own microseconds of processor time a step of the optimizer took, by pair
 * @param base microseconds of the plainer one, in the same pairs
 * @param ownCost what a step of the optimizer does
 * @param baseCost what a step of the plainer one does
 */
@SuppressWarnings("ArrayRecordComponent")
record OverheadResult(OverheadRow row, double[] own, double[] base, Cost ownCost, Cost baseCost) {

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
