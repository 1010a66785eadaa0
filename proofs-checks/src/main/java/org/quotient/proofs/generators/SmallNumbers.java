package org.quotient.proofs.generators;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.proofs.Choices;

/** Small integers for weights, group elements and data: arithmetic with them is exact for a long way. */
public final class SmallNumbers {
    /** ±1, ±2, ±3. */
    static final Law LAW = new Law.Among(List.of(1.0, -1.0, 2.0, -2.0, 3.0, -3.0));

    private static final int MOST = 3;
    private static final int ONE_IN = 8;

    private SmallNumbers() {}

    /**
     * Nonzero integers.
     *
     * @param shape bound
     * @return entries ±1, ±2, ±3, the simplest being 1
     */
    public static Tensor tensor(Choices choices, Shape shape) {
        double[] values = new double[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = choices.nonzero(MOST);
        }
        return Tensor.of(shape, values);
    }

    /** Nonzero integer weights. */
    public static Weights weights(Choices choices, Network network) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr parameter : network.parameters()) {
            values.put(Network.nameOf(parameter), tensor(choices, parameter.shape()));
        }
        return Weights.of(values);
    }

    /**
     * Weights with single zeros, and with units all of whose incoming, or outgoing, weights are zero.
     *
     * @param weights of the group's network, not modified
     */
    public static Weights zeroed(Choices choices, RescalingGroup group, Weights weights) {
        int[] fan = new int[group.rank()];
        for (int k = 0; k < fan.length; k++) {
            fan[k] = choices.rarely(ONE_IN) ? choices.among(1, -1) : 0;
        }
        Map<String, Tensor> values = new LinkedHashMap<>();
        int element = 0;
        for (Expr parameter : group.network().parameters()) {
            double[] data = weights.get(parameter).data().clone();
            for (int i = 0; i < data.length; i++, element++) {
                boolean zero = choices.rarely(ONE_IN);
                for (Map.Entry<Integer, Long> entry : group.row(element).entrySet()) {
                    zero |= fan[entry.getKey()] * entry.getValue() > 0;
                }
                data[i] = zero ? 0 : data[i];
            }
            values.put(Network.nameOf(parameter), Tensor.of(parameter.shape(), DType.F64, data));
        }
        return Weights.of(values);
    }

    /** A rescaling by powers of two that moves something: exponents 0, ±1, ±2, one per generator. */
    public static int[] exponents(Choices choices, int generators) {
        int[] exponents = new int[generators];
        boolean moves = false;
        for (int k = 0; k < generators; k++) {
            exponents[k] = choices.among(0, 1, -1, 2, -2);
            moves |= exponents[k] != 0;
        }
        if (!moves && generators > 0) {
            exponents[0] = 1;
        }
        return exponents;
    }
}
