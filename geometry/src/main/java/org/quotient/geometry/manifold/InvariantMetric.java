package org.quotient.geometry.manifold;

import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;

/**
 * A diagonal Riemannian metric Σ_e (dθ_e/ε_e)² on the parameters, given by its covariant units ε(θ). It is invariant under
 * rescaling exactly if ε(gθ) = χ(g)∘ε(θ), that is if the units are multiplied as the parameters are: ε = |θ| (the logarithmic
 * metric), the norm of a unit's weights in one hidden layer ({@link ShallowQuotient}), or s_v/s_u with the scales of a frame.
 */
@FunctionalInterface
public interface InvariantMetric {

    /**
     * The units at a point.
     *
     * @param theta θ
     * @return per parameter name a tensor of its shape with ε_e > 0, or 0 for an entry without length: it counts in no inner
     *     product and no gradient moves it
     */
    Map<String, Tensor> units(Weights theta);
}
