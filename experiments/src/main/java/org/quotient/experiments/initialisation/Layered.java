package org.quotient.experiments.initialisation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;

/**
 * A chain of dense layers n_0, ..., n_L with ReLU between and independent initial entries of mean 0.
 *
 * @param name in tables
 * @param widths n_0, ..., n_L
 * @param weights the laws of the L weight matrices
 * @param biases the laws of the biases of the first layers; as many layers have biases as there are laws
 */
public record Layered(String name, List<Integer> widths, List<Law> weights, List<Law> biases) {

    /** Copies its lists. */
    public Layered {
        widths = List.copyOf(widths);
        weights = List.copyOf(weights);
        biases = List.copyOf(biases);
        if (weights.size() != widths.size() - 1 || biases.size() > weights.size()) {
            throw new IllegalArgumentException("Expected a law per matrix and at most as many for biases; given "
                    + widths + ", " + weights + " and " + biases);
        }
    }

    /** Without biases, by one of the usual laws. */
    public static Layered biasFree(String name, Initialisation init, int... widths) {
        List<Integer> sizes = Arrays.stream(widths).boxed().toList();
        List<Law> laws = new ArrayList<>();
        for (int l = 1; l < widths.length; l++) {
            laws.add(init.weight(widths[l - 1], widths[l]));
        }
        return new Layered(name, sizes, laws, List.of());
    }

    /** With each weight law's scale multiplied by a factor; only laws of mean 0. */
    public Layered scaled(String other, double... factors) {
        List<Law> laws = new ArrayList<>();
        for (int l = 0; l < factors.length; l++) {
            laws.add(
                    switch (weights.get(l)) {
                        case Law.Uniform u -> new Law.Uniform(u.bound() * factors[l]);
                        case Law.Normal n -> new Law.Normal(n.deviation() * factors[l]);
                        case Law.Fixed _, Law.Among _ ->
                            throw new IllegalArgumentException("Only uniform and normal laws have a scale");
                    });
        }
        return new Layered(other, widths, laws, biases);
    }

    /** L. */
    public int depth() {
        return weights.size();
    }

    /** σ_l²·n_{l−1}·n_l for l = 1, ..., L. */
    public List<Double> products() {
        List<Double> out = new ArrayList<>();
        for (int l = 0; l < depth(); l++) {
            out.add(weights.get(l).variance() * widths.get(l) * widths.get(l + 1));
        }
        return out;
    }

    /** Layers fc1, fc2, ... */
    public InitialisedNetwork network() {
        NetworkBuilder net = NetworkBuilder.named(name, DType.F64, Initialisation.TORCH);
        Flow x = net.input("x", widths.getFirst());
        for (int l = 1; l <= depth(); l++) {
            x = x.denseWith(net.parameter("fc" + l + ".weight", weights.get(l - 1), widths.get(l), widths.get(l - 1)))
                    .label("fc" + l);
            if (l <= biases.size()) {
                x = x.plusAlong(net.parameter("fc" + l + ".bias", biases.get(l - 1), widths.get(l)), 1)
                        .label("fc" + l + ".biased");
            }
            x = l < depth() ? x.relu() : x;
        }
        return net.build(x);
    }

    /**
     * The per-layer log-scales that path conditioning gives in the mean field of a network without biases. There
     * E G_ii = const/(σ_l²·n_{l−1}·n_l) in layer l; with ḡ_l for that and v_l = mean_m(log ḡ_m) − log ḡ_l, the log-scales are
     * z_l = −½·Σ_{m≤l} v_m. Afterwards all ḡ_l are equal.
     *
     * @return z_1, ..., z_{L−1}
     */
    public List<Double> closedForm() {
        if (!biases.isEmpty()) {
            throw new IllegalArgumentException("The closed form is for networks without biases");
        }
        double[] log = products().stream().mapToDouble(p -> -Math.log(p)).toArray();
        double mean = Arrays.stream(log).average().orElseThrow();
        List<Double> z = new ArrayList<>();
        double sum = 0;
        for (int l = 0; l < log.length - 1; l++) {
            sum += mean - log[l];
            z.add(-sum / 2);
        }
        return z;
    }

    /**
     * The same for any network, without a formula: a parameter occurs at most once on a path, so G_ii is linear in the square
     * of every other parameter, and E G_ii is G_ii of the network whose parameters are all at their root mean square. Its units
     * of a layer are alike, and so are their scales at the minimum.
     *
     * @return z_1, ..., z_{L−1}
     */
    public List<Double> meanField() {
        InitialisedNetwork drawn = network();
        Map<String, Tensor> mean = new LinkedHashMap<>();
        for (Expr parameter : drawn.network().parameters()) {
            Law law = Objects.requireNonNull(drawn.laws().get(Network.nameOf(parameter)));
            double size = Math.sqrt(law.variance() + law.mean() * law.mean());
            mean.put(Network.nameOf(parameter), Tensor.fill(parameter.shape(), DType.F64, i -> size));
        }
        RescalingGroup group = RescalingGroup.of(drawn.network());
        Model model = new Model(drawn.network(), Weights.of(mean));
        double[] z =
                OrbitCriterion.pathCond(group, PathLifting.of(model)).minimise().z();
        return unitScales(group, z).stream()
                .map(layer -> Arrays.stream(layer).average().orElseThrow())
                .toList();
    }

    /** The log-scales of the units, layer by layer, for hidden layers 1, ..., L − 1. */
    List<double[]> unitScales(RescalingGroup group, double[] z) {
        Map<String, double[]> elements = group.logScales(z);
        List<double[]> out = new ArrayList<>();
        double before = 0;
        for (int l = 1; l < depth(); l++) {
            double[] all = Objects.requireNonNull(elements.get("fc" + l + ".weight"));
            double[] layer = new double[widths.get(l)];
            // The log-scale of W_l[j, 0] is z_{l,j} − z_{l−1,0}.
            for (int j = 0; j < layer.length; j++) {
                layer[j] = all[j * widths.get(l - 1)] + before;
            }
            before = layer[0];
            out.add(layer);
        }
        return out;
    }

    /** The mean square of a matrix's entries times its two widths: its squared Frobenius norm. */
    static double product(Tensor weight) {
        double squares = 0;
        for (int i = 0; i < weight.size(); i++) {
            squares += weight.get(i) * weight.get(i);
        }
        return squares;
    }
}
