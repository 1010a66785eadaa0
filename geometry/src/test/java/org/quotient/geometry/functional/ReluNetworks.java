package org.quotient.geometry.functional;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.pattern.Points;

/** ReLU networks with weights written out, as the specification lists them: per layer W row-major, then b. */
final class ReluNetworks {
    private ReluNetworks() {}

    static Network network(boolean bias, int... widths) {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, widths[0]));
        List<Expr> parameters = new ArrayList<>();
        Expr h = x;
        for (int l = 1; l < widths.length; l++) {
            Expr w = Expr.parameter("W" + l, DType.F64, Shape.of(widths[l], widths[l - 1]));
            parameters.add(w);
            h = (l == 1 ? h : h.relu()).matmul(w.transpose());
            if (bias) {
                Expr b = Expr.parameter("b" + l, DType.F64, Shape.of(widths[l]));
                parameters.add(b);
                h = h.plus(b);
            }
        }
        return new Network("relu network", List.of(x), parameters, List.of(), List.of(h));
    }

    /** A network at a point given as one list of numbers. */
    static Model at(Network network, double... theta) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int from = 0;
        for (Expr parameter : network.parameters()) {
            int size = parameter.shape().elements();
            double[] part = java.util.Arrays.copyOfRange(theta, from, from + size);
            values.put(Network.nameOf(parameter), Tensor.of(parameter.shape(), part));
            from += size;
        }
        if (from != theta.length) {
            throw new IllegalArgumentException("Expected " + from + " numbers; given " + theta.length);
        }
        return new Model(network, Weights.of(values));
    }

    /** All parameters normal with deviation 1. */
    static Model random(Network network, long seed) {
        CounterRandom random = CounterRandom.seeded(seed);
        double[] theta = new double[(int) network.parameterCount()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.normal(i);
        }
        return at(network, theta);
    }

    /**
     * A network with rational weights times a power of a common denominator c: layer l has W·c and b·c^l. That is a positive
     * rescaling followed by a positive factor at the output, so all ranks are those of the given weights.
     */
    static Model rational(int[] widths, BigFraction[] theta, int c) {
        double[] scaled = new double[theta.length];
        int at = 0;
        BigFraction power = BigFraction.ONE;
        for (int l = 1; l < widths.length; l++) {
            power = power.multiply(c);
            for (int i = 0; i < widths[l] * widths[l - 1]; i++, at++) {
                scaled[at] = exact(theta[at].multiply(c));
            }
            for (int i = 0; i < widths[l]; i++, at++) {
                scaled[at] = exact(theta[at].multiply(power));
            }
        }
        return at(network(true, widths), scaled);
    }

    private static double exact(BigFraction x) {
        double value = x.doubleValue();
        if (!new BigFraction(value).equals(x)) {
            throw new IllegalArgumentException(x + " is no double");
        }
        return value;
    }

    /** Points with real coordinates, one array each. */
    static Points points(Network network, double[]... rows) {
        int size = rows[0].length;
        double[] all = new double[rows.length * size];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * size, size);
        }
        return Points.of(network, List.of(Tensor.of(Shape.of(rows.length, size), all)));
    }
}
