package org.quotient.geometry.laws;

import java.util.BitSet;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.pattern.FixedParts;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * How many independent functions of the parameters gradient flow conserves whatever the data and the loss: h with ∇h orthogonal to the Lie
 * algebra that the fields ∇φ_i generate, φ being what the function depends on. Where its dimension is constant there are D − dim
 * of them (Marcotte, Gribonval and Peyré 2023, theorem 3.3).
 *
 * <p>The dimension is found at random parameters modulo primes, and is at most the true one, so {@link #laws} is an upper bound, and
 * wrong with a chance of about the degree of the brackets over 2^22, for each of two primes. Where laws are known that many,
 * it is proved.
 *
 * <pre>{@code
 * ConservationLaws.of(model).laws();                              // of a network: one per hidden unit of a ReLU network
 * ConservationLaws.of(List.of(q.matmul(k.transpose())), List.of(q, k));  // of polynomials in parameters
 * }</pre>
 *
 * @param parameters D, the dimension of the space: live parameters; with momentum 2·live + 1
 * @param closure the dimension of the Lie algebra at a random point
 * @param known how many independent laws are known: for gradient flow one for each generator of the rescaling group, Bᵀ(θ∘θ)
 */
public record ConservationLaws(int parameters, int closure, int known) {
    /**
     * The laws of gradient flow of a network.
     *
     * @param model of whose weights only the buffers matter, unless something decided by parameters alone is compared
     * @throws IllegalArgumentException naming the operation, if the network is not piecewise polynomial or combines samples
     */
    public static ConservationLaws of(Model model) {
        return of(model, false);
    }

    /**
     * The laws of θ̈ + τ·θ̇ = −∇L, functions of time, parameters and velocities; none are known beforehand.
     *
     * @throws IllegalArgumentException as for {@link #of(Model)}
     */
    public static ConservationLaws withMomentum(Model model) {
        return of(model, true);
    }

    private static ConservationLaws of(Model model, boolean momentum) {
        Network folded = FixedParts.fold(model.network(), model.weights());
        RescalingGroup group = RescalingGroup.of(folded);
        BitSet live = group.liveness().live();
        CounterRandom random = CounterRandom.seeded(0).split("laws");
        VectorFields gradients = new NetworkGradients(MaskedNetwork.of(model.network(), model.weights()), random);
        VectorFields fields = momentum ? new MomentumFields(gradients, random.split("momentum")) : gradients;
        int parameters = momentum ? 2 * live.cardinality() + 1 : live.cardinality();
        return new ConservationLaws(parameters, closure(fields), momentum ? 0 : group.rank());
    }

    /**
     * The laws of gradient flow for losses that depend on the parameters through polynomials only.
     *
     * @param lifting the polynomials, as elements of expressions of the parameters
     * @param parameters all of them; those that no polynomial depends on are conserved each
     * @throws ArithmeticException naming the operation, if one is not a field operation
     */
    public static ConservationLaws of(List<Expr> lifting, List<Expr> parameters) {
        CounterRandom random = CounterRandom.seeded(0).split("laws");
        int size = parameters.stream().mapToInt(p -> p.shape().elements()).sum();
        return new ConservationLaws(size, closure(new LiftingGradients(lifting, parameters, random)), 0);
    }

    private static int closure(VectorFields fields) {
        int most = 0;
        for (Numbers.PrimeField field : Primes.largest(2)) {
            most = Math.max(most, LieClosure.dimension(fields, field));
        }
        return most;
    }

    /** How many independent laws there are at most, and but for the chance named above exactly. */
    public int laws() {
        return parameters - closure;
    }

    /** Whether as many laws are known. */
    public boolean proved() {
        return known == laws();
    }
}
