package org.quotient.proofs.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
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
                        "Σ θg over what enters a unit, biases included, equals Σ θg over what leaves it, and no"
                                + " rescaling changes any θ_e g_e",
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

    private static Map<String, Tensor> withoutBiases(Map<String, Tensor> gradient) {
        Map<String, Tensor> out = new LinkedHashMap<>(gradient);
        out.replaceAll((name, g) -> g.shape().rank() > 1 ? g : Tensor.of(g.shape(), new double[g.size()]));
        return out;
    }

    private static Finding balanced(NetworkInstance i, Map<String, Tensor> gradient) {
        long[] sums =
                ExactNumbers.form(i.group(), ExactNumbers.residues(i.weights().asMap()), gradient);
        for (int k = 0; k < sums.length; k++) {
            if (sums[k] != 0) {
                return new Finding.Refuted("for inputs " + Equivariance.inputs(i) + " and targets "
                        + NetworkInstance.text(i.data().target()) + " the sums at generator " + k + " differ by "
                        + ExactNumbers.small(sums[k]) + " (mod " + ExactRank.FIELD.p() + ")");
            }
        }
        return new Finding.Proved(sums.length + " sums vanish modulo " + ExactRank.FIELD.p());
    }

    private static Finding check(NetworkInstance i) {
        Map<String, Tensor> gradient = ExactNumbers.gradient(i);
        Finding exact = balanced(i, gradient);
        if (!(exact instanceof Finding.Proved)) {
            return exact;
        }
        NetworkInstance moved =
                new NetworkInstance(i.description(), i.model().at(i.rescaled()), i.group(), i.exponents(), i.data());
        Map<String, Tensor> there = ExactNumbers.gradient(moved);
        for (Expr p : i.network().parameters()) {
            String name = Network.nameOf(p);
            for (int k = 0; k < p.shape().elements(); k++) {
                if (product(i, gradient, name, k) != product(moved, there, name, k)) {
                    return new Finding.Refuted(
                            name + "[" + k + "] times its derivative changes with the representative");
                }
            }
        }
        BalanceReport report = GradientIdentity.of(i.group(), DType.F64).check(parameters(i), rounded(i));
        return report.holds() ? exact : new Finding.Refuted(report.summary());
    }

    private static long product(NetworkInstance i, Map<String, Tensor> gradient, String name, int k) {
        return ExactNumbers.times(
                (long) ExactRank.FIELD.residue(i.weights().get(name).get(k)),
                (long) ExactNumbers.get(gradient, name).get(k));
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
