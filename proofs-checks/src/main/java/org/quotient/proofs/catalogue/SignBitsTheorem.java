package org.quotient.proofs.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.OrbitEquivalence;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/**
 * Path values leave one sign per generator open: of all 2^m sign patterns exactly 2^H keep every path value, and of those only the
 * identity keeps the signs of one incoming weight per unit and the class of θ. All patterns are tried; magnitudes are determined up to
 * rescaling since rank A + rank B is the number of live parameters.
 */
final class SignBitsTheorem {
    private static final int MOST = 14;

    private SignBitsTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "sign-bits",
                new Claim<>(
                        "where no path uses a weight twice, exactly 2^generators sign patterns keep all path values, and path"
                                + " values together with the sign of one incoming weight per unit determine nonzero weights"
                                + " up to rescaling",
                        SignBitsTheorem::check),
                "\\theta \\sim \\theta' \\iff \\Phi(\\theta) = \\Phi(\\theta') \\text{ and } \\operatorname{sgn}"
                        + " \\theta_{a(v)} = \\operatorname{sgn} \\theta'_{a(v)} \\text{ for all } v",
                "derived; Meng et al., G-SGD, ICLR 2019, without the signs",
                List.of(new Hypothesis<>(
                        "at most " + MOST + " parameters, all live",
                        i -> i.network().parameterCount() <= MOST
                                && i.live() == i.network().parameterCount())),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.POOLING, Family.CNN, Family.SHARING)
                                .upTo(2),
                        150,
                        NetworkInstance.of(Sketch.mlp(false, 2, 2, 2, 1), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                        NetworkInstance.of(
                                Sketch.of(2, new Layer.Dense(1, false), new Layer.Activation(0), new Layer.Again(true)),
                                1,
                                1)),
                Verdict.PROVED,
                new Claim<>(
                        "exactly 2^generators sign patterns keep all path values, also where a path uses a weight twice",
                        SignBitsTheorem::count));
    }

    private static Finding check(NetworkInstance i) {
        if (!once(i)) {
            return new Finding.NotApplicable("no path uses a weight twice");
        }
        // Then equal |Φ| make log|θ'/θ| a combination of the columns of B, so that only signs are left to compare.
        int rank = ExactRank.modulo(PathMatrix.rows(i));
        return PathMatrix.scaled(i) == null && rank + i.group().rank() == i.live()
                ? count(i)
                : new Finding.Refuted("magnitudes are not determined: rank A = " + rank + ", "
                        + i.group().rank() + " generators, " + i.live() + " live parameters");
    }

    private static boolean once(NetworkInstance i) {
        return PathMatrix.rows(i).stream()
                .allMatch(row -> java.util.Arrays.stream(row).allMatch(x -> x <= 1));
    }

    /** The parities of the path vectors as bits. */
    private static List<Long> parities(NetworkInstance i) {
        return PathMatrix.rows(i).stream()
                .map(row -> {
                    long bits = 0;
                    for (int e = 0; e < row.length; e++) {
                        bits |= (row[e] & 1) << e;
                    }
                    return bits;
                })
                .distinct()
                .toList();
    }

    private static boolean keeps(List<Long> parities, long flipped) {
        return parities.stream().allMatch(path -> Long.bitCount(path & flipped) % 2 == 0);
    }

    private static Finding count(NetworkInstance i) {
        List<Long> parities = parities(i);
        int m = Math.toIntExact(i.network().parameterCount());
        long chosen = chosen(i);
        int found = 0;
        for (long flipped = 0; flipped < 1L << m; flipped++) {
            if (!keeps(parities, flipped)) {
                continue;
            }
            found++;
            boolean bits = (flipped & chosen) == 0;
            boolean equivalent = OrbitEquivalence.of(i.group(), i.weights(), flipped(i, flipped), 1e-9)
                    .equivalent();
            if (equivalent != (flipped == 0) || bits != (flipped == 0)) {
                return new Finding.Refuted("flipping " + elements(i, flipped) + " keeps all path values; "
                        + (bits ? "the signs of chosen incoming weights agree" : "chosen signs differ") + ", and θ is "
                        + (equivalent ? "" : "not ") + "said to be equivalent");
            }
        }
        long expected = 1L << i.group().rank();
        return found == expected
                ? new Finding.Proved(found + " of 2^" + m + " sign patterns keep " + parities.size() + " paths")
                : new Finding.Refuted(found + " of 2^" + m + " sign patterns keep all path values, not 2^"
                        + i.group().rank());
    }

    /** One incoming weight per class of units, as bits; 0 where there is none. */
    private static long chosen(NetworkInstance i) {
        long bits = 0;
        for (int element : Skeleton.byIndex(i.group(), i.weights()).in()) {
            bits |= element == Skeleton.NONE ? 0 : 1L << element;
        }
        return bits;
    }

    /** The weights with the signs of some elements flipped. */
    static Weights flipped(NetworkInstance i, long bits) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int element = 0;
        for (Expr p : i.network().parameters()) {
            double[] data = i.weights().get(p).data().clone();
            for (int k = 0; k < data.length; k++, element++) {
                data[k] = (bits >> element & 1) == 1 ? -data[k] : data[k];
            }
            values.put(Network.nameOf(p), Tensor.of(p.shape(), data));
        }
        return Weights.of(values);
    }

    private static List<String> elements(NetworkInstance i, long bits) {
        return java.util.stream.IntStream.range(0, Math.toIntExact(i.network().parameterCount()))
                .filter(e -> (bits >> e & 1) == 1)
                .mapToObj(i::element)
                .toList();
    }
}
