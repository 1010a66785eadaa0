package org.quotient.geometry.manifold;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;

/**
 * From a tangent vector to a point: R(θ, 0) = θ with derivative the identity (Absil, Mahony and Sepulchre 2008, section 4.1). Both
 * commute with rescaling, R(gθ, χξ) = g·R(θ, ξ), bit for bit for powers of two, and so descend to the quotient.
 */
public enum Retraction {
    /** θ + ξ. */
    ADDITIVE,
    /** θ∘exp(ξ/θ): signs never change and zeros stay zero; the exponential map of the logarithmic metric on all entries. */
    MULTIPLICATIVE;

    private double step(double theta, double xi) {
        return switch (this) {
            case ADDITIVE -> theta + xi;
            case MULTIPLICATIVE -> theta == 0 ? theta : theta * Math.exp(xi / theta);
        };
    }

    /**
     * The point.
     *
     * @param theta θ; buffers and whatever ξ does not name are shared
     * @param xi per name of a parameter a tensor of its shape
     * @return parameters in their dtypes
     * @throws IllegalArgumentException if a shape differs
     */
    public Weights at(Weights theta, Map<String, Tensor> xi) {
        Map<String, Tensor> out = new LinkedHashMap<>(theta.asMap());
        out.replaceAll((name, x) -> {
            Tensor v = xi.get(name);
            if (v == null) {
                return x;
            }
            if (!v.shape().equals(x.shape())) {
                throw new IllegalArgumentException("A tangent vector has the shapes of the parameters; '" + name
                        + "' is " + x.shape() + ", given " + v.shape());
            }
            double[] moved = new double[x.size()];
            for (int i = 0; i < moved.length; i++) {
                moved[i] = step(x.get(i), v.get(i));
            }
            return Tensor.of(x.shape(), x.dtype(), moved);
        });
        return Weights.of(out);
    }
}
