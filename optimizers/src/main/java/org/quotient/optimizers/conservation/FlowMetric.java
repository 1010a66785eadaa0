package org.quotient.optimizers.conservation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.manifold.InvariantMetric;
import org.quotient.geometry.manifold.LogQuotient;
import org.quotient.geometry.manifold.RescalingMatrix;
import org.quotient.geometry.manifold.ShallowQuotient;

/**
 * A metric Σ(dθ_e/ε_e)² for gradient flow dθ/dt = −ε²∘g, with the charges that it conserves. A function h is conserved whatever
 * the loss if ε²∘∇h is vertical; each charge here is one whose gradient in the metric is a multiple of the vertical vector of
 * its generator.
 *
 * @param name for reports
 * @param units ε at a point
 * @param charges one number per generator
 * @param scale what a drift of the charges is relative to, one number per generator
 */
public record FlowMetric(
        String name, InvariantMetric units, Function<Weights, double[]> charges, Function<Weights, double[]> scale) {

    /** ε = 1: c_k = Σ_e B_ek θ_e², relative to Σ_e |B_ek| θ_e². This metric is not invariant under rescaling. */
    public static FlowMetric euclidean(RescalingGroup group) {
        RescalingMatrix matrix = RescalingMatrix.of(group);
        return new FlowMetric(
                "euclidean",
                theta -> map(matrix, theta, x -> 1),
                theta -> matrix.bilinear(theta.asMap(), theta.asMap()),
                theta -> matrix.absolute(theta.asMap(), theta.asMap()));
    }

    /** ε = |θ| on what the group moves: Σ_e B_ek ln|θ_e| over the entries that are not zero. */
    public static FlowMetric logarithmic(RescalingGroup group) {
        LogQuotient quotient = LogQuotient.of(group);
        RescalingMatrix matrix = RescalingMatrix.of(group);
        return new FlowMetric(
                "logarithmic",
                quotient,
                theta -> matrix.bilinear(
                        map(matrix, theta, x -> x == 0 ? 0 : Math.log(Math.abs(x))), map(matrix, theta, x -> 1)),
                theta -> ones(group.rank()));
    }

    /**
     * ε = ‖w_in‖ or ‖w_out‖ of the unit: ln‖w_in‖ − ln‖w_out‖ (Badrinarayanan, Mishra and Cipolla 2015).
     *
     * @throws IllegalArgumentException if two generators share an entry; see {@link ShallowQuotient#of}
     */
    public static FlowMetric shallow(RescalingGroup group) {
        ShallowQuotient quotient = ShallowQuotient.of(group);
        return new FlowMetric("shallow", quotient, quotient::logBalance, theta -> ones(group.rank()));
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static Map<String, Tensor> map(
            RescalingMatrix matrix, Weights theta, java.util.function.DoubleUnaryOperator f) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        matrix.group().network().parameters().forEach(p -> {
            Tensor x = theta.get(p);
            double[] values = new double[x.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = f.applyAsDouble(x.get(i));
            }
            out.put(org.quotient.autodiff.network.Network.nameOf(p), Tensor.of(x.shape(), values));
        });
        return out;
    }
}
