package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.proofs.Choices;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Sketch;

/**
 * The law of path conditioning at initialisation. The diagonal of G is multilinear in the squares of the weights, so its mean over
 * independent weights of variance σ_l² is its value where |w| = σ_l in layer l; there the minimiser has a closed form.
 */
final class MeanFieldTheorem {
    private static final double ROUNDING = 1e-6;
    private static final int QUICK = 80;

    private MeanFieldTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "mean-field-initialisation",
                new Claim<>(
                        "without biases the mean of diag G over independent weights of variances σ_l² is ∏ σ² ∏ n /"
                                + " (σ_l² n_{l−1} n_l) in layer l, and path conditioning for that diagonal makes"
                                + " σ_l² n_{l−1} n_l the same in all layers",
                        MeanFieldTheorem::check),
                "\\mathbb{E}\\, g^{(l)} = \\frac{\\prod_m \\sigma_m^2 \\prod_m n_m}{\\sigma_l^2 n_{l-1} n_l},"
                        + " \\qquad \\sigma_l'^2\\, n_{l-1} n_l = \\mathrm{const}",
                "derived for Lebeurrier, Vayer and Gribonval 2026",
                List.of(),
                NetworkInstances.of(MeanFieldTheorem::draw, QUICK),
                Verdict.SUPPORTED,
                new Claim<>(
                        "weights of one magnitude in all layers are left as they are, whatever the widths",
                        MeanFieldTheorem::untouched));
    }

    /** Layers of weights ±2^k. */
    private static NetworkInstance draw(Choices choices) {
        int[] widths = new int[choices.between(3, 5)];
        for (int l = 0; l < widths.length; l++) {
            widths[l] = choices.between(1, 4);
        }
        Network network = Sketch.mlp(false, widths).network();
        boolean gains = choices.maybe();
        double[] weights = new double[Math.toIntExact(network.parameterCount())];
        int next = 0;
        for (Expr p : network.parameters()) {
            double size = gains ? choices.among(1.0, 2.0, 0.5, 4.0) : 1;
            for (int k = 0; k < p.shape().elements(); k++) {
                weights[next++] = choices.maybe() ? -size : size;
            }
        }
        return NetworkInstance.of(Sketch.mlp(false, widths), weights);
    }

    /** log(σ_l² n_{l−1} n_l) per layer. */
    private static double[] logSizes(NetworkInstance i, Weights weights) {
        return i.network().parameters().stream()
                .mapToDouble(p -> 2 * Math.log(Math.abs(weights.get(p).get(0)))
                        + Math.log(p.shape().elements()))
                .toArray();
    }

    private static OrbitCriterion criterion(NetworkInstance i) {
        return OrbitCriterion.pathCond(
                i.group(), PathLifting.of(i.model(), i.group().liveness()));
    }

    private static Finding check(NetworkInstance i) {
        double[] sizes = logSizes(i, i.weights());
        double total = Arrays.stream(sizes).sum();
        PathLifting lifting = PathLifting.of(i.model());
        double logPaths = 0;
        for (Expr p : i.network().parameters()) {
            logPaths += Math.log(Math.abs(i.weights().get(p).get(0)));
        }
        logPaths = 2 * logPaths + Math.log(i.paths().orElseThrow().monomials());
        int layer = 0;
        for (Expr p : i.network().parameters()) {
            Tensor g = ExactNumbers.get(lifting.logDiagonal(), Network.nameOf(p));
            for (double entry : g.data()) {
                if (!(Math.abs(entry - (logPaths - sizes[layer])) <= ROUNDING)) {
                    return new Finding.Refuted("diag G in layer " + (layer + 1) + " is " + Math.exp(entry) + ", not "
                            + Math.exp(logPaths - sizes[layer]));
                }
            }
            layer++;
        }
        Minimum minimum = criterion(i).minimise();
        double[] after = logSizes(i, minimum.rescaling().weights(i.weights()));
        double worst = 0;
        for (double size : after) {
            worst = Math.max(worst, Math.abs(size - total / sizes.length));
        }
        return worst <= ROUNDING && minimum.after() <= ROUNDING
                ? new Finding.Supported("log σ_l² n n = " + (float) (total / sizes.length) + " in all " + sizes.length
                        + " layers to " + String.format(java.util.Locale.ROOT, "%.0e", worst))
                : new Finding.Refuted("after path conditioning log σ_l² n n = " + Arrays.toString(after)
                        + ", divergence " + minimum.after());
    }

    private static Finding untouched(NetworkInstance i) {
        List<Double> magnitudes = i.network().parameters().stream()
                .map(p -> Math.abs(i.weights().get(p).get(0)))
                .distinct()
                .toList();
        if (magnitudes.size() > 1) {
            return new Finding.NotApplicable("all weights have one magnitude");
        }
        double move = criterion(i).minimise().maxAbsLogScale();
        List<Shape> shapes = i.network().parameters().stream().map(Expr::shape).toList();
        return move <= ROUNDING
                ? new Finding.Supported("no scale moves")
                : new Finding.Refuted(
                        "with weights of shapes " + shapes + " a scale moves by a factor of " + (float) Math.exp(move));
    }
}
