package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.OrbitEquivalence;
import org.quotient.geometry.lifting.Paths;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/** That path values determine the function, as the papers have it, is false: the scale −1 keeps them. */
final class PathValuesTheorem {
    private static final int MOST = 30;

    private PathValuesTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "path-values-determine-function",
                new Claim<>("weights with the same path values have the same function", PathValuesTheorem::negative),
                "\\Phi(\\theta) = \\Phi(\\theta') \\implies f_\\theta = f_{\\theta'}",
                "the wording of Meng et al., G-SGD, ICLR 2019, taken literally",
                List.of(new Hypothesis<>(
                        "at most " + MOST + " parameters", i -> i.network().parameterCount() <= MOST)),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL).upTo(2).withZeros(),
                        100,
                        NetworkInstance.of(Sketch.mlp(false, 1, 1, 1), 0, 5)),
                Verdict.REFUTED,
                new Claim<>(
                        "weights with the same path values and the same signs of incoming weights are equivalent, zeros"
                                + " included",
                        PathValuesTheorem::vanishing));
    }

    private static boolean samePathValues(NetworkInstance i, Weights others) {
        return Arrays.equals(
                Paths.of(i.model()).phi(), Paths.of(i.model().at(others)).phi());
    }

    /** Each unit's incoming and outgoing weights times −1. */
    private static Finding negative(NetworkInstance i) {
        for (int k = 0; k < i.group().rank(); k++) {
            long bits = 0;
            for (int e = 0; e < i.network().parameterCount(); e++) {
                bits |= (i.group().row(e).getOrDefault(k, 0L) & 1) << e;
            }
            Weights flipped = SignBitsTheorem.flipped(i, bits);
            if (!samePathValues(i, flipped)) {
                continue;
            }
            Tensor before = i.model().evaluate(i.data().inputs()).getFirst();
            Tensor after = i.model().at(flipped).evaluate(i.data().inputs()).getFirst();
            if (!before.sameBits(after)) {
                return new Finding.Refuted("unit " + k + " times −1 keeps all path values, but outputs for inputs "
                        + Equivariance.inputs(i) + " change from " + NetworkInstance.text(before) + " to "
                        + NetworkInstance.text(after));
            }
        }
        return new Finding.Supported("no unit times −1 changes an output");
    }

    /** Setting one weight to zero where all its paths have another zero. */
    private static Finding vanishing(NetworkInstance i) {
        int element = 0;
        for (Expr p : i.network().parameters()) {
            Tensor w = i.weights().get(p);
            for (int k = 0; k < w.size(); k++, element++) {
                boolean incoming = i.group().row(element).values().stream().anyMatch(b -> b > 0);
                if (w.get(k) == 0 || incoming || !i.group().liveness().live().get(element)) {
                    continue;
                }
                Map<String, Tensor> values = new LinkedHashMap<>(i.weights().asMap());
                double[] data = w.data().clone();
                data[k] = 0;
                values.put(Network.nameOf(p), Tensor.of(p.shape(), data));
                Weights others = Weights.of(values);
                if (samePathValues(i, others)
                        && !OrbitEquivalence.of(i.group(), i.weights(), others, 1e-9)
                                .equivalent()) {
                    return new Finding.Refuted(
                            i.element(element) + " may be 0 as well: no path value changes, but the class does");
                }
            }
        }
        return new Finding.Supported("every nonzero weight that leaves a unit is seen by a path value");
    }
}
