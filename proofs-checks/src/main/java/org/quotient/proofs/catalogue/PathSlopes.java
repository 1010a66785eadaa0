package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.geometry.lifting.ParameterElement;
import org.quotient.geometry.lifting.Path;
import org.quotient.geometry.lifting.PathActivations;
import org.quotient.geometry.lifting.Paths;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * ∂L/∂Φ_P for every path of an instance whose outputs differ from the targets by given residuals: L changes by residual · activation ·
 * start with the value of a path, activations held.
 */
final class PathSlopes {
    private final NetworkInstance instance;
    private final List<Path> paths = new ArrayList<>();
    private final List<BigFraction> slopes = new ArrayList<>();

    /**
     * All slopes.
     *
     * @param instance with one input and one output
     * @param samples each with a leading axis of 1
     * @param residuals f − y by sample and output
     */
    PathSlopes(NetworkInstance instance, List<Tensor> samples, BigInteger[] residuals) {
        this.instance = instance;
        Paths all = Paths.of(instance.model());
        List<PathActivations> active = samples.stream().map(all::at).toList();
        int outputs = residuals.length / samples.size();
        for (Path path : all) {
            BigFraction slope = BigFraction.ZERO;
            for (int n = 0; n < samples.size(); n++) {
                BigInteger residual = residuals[n * outputs + path.end().element()];
                BigFraction passes =
                        ExactValues.of(active.get(n).of(path) * active.get(n).start(path));
                slope = slope.add(passes.multiply(residual));
            }
            paths.add(path);
            slopes.add(slope);
        }
    }

    /** The samples of a tensor one by one. */
    static List<Tensor> samples(Tensor x) {
        int size = x.size() / x.shape().size(0);
        List<Tensor> out = new ArrayList<>();
        for (int n = 0; n < x.shape().size(0); n++) {
            int[] sizes = x.shape().sizes();
            sizes[0] = 1;
            out.add(Tensor.of(Shape.of(sizes), Arrays.copyOfRange(x.data(), n * size, (n + 1) * size)));
        }
        return out;
    }

    /** Whether L changes with some path value. */
    boolean vary() {
        return slopes.stream().anyMatch(s -> !ExactNumbers.isZero(s));
    }

    /** How many paths there are. */
    int count() {
        return paths.size();
    }

    /** dL/dt where every path value moves by t times its value at other weights, given by name. */
    BigFraction along(Map<String, Tensor> weights) {
        BigFraction sum = BigFraction.ZERO;
        for (int p = 0; p < paths.size(); p++) {
            BigFraction value = ExactValues.of(paths.get(p).constant());
            for (ParameterElement e : paths.get(p).edges()) {
                value = value.multiply(
                        ExactValues.of(ExactNumbers.get(weights, e.parameter()).get(e.element())));
            }
            sum = sum.add(slopes.get(p).multiply(value));
        }
        return sum;
    }

    /**
     * ∂L/∂v_b for all basis paths: with Φ_P = Π v_b^n over a basis, Σ_P ∂L/∂Φ_P · ∂Φ_P/∂v_b.
     *
     * @param basis of which no path in the skeleton is 0
     */
    BigFraction[] inBasis(BasisPaths basis) {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        int elements = 0;
        for (String name : instance.weights().names()) {
            offsets.put(name, elements);
            elements += instance.weights().get(name).size();
        }
        List<long[]> rows = new ArrayList<>();
        for (Path path : paths) {
            long[] row = new long[elements];
            path.edges().forEach(e -> row[ExactNumbers.get(offsets, e.parameter()) + e.element()]++);
            rows.add(row);
        }
        List<long[]> exponents = basis.coordinates(rows)
                .orElseThrow(() -> new IllegalStateException("a path is no combination of the basis paths"));
        BigFraction[] v = basis.values(instance);
        BigFraction[] out = new BigFraction[v.length];
        for (int b = 0; b < v.length; b++) {
            out[b] = BigFraction.ZERO;
            for (int p = 0; p < rows.size(); p++) {
                out[b] = out[b].add(slopes.get(p).multiply(partial(v, exponents.get(p), b)));
            }
        }
        return out;
    }

    /** ∂/∂v_b of Π v^n; where v is 0, n is 0 or 1. */
    private static BigFraction partial(BigFraction[] v, long[] n, int b) {
        BigFraction product = new BigFraction(n[b]);
        for (int k = 0; k < v.length && n[b] != 0; k++) {
            long power = k == b ? n[k] - 1 : n[k];
            if (power != 0) {
                product = product.multiply(v[k].pow(power));
            }
        }
        return product;
    }
}
