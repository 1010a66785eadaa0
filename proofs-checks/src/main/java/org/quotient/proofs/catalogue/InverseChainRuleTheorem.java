package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.geometry.lifting.ParameterElement;
import org.quotient.geometry.lifting.Path;
import org.quotient.geometry.lifting.Paths;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/**
 * The inverse chain rule against brute force, over the rationals: for L = Σ c_P Φ_P over all paths, with P = Π v_b^n the derivative in a
 * basis path is Σ_P c_P n_{P,b} Φ_P / v_b.
 */
final class InverseChainRuleTheorem {
    private static final int QUICK = 80;

    private InverseChainRuleTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "inverse-chain-rule",
                new Claim<>(
                        "the gradient in the values of basis paths by the inverse chain rule is that by the chain rule over"
                                + " all paths, each a product of powers of basis paths",
                        i -> compare(i, false)),
                "\\frac{\\partial L}{\\partial v_b} = \\sum_P \\frac{\\partial L}{\\partial \\Phi_P}"
                        + " \\frac{n_{P,b}\\, \\Phi_P}{v_b}",
                "Meng et al., G-SGD, ICLR 2019; closed form on any DAG: derived",
                List.of(TwoTreeBasisTheorem.enumerable()),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN).upTo(2), QUICK),
                Verdict.PROVED,
                new Claim<>("only the basis paths themselves contribute to that gradient", i -> compare(i, true)));
    }

    /** Per path its element numbers; the library's paths name parameters. */
    private static long[] exponents(NetworkInstance i, Map<String, Integer> offsets, Path path) {
        long[] row = new long[Math.toIntExact(i.network().parameterCount())];
        for (ParameterElement e : path.edges()) {
            row[ExactNumbers.get(offsets, e.parameter()) + e.element()]++;
        }
        return row;
    }

    private static Finding compare(NetworkInstance i, boolean onlyBasis) {
        Optional<BasisPaths> found = BasisPaths.of(i);
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        BasisPaths basis = found.get();
        Map<String, Integer> offsets = new LinkedHashMap<>();
        Map<String, double[]> gradient = new LinkedHashMap<>();
        int next = 0;
        for (String name : i.weights().names()) {
            offsets.put(name, next);
            gradient.put(name, new double[i.weights().get(name).size()]);
            next += i.weights().get(name).size();
        }
        CounterRandom random = CounterRandom.seeded(0).split("coefficients");
        List<long[]> rows = new ArrayList<>();
        List<Double> weighted = new ArrayList<>();
        for (Path path : Paths.of(i.model())) {
            double c = 1 + random.below(rows.size(), 4);
            path.gradient().forEach((e, slope) -> ExactNumbers.get(gradient, e.parameter())[e.element()] += c * slope);
            rows.add(exponents(i, offsets, path));
            weighted.add(c * path.value());
        }
        Map<String, Tensor> g = new LinkedHashMap<>();
        gradient.forEach(
                (name, values) -> g.put(name, Tensor.of(i.weights().get(name).shape(), values)));
        Optional<List<long[]>> coordinates = basis.coordinates(rows);
        if (coordinates.isEmpty()) {
            return new Finding.Refuted("some path is no combination of the basis paths with whole coefficients");
        }
        Map<String, ExactValues> point = new LinkedHashMap<>();
        Map<String, Expr> w = ExactNumbers.variables("w ", ExactNumbers.weights(i), point);
        Map<String, Expr> slopes = ExactNumbers.variables("g ", ExactNumbers.of(g), point);
        BigFraction[] v = basis.values(i);
        BigFraction[] rule = basis.read(ExactNumbers.evaluate(basis.space().gradient(w, slopes), point));
        BigFraction[] sum = new BigFraction[v.length];
        Arrays.fill(sum, BigFraction.ZERO);
        for (int p = 0; p < rows.size(); p++) {
            long[] row = rows.get(p);
            if (onlyBasis && basis.vectors().stream().noneMatch(b -> Arrays.equals(b, row))) {
                continue;
            }
            BigFraction value = ExactValues.of(weighted.get(p));
            for (int b = 0; b < v.length; b++) {
                long times = coordinates.get().get(p)[b];
                sum[b] = sum[b].add(value.multiply(times).divide(v[b]));
            }
        }
        for (int b = 0; b < v.length; b++) {
            if (!sum[b].equals(rule[b])) {
                return new Finding.Refuted(
                        "for basis path " + Arrays.toString(basis.vectors().get(b))
                                + " the rule gives " + ExactNumbers.text(rule[b]) + ", the sum over "
                                + (onlyBasis ? "basis" : "all") + " paths " + ExactNumbers.text(sum[b]));
            }
        }
        return new Finding.Proved(v.length + " derivatives are sums over " + rows.size() + " paths, exactly");
    }
}
