package org.quotient.geometry;

import java.util.List;
import java.util.Optional;
import org.quotient.geometry.paths.EliminatedRank;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.geometry.paths.TooLargeException;

/**
 * The rank of the path vectors by elimination over all scalar paths: a lower bound of live − generators that does not depend
 * on the inference of scales.
 *
 * @param rank the rank
 * @param live how many parameters lie on a scalar path
 * @param sameLive whether these are the live parameters of the liveness analysis
 * @param primes the primes modulo which elimination ran
 */
record ScalarBound(long rank, long live, boolean sameLive, List<Integer> primes) {

    /** The bound, or nothing if the network has too many scalar terms. */
    static Optional<ScalarBound> of(Liveness liveness) {
        if (ElementCount.terms(liveness.order()) > PathGraph.DEFAULT_BUDGET) {
            return Optional.empty();
        }
        try {
            PathGraph paths = liveness.paths();
            EliminatedRank rank = EliminatedRank.of(paths);
            boolean same = paths.live().equals(liveness.live());
            return Optional.of(new ScalarBound(rank.rank(), rank.live(), same, rank.primes()));
        } catch (TooLargeException tooLarge) {
            return Optional.empty();
        }
    }
}
