package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Incidence;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** Under batch normalisation a step of SM and a step of UN turn every filter into the same direction. */
final class UnitNormTheorem {
    private static final double RATE = 0x1p-5;
    private static final double TOLERANCE = 1e-9;
    private static final int QUICK = 60;

    private UnitNormTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "un-equals-sm-under-normalisation",
                new Claim<>(
                        "if every hidden unit is normalised, a step of UN and a step of SM lead to the same directions of"
                                + " the weights into each unit",
                        i -> i.group().removedScales().size() == i.group().rank()
                                ? compare(i)
                                : new Finding.NotApplicable("every hidden unit is normalised")),
                "\\frac{w - \\eta \\|w\\|^2 g}{\\| \\cdot \\|} = \\frac{\\hat w - \\eta \\hat \\xi}{\\| \\cdot \\|},"
                        + " \\qquad \\hat w = \\frac{w}{\\|w\\|}",
                "Badrinarayanan, Mishra and Cipolla 2015; the identity is derived",
                List.of(new Hypothesis<>("no unit is at its kink", NetworkInstance::isSmooth)),
                NetworkInstances.of(
                        Networks.of(Family.NORMALISED, Family.SHALLOW).withSamples(4), QUICK),
                Verdict.SUPPORTED,
                new Claim<>("the same without normalisation", UnitNormTheorem::compare));
    }

    private static Finding compare(NetworkInstance i) {
        Weights sm;
        Weights un;
        Weights start;
        try {
            sm = stepped(i, "sm");
            un = stepped(i, "un");
            start = i.weights();
        } catch (IllegalArgumentException e) {
            return new Finding.NotApplicable("both updates are defined there");
        }
        Map<Integer, double[]> before = directions(i, start);
        Map<Integer, double[]> one = directions(i, sm);
        Map<Integer, double[]> two = directions(i, un);
        double moved = 0;
        double most = 0;
        for (Map.Entry<Integer, double[]> entry : one.entrySet()) {
            double[] other = two.getOrDefault(entry.getKey(), new double[0]);
            double[] old = before.getOrDefault(entry.getKey(), new double[0]);
            for (int k = 0; k < other.length; k++) {
                most = Math.max(most, Math.abs(entry.getValue()[k] - other[k]));
                moved = Math.max(moved, Math.abs(entry.getValue()[k] - old[k]));
            }
        }
        if (!(Double.isFinite(most) && moved > 1e-6)) {
            return new Finding.NotApplicable("the step turns a filter");
        }
        return most <= TOLERANCE
                ? new Finding.Supported("directions agree to " + String.format(java.util.Locale.ROOT, "%.0e", most))
                : new Finding.Refuted("with η = " + RATE + " on inputs " + Equivariance.inputs(i) + " and targets "
                        + NetworkInstance.text(i.data().target()) + " the directions differ by "
                        + String.format(java.util.Locale.ROOT, "%.3g", most));
    }

    private static Weights stepped(NetworkInstance i, String optimizer) {
        Training training = Training.of(Problem.of(i.group(), Loss.halfSquaredError()), Optimizers.of(optimizer));
        return training.step(training.start(i.weights()), i.batch(), RATE)
                .next()
                .model()
                .weights();
    }

    /** Per class of units the weights that enter it, with norm 1. */
    private static Map<Integer, double[]> directions(NetworkInstance i, Weights weights) {
        Incidence incidence = Incidence.of(i.group());
        Map<Integer, double[]> rows = new HashMap<>();
        for (Expr p : i.network().parameters()) {
            String name = Network.nameOf(p);
            if (p.shape().rank() < 2) {
                continue;
            }
            Tensor w = weights.get(p);
            for (int k = 0; k < w.size(); k++) {
                int head = incidence.head(name, k);
                if (head >= 0) {
                    double[] row = rows.getOrDefault(head, new double[0]);
                    double[] longer = Arrays.copyOf(row, row.length + 1);
                    longer[row.length] = w.get(k);
                    rows.put(head, longer);
                }
            }
        }
        rows.replaceAll((head, row) -> {
            double norm = Math.sqrt(Arrays.stream(row).map(x -> x * x).sum());
            return Arrays.stream(row).map(x -> x / norm).toArray();
        });
        return rows;
    }
}
