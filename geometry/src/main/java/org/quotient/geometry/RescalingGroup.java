package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * The positive rescalings of a network's parameters that leave its function unchanged, inferred from the graph.
 *
 * <p>For z ∈ R^k the group element sends θ_i to θ_i·exp((Bz)_i), with B an integer matrix (parameter elements × generators)
 * stored by structure. A generator belongs to a class of units, channels or positions that must share one scale λ = e^z:
 * their incoming weights and biases are multiplied by λ, their outgoing weights divided by it (Neyshabur et al. 2015, Meng et
 * al. 2019; here for any graph). Buffers of normalisations are carried along; a scale before a normalisation is a symmetry
 * exactly for ε = 0.
 */
public final class RescalingGroup {
    /** How many scalar terms the element-by-element inference may visit before it is thought too slow. */
    static final long ELEMENT_BUDGET = 6_000_000;

    private final Inference inference;
    private final Network network;
    private final Liveness liveness;
    private final int[] freeUnknowns;
    private final Optional<ScalarBound> scalarBound;

    /** Whether it is known without scalar paths that no symmetry has been missed. */
    private final boolean complete;

    private final Map<Integer, LinearForm> normals = new HashMap<>();

    private RescalingGroup(Inference inference, Optional<ScalarBound> scalarBound, boolean complete) {
        this.inference = inference;
        this.scalarBound = scalarBound;
        this.complete = complete;
        this.network = inference.network;
        this.liveness = inference.liveness;
        ShortBasis.improve(inference);
        this.freeUnknowns =
                inference.relations.free().stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The group of a network. Scales are first taken to be uniform over the positions of an image; where that might lose
     * symmetries, neither counting channels shows that it did not, and the network is small enough, the result is compared
     * with its scalar paths, and if it did, every element gets a scale of its own. Where it is too large for that, {@link #incomplete()} names the operations.
     */
    public static RescalingGroup of(Network network) {
        return of(network, Liveness.of(network));
    }

    /** The group for a given liveness, such as that of a network with zero weights. */
    public static RescalingGroup of(Network network, Liveness liveness) {
        Inference inference = Inference.run(network, liveness, false);
        RescalingGroup quick = new RescalingGroup(inference, Optional.empty(), true);
        if (inference.collapsed().isEmpty() || quick.meetsChannelBound()) {
            return quick;
        }
        Optional<ScalarBound> bound = ScalarBound.of(liveness);
        RescalingGroup byChannels = new RescalingGroup(inference, bound, false);
        boolean refine = bound.isPresent()
                && !byChannels.meetsScalarBound()
                && ElementCount.terms(liveness.order()) <= ELEMENT_BUDGET;
        return refine ? byElements(network, liveness) : byChannels;
    }

    /** The group inferred element by element, whatever the size. */
    static RescalingGroup byElements(Network network, Liveness liveness) {
        return new RescalingGroup(Inference.run(network, liveness, true), Optional.empty(), true);
    }

    private boolean meetsChannelBound() {
        ChannelBound.Result bound = ChannelBound.of(network, liveness);
        return bound.applies() && bound.lower() == liveness.liveCount() - rank();
    }

    private boolean meetsScalarBound() {
        return scalarBound
                .filter(b -> b.sameLive() && b.rank() == liveness.liveCount() - rank())
                .isPresent();
    }

    /** The lower bound from scalar paths, if it was needed to find the group. */
    Optional<ScalarBound> scalarBound() {
        return scalarBound;
    }

    /** The network. */
    public Network network() {
        return network;
    }

    /** Which parameters are live, idle or dead. */
    public Liveness liveness() {
        return liveness;
    }

    /** The number of generators k: the rank of B on the live parameters. */
    public int rank() {
        return freeUnknowns.length;
    }

    /** Operations that hold a scale at 0, and why. */
    public List<Pinned> pinned() {
        List<Pinned> list = new ArrayList<>();
        inference.pinned().forEach((where, why) -> list.add(new Pinned(where, why)));
        return list;
    }

    /** Operations where further symmetries, differing between positions, may have been missed, and why; normally none. */
    public Map<String, String> incomplete() {
        return complete || meetsScalarBound() ? Map.of() : Map.copyOf(inference.collapsed());
    }

    Inference inference() {
        return inference;
    }

    /** The free unknowns, one per generator. */
    int[] freeUnknowns() {
        return freeUnknowns;
    }

    /** A form in the generators: {@code Σ coefficient · z[k]} with positions k into {@link #freeUnknowns()}. */
    LinearForm normal(int form) {
        LinearForm known = normals.get(form);
        if (known == null) {
            known = inference.relations.normal(form);
            normals.put(form, known);
        }
        return known;
    }

    /** The extents of the blocks of a variable whose elements all have one scale. */
    int[] blockExtents(int variable) {
        int[] extents =
                new int[inference.scales.variables().get(variable).shape().rank()];
        Arrays.fill(extents, 1);
        for (ParameterScales.Addend addend : inference.scales.law(variable)) {
            extents = BlockTensor.join(extents, addend.forms().extents);
        }
        return extents;
    }

    /**
     * The rows of B by block, in the generators.
     *
     * @param variable index of a parameter or buffer
     * @param wanted one flag per block of {@link #blockExtents}; rows of the others are left zero
     */
    LinearForm[] blockRows(int variable, IntPredicate wanted) {
        int[] extents = blockExtents(variable);
        LinearForm[] rows = new LinearForm[BlockTensor.product(extents)];
        Arrays.fill(rows, LinearForm.ZERO);
        for (ParameterScales.Addend addend : inference.scales.law(variable)) {
            int[] ids = addend.forms().expand(extents).ids;
            for (int i = 0; i < rows.length; i++) {
                if (wanted.test(i)) {
                    rows[i] = rows[i].plus(normal(ids[i]), addend.sign());
                }
            }
        }
        return rows;
    }

    /**
     * The rows of B of a parameter or buffer, by structure.
     *
     * @param variable its position among the network's parameters, followed by its buffers
     */
    public ScaleLaw scaleLaw(int variable) {
        List<ScaleLaw.Factor> factors = new ArrayList<>();
        for (ParameterScales.Addend addend : inference.scales.law(variable)) {
            BlockTensor block = addend.forms();
            ScaleLaw.Row[] rows = new ScaleLaw.Row[block.ids.length];
            Map<Integer, ScaleLaw.Row> known = new HashMap<>();
            for (int i = 0; i < rows.length; i++) {
                rows[i] = block.ids[i] == 0
                        ? ScaleLaw.Row.ZERO
                        : known.computeIfAbsent(block.ids[i], id -> row(normal(id), addend.sign()));
            }
            factors.add(new ScaleLaw.Factor(Arrays.stream(block.extents).boxed().toList(), List.of(rows)));
        }
        int[] sizes = inference.scales.variables().get(variable).shape().sizes();
        return new ScaleLaw(Arrays.stream(sizes).boxed().toList(), factors);
    }

    private ScaleLaw.Row row(LinearForm form, int sign) {
        int[] generators = new int[form.terms()];
        long[] coefficients = new long[generators.length];
        for (int k = 0; k < generators.length; k++) {
            generators[k] = Arrays.binarySearch(freeUnknowns, form.unknownAt(k));
            coefficients[k] = sign * form.coefficientAt(k);
        }
        return new ScaleLaw.Row(generators, coefficients);
    }

    /**
     * Scales that an operation of the network removes, as rows over the generators: those of what a normalisation (or a sign,
     * or the place of a maximum) reads. Moving them leaves the function as it is, for a normalisation only if ε = 0, but
     * not the path lifting, whose paths end there.
     */
    public List<ScaleLaw.Row> removedScales() {
        return inference.removed().stream()
                .map(this::normal)
                .filter(form -> !form.isZero())
                .distinct()
                .map(form -> row(form, 1))
                .toList();
    }

    /** The row of B of a trainable element, as pairs generator → integer; zero for dead parameters. */
    public Map<Integer, Long> row(int element) {
        Map<Integer, Long> row = new LinkedHashMap<>();
        int form = inference.scales.get(element);
        if (form > 0) {
            LinearForm normal = inference.relations.normal(form);
            for (int k = 0; k < normal.terms(); k++) {
                row.put(Arrays.binarySearch(freeUnknowns, normal.unknownAt(k)), normal.coefficientAt(k));
            }
        }
        return row;
    }

    /**
     * The log-scales (Bz)_i.
     *
     * @param z one number per generator
     * @return per parameter and buffer name, its log-scales, row-major
     * @throws IllegalArgumentException if z has another length
     */
    public Map<String, double[]> logScales(double[] z) {
        if (z.length != rank()) {
            throw new IllegalArgumentException(
                    "The group has " + rank() + " generators; given " + z.length + " numbers");
        }
        Map<String, double[]> out = new LinkedHashMap<>();
        List<Expr> variables = inference.scales.variables();
        for (int v = 0; v < variables.size(); v++) {
            double[] total = new double[variables.get(v).shape().elements()];
            for (ParameterScales.Addend addend : inference.scales.law(v)) {
                BlockTensor block = addend.forms();
                double[] values = new double[block.ids.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = addend.sign() * value(block.ids[i], z);
                }
                BlockTensor.walk(block.sizes, block.strides(), 0, (i, at) -> total[i] += values[at]);
            }
            out.put(Network.nameOf(variables.get(v)), total);
        }
        return out;
    }

    private double value(int form, double[] z) {
        if (form == 0) {
            return 0;
        }
        LinearForm normal = normal(form);
        double sum = 0;
        for (int k = 0; k < normal.terms(); k++) {
            sum += normal.coefficientAt(k) * z[Arrays.binarySearch(freeUnknowns, normal.unknownAt(k))];
        }
        return sum;
    }

    /**
     * The rescaled weights θ·exp(Bz); parameters and buffers keep their dtype.
     *
     * @param weights θ, not modified
     * @param z the logarithms of the scales, one per generator
     */
    public Weights act(Weights weights, double[] z) {
        return scaled(weights, logScales(z), false);
    }

    /**
     * The rescaled weights for scales 2^k: exact in binary arithmetic, short of overflow and underflow.
     *
     * @param weights θ, not modified
     * @param exponents one integer per generator
     */
    public Weights actByPowersOfTwo(Weights weights, int[] exponents) {
        return scaled(
                weights, logScales(Arrays.stream(exponents).asDoubleStream().toArray()), true);
    }

    private Weights scaled(Weights weights, Map<String, double[]> logScales, boolean binary) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (String name : weights.names()) {
            Tensor theta = weights.get(name);
            double[] logs = logScales.get(name);
            out.put(
                    name,
                    logs == null
                            ? theta
                            : Tensor.fill(
                                    theta.shape(),
                                    theta.dtype(),
                                    i -> logs[i] == 0
                                            ? theta.get(i)
                                            : binary
                                                    ? Math.scalb(theta.get(i), (int) logs[i])
                                                    : theta.get(i) * Math.exp(logs[i])));
        }
        return Weights.of(out);
    }

    /** The trainable elements that are exactly zero at a model's weights. */
    public static BitSet zeros(Model model) {
        BitSet zeros = new BitSet();
        int offset = 0;
        for (Expr parameter : model.network().parameters()) {
            Tensor theta = model.weights().get(parameter);
            for (int i = 0; i < theta.size(); i++) {
                if (theta.get(i) == 0) {
                    zeros.set(offset + i);
                }
            }
            offset += theta.size();
        }
        return zeros;
    }
}
