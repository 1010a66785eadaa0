package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * One tensor per parameter, by name: a point θ, a differential, a direction or a momentum. Immutable; the tensors are shared
 * and to be treated as read-only.
 *
 * @param tensors by parameter name, in the network's order
 */
public record ParameterVector(Map<String, Tensor> tensors) {

    /** Keeps its own copy of the map. */
    public ParameterVector {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** The parameters of a network at given weights, without the buffers. */
    public static ParameterVector of(Network network, Weights weights) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        network.parameters().forEach(p -> out.put(Network.nameOf(p), weights.get(p)));
        return new ParameterVector(out);
    }

    /**
     * The tensor of a parameter.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("There is no parameter '" + name + "'; there are " + tensors.keySet());
        }
        return tensor;
    }

    /** A vector over the same parameters, one tensor at a time; the function gets the name and this vector's tensor. */
    public ParameterVector mapTensors(Function<Map.Entry<String, Tensor>, Tensor> function) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        tensors.entrySet().forEach(e -> out.put(e.getKey(), function.apply(e)));
        return new ParameterVector(out);
    }

    /** Elementwise f(x), rounded to the dtype of each tensor. */
    public ParameterVector map(DoubleUnaryOperator f) {
        return mapTensors(e -> {
            Tensor x = e.getValue();
            return Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i)));
        });
    }

    /**
     * Elementwise f(x, y), computed in double precision and rounded to the dtype of each tensor.
     *
     * @param other over the same parameters, of the same shapes
     * @throws IllegalArgumentException if names or shapes differ
     */
    public ParameterVector zip(ParameterVector other, DoubleBinaryOperator f) {
        checkSame(other);
        return mapTensors(e -> {
            Tensor x = e.getValue();
            Tensor y = other.get(e.getKey());
            return Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i), y.get(i)));
        });
    }

    /** The sum; see {@link #zip}. */
    public ParameterVector plus(ParameterVector other) {
        return zip(other, Double::sum);
    }

    /** c·x. */
    public ParameterVector times(double c) {
        return map(x -> c * x);
    }

    /** Zeros of the same names, shapes and dtypes. */
    public ParameterVector zeros() {
        return map(x -> 0);
    }

    /** Whether names, shapes and every bit agree; see {@link Tensor#sameBits}. */
    public boolean sameBits(ParameterVector other) {
        return tensors.keySet().equals(other.tensors.keySet())
                && tensors.entrySet().stream().allMatch(e -> e.getValue().sameBits(other.get(e.getKey())));
    }

    private void checkSame(ParameterVector other) {
        if (!tensors.keySet().equals(other.tensors.keySet())) {
            throw new IllegalArgumentException("Two parameter vectors of one network are needed; given one over "
                    + tensors.keySet() + " and one over " + other.tensors.keySet());
        }
        tensors.forEach((name, x) -> {
            if (!x.shape().equals(other.get(name).shape())) {
                throw new IllegalArgumentException("'" + name + "' has shape " + x.shape() + " in one vector and "
                        + other.get(name).shape() + " in the other");
            }
        });
    }
}
