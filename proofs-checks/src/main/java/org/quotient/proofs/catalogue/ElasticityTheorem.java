package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.optimizers.conservation.BalanceReport;
import org.quotient.optimizers.conservation.GradientIdentity;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** What flows into a unit flows out: Σ_in θg = Σ_out θg for every unit, biases included, and every θ_e g_e is invariant. */
final class ElasticityTheorem {
    private static final int QUICK = 150;

    private ElasticityTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "elasticity",
                new Claim<>(
                        "with g = ∂L/∂θ, Σ θg over what enters a unit, biases included, equals Σ θg over what leaves it, and"
                                + " no rescaling changes any θ_e g_e",
                        ElasticityTheorem::check),
                "B^T (\\theta \\circ \\nabla L) = 0, \\qquad (g\\theta) \\circ \\nabla L(g\\theta) = \\theta \\circ \\nabla L(\\theta)",
                "Euler's identity; Du, Hu and Lee 2018, Tanaka et al. 2020",
                List.of(new Hypothesis<>(
                        "the group has a generator", i -> i.group().rank() > 0)),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.SHARING, Family.POOLING), QUICK),
                Verdict.PROVED,
                new Claim<>(
                        "the same without biases",
                        i -> balanced(i, ElasticityTheorem.withoutBiases(ExactNumbers.gradient(i)))));
    }

    private static Map<String, ExactValues> withoutBiases(Map<String, ExactValues> gradient) {
        Map<String, ExactValues> out = new LinkedHashMap<>(gradient);
        out.replaceAll((name, g) -> g.shape().rank() > 1 ? g : ExactValues.zeros(g.shape()));
        return out;
    }

    private static Finding balanced(NetworkInstance i, Map<String, ExactValues> gradient) {
        BigFraction[] sums = ExactNumbers.form(i.group(), ExactNumbers.weights(i), gradient);
        for (int k = 0; k < sums.length; k++) {
            if (!ExactNumbers.isZero(sums[k])) {
                return new Finding.Refuted("for inputs " + Equivariance.inputs(i) + " and targets "
                        + NetworkInstance.text(i.data().target()) + " the sums at generator " + k + " differ by "
                        + ExactNumbers.text(sums[k]));
            }
        }
        return new Finding.Proved(sums.length + " sums vanish exactly");
    }

    private static Finding check(NetworkInstance i) {
        Map<String, ExactValues> gradient = ExactNumbers.gradient(i);
        Finding exact = balanced(i, gradient);
        if (!(exact instanceof Finding.Proved)) {
            return exact;
        }
        NetworkInstance moved =
                new NetworkInstance(i.description(), i.model().at(i.rescaled()), i.group(), i.exponents(), i.data());
        Map<String, BigFraction[]> here = products(i, gradient);
        Map<String, BigFraction[]> there = products(moved, ExactNumbers.gradient(moved));
        for (Map.Entry<String, BigFraction[]> entry : here.entrySet()) {
            if (!Arrays.equals(entry.getValue(), there.get(entry.getKey()))) {
                return new Finding.Refuted(entry.getKey() + " times its derivative is "
                        + ExactNumbers.text(entry.getValue()) + ", after a rescaling by " + i.scales() + " "
                        + ExactNumbers.text(ExactNumbers.get(there, entry.getKey())));
            }
        }
        BalanceReport report = GradientIdentity.of(i.group(), DType.F64).check(parameters(i), rounded(i));
        return report.holds() ? exact : new Finding.Refuted(report.summary());
    }

    /** θ_e g_e. */
    private static Map<String, BigFraction[]> products(NetworkInstance i, Map<String, ExactValues> gradient) {
        Map<String, BigFraction[]> out = new LinkedHashMap<>();
        ExactNumbers.weights(i).forEach((name, w) -> {
            BigFraction[] g = ExactNumbers.get(gradient, name).numbers();
            BigFraction[] product = new BigFraction[g.length];
            Arrays.setAll(product, k -> w.numbers()[k].multiply(g[k]));
            out.put(name, product);
        });
        return out;
    }

    private static Map<String, Tensor> parameters(NetworkInstance i) {
        Map<String, Tensor> theta = new LinkedHashMap<>();
        i.network()
                .parameters()
                .forEach(p -> theta.put(Network.nameOf(p), i.weights().get(p)));
        return theta;
    }

    /** The gradient as training computes it. */
    private static Map<String, Tensor> rounded(NetworkInstance i) {
        return Equivariance.differential(i);
    }
}
