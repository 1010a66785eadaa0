package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
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
 * The inverse chain rule against brute force, modulo a prime: for L = Σ c_P Φ_P over all paths, with P = Π v_b^n the derivative in a
 * basis path is Σ_P c_P n_{P,b} Φ_P / v_b.
 */
final class InverseChainRuleTheorem {
    private static final int QUICK = 80;

    private InverseChainRuleTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "inverse-chain-rule",
                new Claim<>(
                        "the gradient in basis-path values by the inverse chain rule is the sum over all paths",
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
        Map<String, Tensor> weights = ExactNumbers.residues(i.weights().asMap());
        long[] v =
                basis.read(ExactNumbers.evaluate(basis.space().pathValues(ExactNumbers.constants(weights)), Map.of()));
        long[] rule = basis.read(ExactNumbers.evaluate(
                basis.space()
                        .gradient(ExactNumbers.constants(weights), ExactNumbers.constants(ExactNumbers.residues(g))),
                Map.of()));
        long[] sum = new long[v.length];
        List<long[]> coordinates = basis.coordinates(rows);
        for (int p = 0; p < rows.size(); p++) {
            long[] row = rows.get(p);
            if (onlyBasis && basis.vectors().stream().noneMatch(b -> Arrays.equals(b, row))) {
                continue;
            }
            long value = (long) ExactRank.FIELD.residue(weighted.get(p));
            for (int b = 0; b < v.length; b++) {
                long term = ExactNumbers.times(coordinates.get(p)[b], value);
                sum[b] = (sum[b] + ExactNumbers.times(term, ExactNumbers.inverse(v[b]))) % ExactRank.FIELD.p();
            }
        }
        for (int b = 0; b < v.length; b++) {
            if (sum[b] != rule[b]) {
                return new Finding.Refuted(
                        "for basis path " + Arrays.toString(basis.vectors().get(b))
                                + " the rule gives " + ExactNumbers.small(rule[b]) + ", the sum over "
                                + (onlyBasis ? "basis" : "all") + " paths " + ExactNumbers.small(sum[b]) + " (mod "
                                + ExactRank.FIELD.p() + ")");
            }
        }
        return new Finding.Proved(v.length + " derivatives agree with sums over " + rows.size() + " paths, modulo "
                + ExactRank.FIELD.p());
    }
}
