package org.quotient.geometry.functional;

import java.util.List;

/**
 * What is known of a network's functional dimension at a point θ (Grigsby, Lindsey, Meyerhoff and Wu 2022: the largest rank of the
 * Jacobian over finite sets of smooth points), or of its rank on a given set of points.
 *
 * @param parameters all trainable numbers
 * @param live those on a path to an output; only these have columns in the Jacobian
 * @param bound what the architecture allows: live − rank of the rescaling group, less identities that hold at all parameters
 * @param rank the rank found
 * @param lower a lower bound of the functional dimension: the rank of an exact Jacobian modulo a prime, at most that over Q
 * @param upper an upper bound: the least of {@code bound} and what is known at θ
 * @param attained whether {@code lower} is {@code bound}: θ has no hidden symmetries (Grigsby, Lindsey and Rolnick 2023)
 * @param proved whether {@code lower} is {@code upper}, with a probability of error of the upper bound below 10^−9
 * @param error a bound of the probability, over random draws, that {@code bound} or {@code upper} are too low; 0 where the
 *     rescaling group gives them
 * @param method how, in words
 * @param primes the primes that elimination ran modulo
 * @param points how many points the rank is about
 * @param rejected how many points lay on a kink and were left out
 * @param exactly how many points needed rational arithmetic to decide their masks
 * @param seed of the points drawn; 0 where points were given
 * @param remark what limits the result, empty if nothing
 */
public record FunctionalRank(
        long parameters,
        int live,
        int bound,
        int rank,
        int lower,
        int upper,
        boolean attained,
        boolean proved,
        double error,
        String method,
        List<Integer> primes,
        long points,
        long rejected,
        long exactly,
        long seed,
        String remark) {

    /** Keeps an unmodifiable list. */
    public FunctionalRank {
        primes = List.copyOf(primes);
    }

    /** Dimensions between the bound and what was found: hidden symmetries, or points that were not. */
    public int deficiency() {
        return bound - lower;
    }
}
