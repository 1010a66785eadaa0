package org.quotient.experiments.moons;

import java.util.Comparator;
import java.util.List;
import org.quotient.experiments.Spread;
import org.quotient.experiments.moons.MoonsStudy.End;
import org.quotient.experiments.moons.MoonsStudy.Rule;
import org.quotient.experiments.moons.MoonsStudy.Run;

/**
 * Runs gathered over seeds.
 *
 * @param runs all of them
 */
record Summary(List<Run> runs) {

    /**
     * The seeds of one cell.
     *
     * @param runs one per seed
     */
    record Cell(List<Run> runs) {
        /** Final training losses, infinite where a run diverged. */
        Spread loss() {
            return Spread.of(runs.stream().map(Run::finalLoss).toList());
        }

        /** Test accuracies of the runs that did not diverge; empty if all did. */
        List<Double> accuracies() {
            return runs.stream()
                    .filter(r -> r.end() != End.DIVERGED)
                    .map(Run::testAccuracy)
                    .toList();
        }

        long count(End end) {
            return runs.stream().filter(r -> r.end() == end).count();
        }

        Spread rates() {
            return Spread.of(runs.stream().map(Run::rate).toList());
        }
    }

    /** The runs of a method with a rate of the grid. */
    Cell cell(int depth, Method method, double rate) {
        return new Cell(runs.stream()
                .filter(r -> r.depth() == depth && r.method() == method && r.rule() == Rule.GRID && r.rate() == rate)
                .toList());
    }

    /** The runs of a method with rates of its own. */
    Cell matched(int depth, Method method, Rule rule) {
        return new Cell(runs.stream()
                .filter(r -> r.depth() == depth && r.method() == method && r.rule() == rule)
                .toList());
    }

    /** The rate of the grid with the lowest median final training loss, the smallest of equals. */
    double best(int depth, Method method) {
        return runs.stream()
                .filter(r -> r.depth() == depth && r.method() == method && r.rule() == Rule.GRID)
                .map(Run::rate)
                .distinct()
                .sorted()
                .min(Comparator.comparingDouble(
                        rate -> cell(depth, method, rate).loss().median()))
                .orElseThrow();
    }
}
