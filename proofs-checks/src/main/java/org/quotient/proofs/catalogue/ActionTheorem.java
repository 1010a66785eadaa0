package org.quotient.proofs.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * The action θ ↦ θ·exp(Bz) leaves the network function unchanged. Checked where arithmetic is exact: for scales that are
 * powers of two, outputs must agree bit for bit. Outputs are sampled, so the verdict is never better than SUPPORTED.
 */
public final class ActionTheorem {
    private static final int FLIPS = 8;
    private static final double NEGLIGIBLE = 0x1p-900;

    private ActionTheorem() {}

    /** The theorem {@code action-preserves-function}. */
    public static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "action-preserves-function",
                new Claim<>(
                        "rescaling by any group element leaves the network function unchanged, and bit for bit if the"
                                + " scales are powers of two and nothing leaves the range of the numbers",
                        ActionTheorem::powersOfTwo),
                "f(\\theta \\circ e^{Bz},\\, x) = f(\\theta, x) \\quad\\text{for all } z \\in \\mathbb{R}^k",
                "Neyshabur et al., Path-SGD, NIPS 2015, for feedforward ReLU networks; here for any graph",
                List.of(
                        new Hypothesis<>(
                                "the group has a generator", i -> i.group().rank() > 0),
                        new Hypothesis<>("epsilon of normalisations is negligible", ActionTheorem::withoutEpsilon),
                        new Hypothesis<>(
                                "outputs are finite",
                                i -> finite(i.model().evaluate(i.data().inputs())))),
                NetworkInstances.all(150, 2_000),
                Verdict.SUPPORTED,
                new Claim<>(
                        "multiplying the incoming and outgoing weights of a unit by −1 leaves a ReLU network's function"
                                + " unchanged",
                        ActionTheorem::negativeScale));
    }

    private static boolean withoutEpsilon(NetworkInstance i) {
        return Graph.topological(i.network().outputs()).stream().allMatch(node -> switch (node.op()) {
            case Op.Standardise s -> s.epsilon() < NEGLIGIBLE;
            case Op.StandardiseWith s -> s.epsilon() < NEGLIGIBLE;
            default -> true;
        });
    }

    private static boolean finite(List<Tensor> values) {
        return values.stream().allMatch(v -> Double.isFinite(v.maxAbs()));
    }

    private static Finding powersOfTwo(NetworkInstance i) {
        return sameBits(i, i.rescaled())
                ? new Finding.Supported("scales " + i.scales() + ", outputs for "
                        + i.batch().target().shape().size(0) + " inputs agree bit for bit")
                : new Finding.Refuted("scales " + i.scales() + " change an output");
    }

    private static Finding negativeScale(NetworkInstance i) {
        int tried = Math.min(FLIPS, i.group().rank());
        for (int k = 0; k < tried; k++) {
            if (!sameBits(i, flipped(i, k))) {
                return new Finding.Refuted("the scale −1 for generator " + k + " changes an output");
            }
        }
        return new Finding.Supported(tried + " generators flipped, the outputs agree");
    }

    /** θ with each element multiplied by (−1)^B for one column of B. */
    private static Weights flipped(NetworkInstance i, int generator) {
        double[] z = new double[i.group().rank()];
        z[generator] = 1;
        Map<String, double[]> exponents = i.group().logScales(z);
        Map<String, Tensor> out = new LinkedHashMap<>();
        i.model().weights().asMap().forEach((name, theta) -> {
            double[] powers = exponents.getOrDefault(name, new double[theta.size()]);
            out.put(
                    name,
                    Tensor.fill(theta.shape(), theta.dtype(), e -> powers[e] % 2 == 0 ? theta.get(e) : -theta.get(e)));
        });
        return Weights.of(out);
    }

    private static boolean sameBits(NetworkInstance i, Weights moved) {
        List<Tensor> inputs = i.data().inputs();
        List<Tensor> before = i.model().evaluate(inputs);
        List<Tensor> after = i.model().at(moved).evaluate(inputs);
        for (int o = 0; o < before.size(); o++) {
            if (!before.get(o).sameBits(after.get(o))) {
                return false;
            }
        }
        return true;
    }
}
