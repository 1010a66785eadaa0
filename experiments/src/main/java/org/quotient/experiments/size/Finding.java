package org.quotient.experiments.size;

import java.util.List;

/**
 * What one case showed.
 *
 * @param bound what the architecture allows
 * @param lower of the functional dimension, or the rank on given points; of singular values the count
 * @param upper no rank exceeds it; the bound where there is no proof
 * @param proved whether both meet
 * @param error a bound of the probability that the upper bound is wrong
 * @param points how many, those on a kink left out
 * @param lost causes of what is missing
 * @param unexplained dimensions without one
 * @param gap of singular values, 0 for exact ranks, −1 if nothing is left out
 * @param cpu seconds of the process, all threads
 * @param remark what limits the result
 */
public record Finding(
        int parameters,
        int bound,
        int lower,
        int upper,
        boolean proved,
        double error,
        long points,
        List<String> lost,
        int unexplained,
        double gap,
        double cpu,
        String remark) {
    /** Copies the list. */
    public Finding {
        lost = List.copyOf(lost);
    }
}
