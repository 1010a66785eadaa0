package org.quotient.geometry.criteria;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.lifting.ScaledTensor;

/** Energies per parameter: what the exponentials of a criterion are multiplied by. */
final class Energies {
    /** Exponents of two of numbers whose squares are well in range. */
    private static final int SAFE_EXPONENT = 200;

    private Energies() {}

    /**
     * |x|^q times a weight per parameter.
     *
     * @param values per name of a parameter, of its shape
     * @param weights per name of a parameter a positive factor; 1 for those not named
     * @throws IllegalArgumentException for a value that is not finite, a missing parameter or a weight that is not positive
     */
    static Map<String, ScaledTensor> powers(
            Network network, Map<String, Tensor> values, double q, Map<String, Double> weights) {
        for (String name : weights.keySet()) {
            if (network.parameters().stream().noneMatch(p -> Network.nameOf(p).equals(name))) {
                throw new IllegalArgumentException("There is no parameter '" + name + "' to weigh");
            }
        }
        Map<String, ScaledTensor> out = new LinkedHashMap<>();
        for (Expr parameter : network.parameters()) {
            String name = Network.nameOf(parameter);
            Tensor x = values.get(name);
            if (x == null || !x.shape().equals(parameter.shape())) {
                throw new IllegalArgumentException(
                        "Expected a tensor of shape " + parameter.shape() + " for parameter '" + name + "'; given "
                                + (x == null ? "none" : x.shape().toString()));
            }
            double weight = weights.getOrDefault(name, 1.0);
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "The weight of '" + name + "' must be positive and finite; given " + weight);
            }
            out.put(name, power(name, x, q, weight));
        }
        return out;
    }

    private static ScaledTensor power(String name, Tensor x, double q, double weight) {
        double most = 0;
        for (int i = 0; i < x.size(); i++) {
            if (!Double.isFinite(x.get(i))) {
                throw new IllegalArgumentException(
                        "A criterion needs finite numbers; element " + i + " of '" + name + "' is " + x.get(i));
            }
            most = Math.max(most, Math.abs(x.get(i)));
        }
        ScaledTensor powers;
        if (q == 2 && (most == 0 || Math.abs(Math.getExponent(most)) < SAFE_EXPONENT)) {
            powers = new ScaledTensor(Tensor.fill(x.shape(), DType.F64, i -> x.get(i) * x.get(i)), 0);
        } else {
            powers = ScaledTensor.power(x, q);
        }
        Tensor value = powers.value();
        return weight == 1
                ? powers
                : new ScaledTensor(
                        Tensor.fill(value.shape(), DType.F64, i -> weight * value.get(i)), powers.exponent());
    }

    /**
     * Energies divided by a reference.
     *
     * @param reference per name of a parameter positive numbers of its shape; 1 for those not named
     */
    static Map<String, ScaledTensor> relative(Map<String, ScaledTensor> energies, Map<String, Tensor> reference) {
        Map<String, ScaledTensor> out = new LinkedHashMap<>(energies);
        reference.forEach((name, r) -> {
            ScaledTensor energy = energies.get(name);
            if (energy == null) {
                throw new IllegalArgumentException("There is no parameter '" + name + "' to give a reference for");
            }
            Tensor value = Objects.requireNonNull(energy).value();
            if (!r.shape().equals(value.shape())) {
                throw new IllegalArgumentException(
                        "The reference for '" + name + "' needs the shape " + value.shape() + "; given " + r.shape());
            }
            for (int i = 0; i < r.size(); i++) {
                if (!(r.get(i) > 0 && r.get(i) < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("A reference must be positive and finite; element " + i
                            + " for '" + name + "' is " + r.get(i));
                }
            }
            out.put(
                    name,
                    new ScaledTensor(
                            Tensor.fill(value.shape(), DType.F64, i -> value.get(i) / r.get(i)), energy.exponent()));
        });
        return out;
    }
}
