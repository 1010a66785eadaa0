package org.quotient.optimizers.zoo;

import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.paths.PathMetric;

/**
 * Path-SGD (Neyshabur, Salakhutdinov and Srebro 2015): w_e ← w_e − (η/κ_e)·∂L/∂w_e with
 * κ_e = (Σ_{paths p∋e} Π_{e′∈p, e′≠e} |w_e′|^p)^(2/p), coordinate-wise steepest descent with respect to the path norm. For p = 2 and an
 * edge u → v, κ_e = γ_in²(u)·γ_out²(v), from one forward and one backward pass of the squared network on an input of ones. Law:
 * invariant.
 *
 * <p>Departures: any network with a path lifting instead of layered ones. A bias is an edge from a constant input of 1 (the published
 * trainer has it so too; the widely copied port to PyTorch never reaches its gradients and runs plain SGD, and scales by a ratio that the
 * paper does not have). Maxima count as sums over what they choose from. Weights that paths reuse get the first-order term unless
 * {@code kappa=exact} (Neyshabur, Wu, Salakhutdinov and Srebro 2016). Where κ = 0 the step is 0. Momentum, which the paper lacks,
 * averages the vectors g/κ, tangent vectors that are carried from point to point as they are.
 *
 * <p>Example: x = (2, 1), y = (0, 9), ½‖f − y‖², W1 = (2, −1 | 1, 3), W2 = (1, −1 | 2, 1) by rows of outputs; κ = 5, 5 | 2, 2 and
 * 5, 10 | 5, 10. One step with η = 0.01 takes the loss from 4 to 3.2597914576, from every representative.
 */
public final class PathSgd {
    private PathSgd() {}

    /** Path-SGD with p = 2. */
    public static Update of() {
        return of(2, false, Direction.chain());
    }

    /**
     * Path-SGD.
     *
     * @param p exponent of the path norm, positive
     * @param exact half the second derivative where paths reuse a parameter; for p = 2
     * @param direction in between, such as momentum, which is kept in tangent vectors
     */
    public static Update of(double p, boolean exact, Direction direction) {
        return Composition.of("path-sgd", new PathMetric(p, exact), direction, Retraction.euclidean());
    }
}
