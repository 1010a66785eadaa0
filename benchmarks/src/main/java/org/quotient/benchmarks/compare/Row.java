package org.quotient.benchmarks.compare;

import java.util.List;
import java.util.function.Function;

/**
 * One row of the table: a piece of work, and who does it.
 *
 * @param id short, for the command line
 * @param work in words
 * @param size sizes, batch and number type in words
 * @param tolerance how far results may differ, relative to ours; infinity if they are not the same thing
 * @param cpu whether processor time counts instead of the clock on the wall
 * @param target what is to be reached
 * @param ours makes our side
 * @param others makes the variants of each other contender, one list for each
 */
record Row(
        String id,
        String work,
        String size,
        double tolerance,
        boolean cpu,
        Target target,
        Function<Peers, Contender> ours,
        Function<Peers, List<List<Contender>>> others) {}
