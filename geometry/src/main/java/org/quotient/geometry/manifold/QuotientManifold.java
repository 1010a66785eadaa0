package org.quotient.geometry.manifold;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/**
 * The quotient of a network's parameters by rescaling, with the Riemannian metric that an invariant metric induces: a class is
 * represented by any of its points θ, a tangent vector of the quotient by its horizontal lift to θ.
 *
 * <p>It is a manifold where every generator moves some live parameter that is not zero; elsewhere (units whose weights are all
 * zero on one side) orbits have a smaller dimension, and vertical spaces too.
 *
 * @param matrix B of the network's group
 * @param metric on the parameters, invariant under the group
 */
public record QuotientManifold(RescalingMatrix matrix, InvariantMetric metric) {

    /** The quotient of a network's parameters. */
    public static QuotientManifold of(RescalingGroup group, InvariantMetric metric) {
        return new QuotientManifold(RescalingMatrix.of(group), metric);
    }

    /** The tangent space at a point, with its vertical and horizontal parts. */
    public TangentSpace at(Weights theta) {
        return TangentSpace.of(matrix, theta, metric.units(theta));
    }

    /**
     * Frame transport (ε'/ε)∘ξ: the identity on invariant coordinates ξ/ε. It preserves inner products, and commutes with
     * rescaling at either end: the result at gθ' is χ(g) times that at θ'.
     *
     * @param from θ
     * @param to θ', any representative of its class
     * @param xi a tangent vector at θ
     * @return a tangent vector at θ', 0 where the unit at θ is 0; horizontal if ξ is only for the logarithmic metric
     */
    public Map<String, Tensor> transport(Weights from, Weights to, Map<String, Tensor> xi) {
        Map<String, Tensor> units = metric.units(from);
        Map<String, Tensor> others = metric.units(to);
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (String name : matrix.parts().keySet()) {
            Tensor x = matrix.of(xi, name);
            Tensor e = matrix.of(units, name);
            Tensor f = matrix.of(others, name);
            double[] values = new double[x.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = e.get(i) == 0 ? 0 : x.get(i) / e.get(i) * f.get(i);
            }
            out.put(name, Tensor.of(x.shape(), values));
        }
        return out;
    }

    /**
     * Transport by projection (Absil, Mahony and Sepulchre 2008, section 8.1.4): the horizontal component at θ' of a vector at θ.
     *
     * @param to θ', reached by a retraction from the representative at which ξ lives
     * @param xi a tangent vector at θ
     */
    public Map<String, Tensor> project(Weights to, Map<String, Tensor> xi) {
        return at(to).horizontal(xi);
    }
}
