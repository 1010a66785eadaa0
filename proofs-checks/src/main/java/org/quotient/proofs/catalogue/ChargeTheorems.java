package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.conservation.BalanceReport;
import org.quotient.optimizers.conservation.Charges;
import org.quotient.optimizers.conservation.Dynamics;
import org.quotient.optimizers.conservation.FlowMetric;
import org.quotient.optimizers.conservation.FlowResult;
import org.quotient.optimizers.conservation.GradientFlow;
import org.quotient.optimizers.conservation.Ledger;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;
import org.quotient.optimizers.zoo.Optimizers;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** The charges c = Bᵀ(θ∘θ): kept by gradient flow, and changed by known amounts in gradient descent. */
final class ChargeTheorems {
    private static final int QUICK = 120;
    private static final int QUICK_FLOWS = 12;
    private static final BigFraction ETA = new BigFraction(1, 2);
    private static final BigFraction DECAY = new BigFraction(1, 3);

    /** How far flows go: about this fraction of the fastest weight. */
    private static final double FRACTION = 0.02;

    private static final double TOLERANCE = 1e-9;
    private static final double DRIFT = 1e-6;

    private ChargeTheorems() {}

    private static List<Hypothesis<NetworkInstance>> generator() {
        return List.of(
                new Hypothesis<>("the group has a generator", i -> i.group().rank() > 0));
    }

    /** The exact drift. */
    static Theorem<NetworkInstance> drift() {
        return new Theorem<>(
                "charges-drift",
                new Claim<>(
                        "a step of gradient descent with decay λ takes the charges c = Bᵀ(θ∘θ) to exactly"
                                + " (1 − ηλ)²c + η²Bᵀ(g∘g)",
                        ChargeTheorems::drift),
                "\\theta^+ = \\theta - \\eta (\\nabla L + \\lambda\\theta) \\implies c^+ = (1 - \\eta\\lambda)^2 c"
                        + " + \\eta^2 B^T (\\nabla L \\circ \\nabla L), \\quad c = B^T (\\theta \\circ \\theta)",
                "derived (exact form of Kunin et al. 2021)",
                generator(),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.SHARING, Family.POOLING), QUICK),
                Verdict.PROVED,
                new Claim<>("gradient descent keeps the charges", i -> {
                    Map<String, ExactValues> theta = ExactNumbers.weights(i);
                    BigFraction[] c = ExactNumbers.form(i.group(), theta, theta);
                    return compare(i, "c", c, ExactNumbers.plus(theta, ETA.negate(), ExactNumbers.gradient(i)));
                }));
    }

    private static Finding compare(
            NetworkInstance i, String law, BigFraction[] expected, Map<String, ExactValues> next) {
        BigFraction[] actual = ExactNumbers.form(i.group(), next, next);
        for (int k = 0; k < expected.length; k++) {
            if (!expected[k].equals(actual[k])) {
                return new Finding.Refuted("after a step with η = " + ExactNumbers.text(ETA) + " on inputs "
                        + Equivariance.inputs(i) + " and targets "
                        + NetworkInstance.text(i.data().target()) + " the charge of generator " + k + " is "
                        + ExactNumbers.text(actual[k]) + ", but " + law + " = " + ExactNumbers.text(expected[k]));
            }
        }
        return new Finding.Proved(expected.length + " charges after a step agree exactly");
    }

    private static Finding drift(NetworkInstance i) {
        Map<String, ExactValues> theta = ExactNumbers.weights(i);
        Map<String, ExactValues> g = ExactNumbers.gradient(i);
        Map<String, ExactValues> next = ExactNumbers.plus(theta, ETA.negate(), ExactNumbers.plus(g, DECAY, theta));
        BigFraction shrink = BigFraction.ONE.subtract(ETA.multiply(DECAY));
        BigFraction[] c = ExactNumbers.form(i.group(), theta, theta);
        BigFraction[] gg = ExactNumbers.form(i.group(), g, g);
        BigFraction[] expected = new BigFraction[c.length];
        Arrays.setAll(expected, k -> shrink.pow(2).multiply(c[k]).add(ETA.pow(2).multiply(gg[k])));
        Finding exact = compare(i, "(1 − ηλ)²c + η²Bᵀ(g∘g)", expected, next);
        if (!(exact instanceof Finding.Proved)) {
            return exact;
        }
        BalanceReport books = ledger(i);
        return books.holds() ? exact : new Finding.Refuted("with momentum too, by the ledger: " + books.summary());
    }

    /** Two steps of momentum with decay, as trained, against the ledger. */
    private static BalanceReport ledger(NetworkInstance i) {
        double rate = 0x1p-12;
        Training training = Training.of(
                Problem.of(i.group(), Loss.halfSquaredError()), Optimizers.of("momentum:mu=0.5,decay=0.25"));
        Ledger ledger = Ledger.of(i.group(), new Dynamics(rate, 0.5, 0.25));
        TrainingState state = training.start(i.weights());
        BalanceReport report = new BalanceReport(List.of(), 0);
        for (int step = 0; step < 2; step++) {
            Map<String, Tensor> before = state.model().weights().asMap();
            Training.Step taken = training.step(state, i.batch(), rate);
            state = taken.next();
            Ledger.Entry entry = ledger.record(
                    before, taken.differential(), state.model().weights().asMap());
            ledger = entry.next();
            report = entry.report();
            if (!report.holds()) {
                return report;
            }
        }
        return report;
    }

    /** Conservation. */
    static Theorem<NetworkInstance> flow() {
        return new Theorem<>(
                "charges-conserved",
                new Claim<>(
                        "Euclidean gradient flow keeps ‖w_in‖² + b² − ‖w_out‖² of every unit, and the gradient flow in the"
                                + " metric Σ dθ²/θ² keeps Σ log|w_in| + log|b| − Σ log|w_out|",
                        i -> {
                            Finding first = check(i, FlowMetric.euclidean(i.group()));
                            return first instanceof Finding.Supported
                                    ? check(i, FlowMetric.logarithmic(i.group()))
                                    : first;
                        }),
                "\\dot\\theta = -\\nabla L \\implies \\tfrac{d}{dt} B^T (\\theta \\circ \\theta) = 0",
                "Du, Hu and Lee 2018; any invariant metric: derived",
                generator(),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN).upTo(2), QUICK_FLOWS),
                Verdict.SUPPORTED,
                new Claim<>(
                        "the gradient flow in the metric Σ dθ²/θ² keeps ‖w_in‖² + b² − ‖w_out‖² of every unit",
                        ChargeTheorems::otherCharge));
    }

    private static GradientFlow gradientFlow(NetworkInstance i) {
        Problem problem = Problem.of(i.group(), Loss.halfSquaredError());
        Batch batch = i.batch();
        Map<String, Tensor> data = new LinkedHashMap<>();
        List<Expr> inputs = i.network().inputs();
        for (int k = 0; k < inputs.size(); k++) {
            data.put(Network.nameOf(inputs.get(k)), batch.inputs().get(k));
        }
        data.put(Network.nameOf(problem.target()), batch.target());
        return GradientFlow.of(i.network(), problem.loss(), data);
    }

    /** In which the fastest weight moves by the fraction, in either metric; infinite at critical points. */
    private static double time(NetworkInstance i) {
        double fastest = 0;
        for (Map.Entry<String, Tensor> g : Equivariance.differential(i).entrySet()) {
            Tensor w = i.weights().get(g.getKey());
            for (int k = 0; k < w.size(); k++) {
                double size = Math.abs(w.get(k));
                fastest = Math.max(fastest, Math.abs(g.getValue().get(k)) * Math.max(size, 1 / size));
            }
        }
        return FRACTION / fastest;
    }

    private static Finding check(NetworkInstance i, FlowMetric metric) {
        double time = time(i);
        if (!Double.isFinite(time)) {
            return new Finding.NotApplicable("the gradient is not 0");
        }
        FlowResult result = gradientFlow(i).integrate(i.weights(), metric, time, TOLERANCE);
        return result.drift() <= DRIFT
                ? new Finding.Supported("drift " + String.format(Locale.ROOT, "%.0e", result.drift()) + " up to time "
                        + (float) result.time())
                : new Finding.Refuted("up to time " + result.time() + " charges drift by "
                        + Arrays.toString(result.drifts()) + " of their size");
    }

    private static Finding otherCharge(NetworkInstance i) {
        double time = time(i);
        if (!Double.isFinite(time)) {
            return new Finding.NotApplicable("the gradient is not 0");
        }
        Weights end = gradientFlow(i)
                .integrate(i.weights(), FlowMetric.logarithmic(i.group()), time, TOLERANCE)
                .end();
        Charges charges = Charges.of(i.group());
        double[] before = charges.at(i.weights().asMap());
        double[] after = charges.at(end.asMap());
        double[] size = charges.magnitude(i.weights().asMap(), i.weights().asMap());
        double most = 0;
        for (int k = 0; k < before.length; k++) {
            most = Math.max(most, Math.abs(after[k] - before[k]) / size[k]);
        }
        return most <= DRIFT
                ? new Finding.Supported("drift " + most)
                : new Finding.Refuted("up to time " + (float) time + " the charges go from " + Arrays.toString(before)
                        + " to " + Arrays.toString(after));
    }
}
