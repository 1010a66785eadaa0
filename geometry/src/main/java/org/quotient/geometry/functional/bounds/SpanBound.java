package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.jacobian.JacobianRows;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.pattern.Degrees;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * An upper bound of the rank that knows all identities between the columns of the Jacobian: rescalings, products of adjacent linear
 * maps, the common shift under softmax, inputs that are constant over a data set, and whatever else there is.
 *
 * <p><b>Why it is a bound.</b> Let F(θ, x, σ) be the masked network: a polynomial (or quotient of such) in parameters, inputs and
 * masks. At a smooth point the row of the Jacobian is ∂F/∂θ(θ, x, σ) at σ = the masks there, so all rows lie in
 * V(θ) = span of ∂F/∂θ(θ, x, σ) over <em>all</em> x and σ, of any field: dim_fun(θ) ≤ dim V(θ). The dimension of V(θ) is the largest
 * rank of matrices whose entries are polynomials in θ, so it is at most its value R at generic θ (lower semicontinuity), also when
 * θ is restricted to a linear space that contains the θ in question, such as that of its zeros, and x to a set that contains the
 * data.
 *
 * <p><b>How it is found, and what is only likely.</b> R is the rank of rows at random θ, x, σ modulo a prime p, rows being added until
 * several blocks add nothing. Let d bound the degree of an entry. If θ is generic and the span of the rows so far is not all of V(θ),
 * a random row lies in it with probability at most d/p (Schwartz 1980, Zippel 1979); K rows that add nothing bound the chance to have
 * stopped early by (d/p)^K. (The masks of a maximum are drawn with sum 1, as the true ones have it: an affine space, on which the
 * same holds.) A random θ has dim V(θ) below R with probability at most R·d/p; the largest of several draws
 * fails with the product of that. {@link #error} is the sum of both. It assumes that some largest minor, a polynomial with integer
 * coefficients, does not vanish identically modulo each of the primes; those of networks have small coefficients.
 *
 * @param rank R
 * @param error a bound of the probability, over the random draws, that R is larger
 * @param primes the primes used, one for each draw of θ
 */
public record SpanBound(int rank, double error, List<Integer> primes) {
    /** So many rows must add nothing. */
    private static final int IDLE_ROWS = 48;

    /**
     * The bound for all θ with given zeros.
     *
     * @param masked the network
     * @param rows its Jacobian, or some of the columns
     * @param support where the inputs lie
     * @param zeros per parameter name 0 where θ' is 0, else 1; empty if it may be anything
     * @param draws of θ, each modulo its own prime
     * @param most no rank above this is of interest
     */
    public static SpanBound generic(
            MaskedNetwork masked,
            JacobianRows rows,
            Support support,
            Map<String, double[]> zeros,
            int draws,
            int most) {
        List<Integer> primes = new ArrayList<>();
        int rank = 0;
        int idle = IDLE_ROWS;
        double degree = Degrees.ofJacobian(masked);
        for (Numbers.PrimeField field : Primes.largest(draws)) {
            CounterRandom random = CounterRandom.seeded(field.p()).split("span");
            RandomValues draw = new RandomValues(masked, support, field, random);
            RankStream stream = new RankStream(rows, draw.theta(zeros), field, Integer.MAX_VALUE);
            List<Tensor> fixed = draw.sharedMasks();
            int block = Math.max(4, Math.min(stream.samplesPerBlock(), 1 + rows.columns() / 8));
            int quiet = 0;
            int before = 0;
            for (int round = 0; quiet < IDLE_ROWS && before < most; round++) {
                CounterRandom here = random.split(round);
                stream.add(draw.inputs(here, block), draw.masks(here, block, fixed), block);
                int now = stream.rank();
                quiet = now > before ? 0 : quiet + block;
                before = now;
            }
            idle = Math.min(idle, quiet);
            rank = Math.max(rank, Math.min(before, most));
            primes.add(field.p());
            if (rank >= most) {
                return new SpanBound(most, 0, primes);
            }
        }
        double p = primes.get(primes.size() - 1);
        double error = Math.pow(Math.min(1, (rank + 1) * degree / p), draws) + draws * Math.pow(degree / p, idle);
        return new SpanBound(rank, error, primes);
    }
}
