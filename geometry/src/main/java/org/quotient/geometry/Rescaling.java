package org.quotient.geometry;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * A group element exp(Bz) and what it does to all that lives at θ: parameters and displacements are multiplied by D = exp(Bz),
 * gradients and sums of gradients divided by it, second moments of gradients divided by its square (Lebeurrier et al. 2026,
 * section on optimizers; Stock et al. 2019, for momentum).
 */
public final class Rescaling {
    private final RescalingGroup group;
    private final double[] z;

    private Rescaling(RescalingGroup group, double[] z) {
        this.group = group;
        this.z = z;
    }

    /**
     * The rescaling by z.
     *
     * @param z the logarithms of the scales, finite, one per generator
     * @throws IllegalArgumentException for another length or a number that is not finite
     */
    public static Rescaling of(RescalingGroup group, double[] z) {
        if (z.length != group.rank()) {
            throw new IllegalArgumentException(
                    "The group has " + group.rank() + " generators; given " + z.length + " numbers");
        }
        for (double v : z) {
            if (!Double.isFinite(v)) {
                throw new IllegalArgumentException("Log-scales must be finite; given " + v);
            }
        }
        return new Rescaling(group, z.clone());
    }

    /** The group. */
    public RescalingGroup group() {
        return group;
    }

    /** The log-scales, one per generator. */
    public double[] z() {
        return z.clone();
    }

    /** The rescaling that undoes this one. */
    public Rescaling inverse() {
        return new Rescaling(group, Arrays.stream(z).map(v -> -v).toArray());
    }

    /** θ·exp(Bz), buffers of normalisations included; dtypes are kept and what does not move is shared. */
    public Weights weights(Weights weights) {
        return Weights.of(scaled(weights.asMap(), 1));
    }

    /**
     * Displacements of θ, such as a heavy-ball velocity that holds the learning rate: multiplied by exp(Bz).
     *
     * @param vectors per name of a parameter a tensor of its shape; other names are kept as they are
     */
    public Map<String, Tensor> vectors(Map<String, Tensor> vectors) {
        return scaled(vectors, 1);
    }

    /** Gradients and their running sums or means, such as the momentum of SGD and Adam: divided by exp(Bz). */
    public Map<String, Tensor> covectors(Map<String, Tensor> covectors) {
        return scaled(covectors, -1);
    }

    /** Running means of squared gradients, such as Adam's second moment: divided by exp(2Bz). */
    public Map<String, Tensor> secondMoments(Map<String, Tensor> moments) {
        return scaled(moments, -2);
    }

    /**
     * Values multiplied by exp(power·Bz): 1 for displacements, −1 for gradients, −2 for their squares.
     *
     * @param values per name of a parameter or buffer a tensor of its shape; other names are kept as they are
     * @param power any integer
     */
    public Map<String, Tensor> powers(Map<String, Tensor> values, int power) {
        return scaled(values, power);
    }

    private Map<String, Tensor> scaled(Map<String, Tensor> values, int power) {
        Map<String, Tensor> out = new LinkedHashMap<>(values);
        List<Expr> variables = group.inference().scales.variables();
        for (int v = 0; v < variables.size(); v++) {
            String name = Network.nameOf(variables.get(v));
            Tensor x = values.get(name);
            if (x != null) {
                Tensor y = x;
                if (!x.shape().equals(variables.get(v).shape())) {
                    throw new IllegalArgumentException("Expected the shape "
                            + variables.get(v).shape() + " for '" + name + "'; given " + x.shape());
                }
                double[] scales = scales(group.scaleLaw(v), power);
                if (scales.length > 0) {
                    for (int i = 0; i < scales.length; i++) {
                        scales[i] *= x.get(i);
                    }
                    y = Tensor.of(x.shape(), x.dtype(), scales);
                }
                out.put(name, y);
            }
        }
        return out;
    }

    /** exp(power·Bz) per element; empty if nothing moves. */
    private double[] scales(ScaleLaw law, int power) {
        int size = law.sizes().stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        double[] logs = new double[0];
        for (ScaleLaw.Factor factor : law.factors()) {
            double[] addend =
                    factor.rows().stream().mapToDouble(row -> row.times(z)).toArray();
            if (Arrays.stream(addend).anyMatch(a -> a != 0)) {
                logs = logs.length == 0 ? new double[size] : logs;
                add(law.sizes(), factor, addend, logs);
            }
        }
        double last = Double.NaN;
        double scale = 1;
        for (int i = 0; i < logs.length; i++) {
            if (logs[i] != last) {
                last = logs[i];
                scale = last == 0 ? 1 : Math.exp(power * last);
            }
            logs[i] = scale;
        }
        return logs;
    }

    private static void add(List<Integer> sizes, ScaleLaw.Factor factor, double[] addend, double[] logs) {
        int[] strides = factor.strides();
        int outer = strides.length;
        int run = 1;
        while (outer > 0 && strides[outer - 1] == 0) {
            run *= sizes.get(--outer);
        }
        int[] index = new int[outer];
        int at = 0;
        for (int i = 0; i < logs.length; i += run) {
            for (int j = i; j < i + run; j++) {
                logs[j] += addend[at];
            }
            for (int k = outer - 1; k >= 0; k--) {
                at += strides[k];
                if (++index[k] < sizes.get(k)) {
                    break;
                }
                at -= strides[k] * sizes.get(k);
                index[k] = 0;
            }
        }
    }
}
