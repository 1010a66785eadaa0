package org.quotient.geometry.lifting;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Liveness;

/**
 * The path lifting Φ(θ) of a model, without its paths: norms, inner products, the path magnitude matrix G = ∂Φᵀ∂Φ times a vector
 * and its diagonal. Φ_p is the product of the parameters and constants along path p (Gonon et al. 2023, Definition 2.2; here on
 * the unrolled graph of any network). Parameters that are not live count as zero: they are on no path. Everything is computed in
 * double precision whatever the model's dtype, and beyond its range with exponents kept apart.
 */
public final class PathLifting {
    private final Model model;
    private final Liveness liveness;
    private final BitSet live;
    private final Map<String, Tensor> inputs;
    private final Map<Double, PathSum> sums = new HashMap<>();

    private PathLifting(Model model, Liveness liveness, Map<String, Tensor> inputs) {
        this.model = model;
        this.inputs = inputs;
        this.liveness = liveness;
        this.live = liveness.live();
    }

    /**
     * The lifting of a model.
     *
     * @throws IllegalArgumentException if a parameter is NaN or infinite
     */
    public static PathLifting of(Model model) {
        return of(model, Liveness.of(model.network()));
    }

    /** The lifting of a model whose network's liveness is known already. */
    public static PathLifting of(Model model, Liveness liveness) {
        for (Expr parameter : model.network().parameters()) {
            Tensor theta = model.weights().get(parameter);
            for (int i = 0; i < theta.size(); i++) {
                if (!Double.isFinite(theta.get(i))) {
                    throw new IllegalArgumentException("The path lifting needs finite parameters; element " + i
                            + " of '" + Network.nameOf(parameter) + "' is " + theta.get(i));
                }
            }
        }
        return new PathLifting(model, liveness, Map.of());
    }

    /**
     * The same lifting with every path weighted by its input: Φ_p·√E[x_p²] takes the place of Φ_p (biases keep 1), which turns
     * ‖Φ‖² and G into those of the data if inputs are uncorrelated.
     *
     * @param energies per name of an input E[x²] of its elements, of its shape for one sample, finite and not negative; an
     *     input that is not named keeps 1
     * @throws IllegalArgumentException for another name or shape, or a value that is negative, NaN or infinite
     */
    public PathLifting withInputEnergies(Map<String, Tensor> energies) {
        Map<String, Tensor> checked = new LinkedHashMap<>();
        energies.forEach((name, energy) -> {
            Expr input = model.network().inputs().stream()
                    .filter(x -> Network.nameOf(x).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("The network has no input '" + name
                            + "'; its inputs are "
                            + model.network().inputs().stream()
                                    .map(Network::nameOf)
                                    .toList()));
            Shape one = input.shape().bind(1);
            if (!one.equals(energy.shape())) {
                throw new IllegalArgumentException("The energies of input '" + name
                        + "' need its shape for one sample, " + one + "; given " + energy.shape());
            }
            for (int i = 0; i < energy.size(); i++) {
                if (!(energy.get(i) >= 0 && energy.get(i) < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("The energies of input '" + name
                            + "' must be finite and not negative; element " + i + " is " + energy.get(i));
                }
            }
            checked.put(name, energy.cast(DType.F64));
        });
        return new PathLifting(model, liveness, Map.copyOf(checked));
    }

    /** Which elements lie on paths. */
    public Liveness liveness() {
        return liveness;
    }

    /** The model. */
    public Model model() {
        return model;
    }

    private PathSum sum(double exponent) {
        return sums.computeIfAbsent(exponent, q -> {
            Map<String, Tensor> begin = new HashMap<>();
            inputs.forEach((name, energy) ->
                    begin.put(name, Tensor.fill(energy.shape(), DType.F64, i -> Math.pow(energy.get(i), q / 2))));
            return PathSum.of(liveness, q, begin);
        });
    }

    /**
     * The path norm ‖Φ‖_q = (Σ_p |Φ_p|^q)^(1/q).
     *
     * @param q &gt; 0
     * @return possibly infinite or 0 where {@link #logNorm} is not
     */
    public double norm(double q) {
        return Math.exp(logNorm(q));
    }

    /** The natural logarithm of {@link #norm}, of any size; −∞ where no path is nonzero. */
    public double logNorm(double q) {
        PathSum sum = sum(q);
        return EdgeValues.of(sum, model, live, q)
                        .evaluate(List.of(sum.total()))
                        .get(0)
                        .log(0)
                / q;
    }

    /**
     * The inner product ⟨Φ(θ), Φ(θ′)⟩ over all paths.
     *
     * @param other θ′, weights for the same network
     */
    public double inner(Weights other) {
        PathSum sum = sum(2);
        Map<String, ScaledTensor> values = new HashMap<>();
        sum.fixed().forEach((name, value) -> values.put(name, ScaledTensor.normalised(value, 0)));
        Map<String, Tensor> others = parameters(other);
        parameters(model.weights())
                .forEach((name, theta) ->
                        values.put(name, ScaledTensor.product(theta, Objects.requireNonNull(others.get(name)))));
        return WideRange.evaluate(List.of(sum.total()), values).get(0).get(0);
    }

    /**
     * The diagonal of G: G_ii = Σ_p (∂Φ_p/∂θ_i)², which does not depend on θ_i itself where no path reuses it
     * (Neyshabur et al. 2015 for layered networks).
     *
     * @return per parameter name a tensor of its shape in double precision; 0 where no path is, or none that is nonzero
     * @throws IllegalArgumentException if so many parameters are reused along paths that it would take too long
     */
    public Map<String, Tensor> diagonal() {
        Map<String, Tensor> out = new LinkedHashMap<>();
        energies()
                .forEach((name, g) -> out.put(
                        name,
                        g.exponent() == 0 ? g.value() : Tensor.fill(g.value().shape(), DType.F64, g::get)));
        return out;
    }

    /** The natural logarithms of {@link #diagonal}, of any size; −∞ for 0. */
    public Map<String, Tensor> logDiagonal() {
        Map<String, Tensor> out = new LinkedHashMap<>();
        energies().forEach((name, g) -> out.put(name, Tensor.fill(g.value().shape(), DType.F64, g::log)));
        return out;
    }

    /**
     * {@link #diagonal} with an exponent per parameter: of any size, but numbers 10^300 times smaller than the largest of a tensor on
     * the way count as 0.
     */
    public Map<String, ScaledTensor> energies() {
        PathSum sum = sum(2);
        EdgeValues values = EdgeValues.of(sum, model, live, 2);
        List<ScaledTensor> first = values.evaluate(Differentiation.gradient(sum.total(), sum.edges()));
        Map<String, double[]> curvature = new Reuse(sum).curvature(values);
        Map<String, ScaledTensor> squares = curvature.isEmpty() ? Map.of() : values.wide();
        Map<String, ScaledTensor> out = new LinkedHashMap<>();
        int offset = 0;
        for (int k = 0; k < sum.edges().size(); k++) {
            Expr edge = sum.edges().get(k);
            String name = Network.nameOf(edge);
            int size = edge.shape().elements();
            double[] second = curvature.get(name);
            ScaledTensor slope = second == null
                    ? first.get(k)
                    : second(first.get(k), Objects.requireNonNull(squares.get(name)), second);
            boolean all = live.nextClearBit(offset) >= offset + size;
            int start = offset;
            out.put(
                    name,
                    all
                            ? slope
                            : new ScaledTensor(
                                    Tensor.fill(
                                            edge.shape(),
                                            DType.F64,
                                            i -> live.get(start + i)
                                                    ? slope.value().get(i)
                                                    : 0),
                                    slope.exponent()));
            offset += size;
        }
        return out;
    }

    /** The slope in e = θ² plus θ² times the second derivative: what a parameter has that paths use more than once. */
    private static ScaledTensor second(ScaledTensor slope, ScaledTensor square, double[] logCurvature) {
        double[] logs = new double[logCurvature.length];
        for (int i = 0; i < logs.length; i++) {
            double a = slope.log(i);
            double b = square.log(i) + logCurvature[i];
            double most = Math.max(a, b);
            logs[i] = most == Double.NEGATIVE_INFINITY || Double.isNaN(most)
                    ? a
                    : most + Math.log1p(Math.exp(Math.min(a, b) - most));
        }
        return ScaledTensor.ofLogs(slope.value().shape(), logs);
    }

    /**
     * The path magnitude matrix times a vector: G·v = ∂Φᵀ(∂Φ·v), exact also where paths reuse parameters.
     *
     * @param v per parameter name a tensor of its shape; entries of parameters that are not live are not used
     * @return the same, zero for parameters that are not live
     */
    public Map<String, Tensor> times(Map<String, Tensor> v) {
        try (MagnitudeProduct product = magnitude()) {
            return product.times(parameters(Weights.of(v)));
        }
    }

    /** G, ready to be multiplied by many vectors. */
    MagnitudeProduct magnitude() {
        return new MagnitudeProduct(new PathProducts(sum(2)), parameters(model.weights()));
    }

    /**
     * The energy vᵀGv = ‖∂Φ·v‖² of a direction: the squared speed of Φ as θ moves along it.
     *
     * @param v per parameter name a tensor of its shape; entries of parameters that are not live are not used
     */
    public double energyOf(Map<String, Tensor> v) {
        Map<String, Tensor> product = times(v);
        double sum = 0;
        for (Map.Entry<String, Tensor> entry : product.entrySet()) {
            Tensor direction = Objects.requireNonNull(v.get(entry.getKey()));
            for (int i = 0; i < direction.size(); i++) {
                double x = entry.getValue().get(i);
                sum += x == 0 ? 0 : direction.get(i) * x;
            }
        }
        return Math.max(0, sum);
    }

    /**
     * ∂Φ(θ)ᵀΦ(θ′): the gradient of ⟨Φ(θ), Φ(θ′)⟩ in θ, exact also where paths reuse parameters.
     *
     * @param other θ′, weights for the same network
     * @return per parameter name a tensor of its shape in double precision, zero for parameters that are not live
     */
    public Map<String, Tensor> pullback(Weights other) {
        PathProducts products = new PathProducts(sum(2));
        Map<String, Tensor> values = new HashMap<>(sum(2).fixed());
        parameters(model.weights()).forEach((name, theta) -> values.put(PathProducts.left(name), theta));
        parameters(other).forEach((name, theta) -> values.put(PathProducts.right(name), theta));
        return parameters(Weights.of(products.named(EdgeValues.evaluate(products.pullback(), values))));
    }

    /**
     * The form of the path kernel K(θ) = ∂Φ ∂Φᵀ at Φ(θ′): Φ(θ′)ᵀ K(θ) Φ(θ′) = ‖∂Φ(θ)ᵀΦ(θ′)‖².
     *
     * @param other θ′, weights for the same network
     */
    public double kernelForm(Weights other) {
        double sum = 0;
        for (Tensor slope : pullback(other).values()) {
            for (int i = 0; i < slope.size(); i++) {
                sum += slope.get(i) * slope.get(i);
            }
        }
        return sum;
    }

    /**
     * The exact number of paths, for a network of any size and without listing them; {@link Paths#count} in integers. Every
     * path counts one whatever its value, the weights and the energies of inputs.
     */
    public BigInteger pathCount() {
        return PathCount.of(liveness);
    }

    /** Whether no input was given an energy of zero, so that every path keeps a weight. */
    boolean weighsEveryInput() {
        return inputs.values().stream().allMatch(t -> Arrays.stream(t.data()).allMatch(e -> e > 0));
    }

    // ---- Evaluation

    /** The parameters in double precision, zero where they are not live. */
    private Map<String, Tensor> parameters(Weights weights) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        int offset = 0;
        for (Expr parameter : model.network().parameters()) {
            Tensor theta = weights.get(parameter);
            int start = offset;
            out.put(
                    Network.nameOf(parameter),
                    Tensor.fill(parameter.shape(), DType.F64, i -> live.get(start + i) ? theta.get(i) : 0));
            offset += theta.size();
        }
        return out;
    }
}
