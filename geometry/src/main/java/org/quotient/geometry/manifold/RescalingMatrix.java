package org.quotient.geometry.manifold;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixSparseCSC;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/**
 * The integer matrix B of a rescaling group on the trainable parameters (elements × generators), by structure: products with
 * it cost one pass over the elements for each factor of a law, and nothing of the size elements × generators is stored.
 *
 * <p>Vectors over the elements are maps from the name of a parameter to a tensor of its shape. Names of buffers or of anything
 * else may be present and are not looked at.
 */
public final class RescalingMatrix {
    private final RescalingGroup group;
    private final Map<String, Part> parts;

    /** One parameter: its law, its shape and the number of its first element. */
    record Part(ScaleLaw law, Shape shape, int offset) {}

    private RescalingMatrix(RescalingGroup group, Map<String, Part> parts) {
        this.group = group;
        this.parts = parts;
    }

    /** The matrix of a group. */
    public static RescalingMatrix of(RescalingGroup group) {
        Map<String, Part> parts = new LinkedHashMap<>();
        List<Expr> parameters = group.network().parameters();
        int offset = 0;
        for (int v = 0; v < parameters.size(); v++) {
            ScaleLaw law = group.scaleLaw(v);
            List<ScaleLaw.Factor> factors =
                    law.factors().stream().filter(f -> !f.isZero()).toList();
            Shape shape = parameters.get(v).shape();
            parts.put(Network.nameOf(parameters.get(v)), new Part(new ScaleLaw(law.sizes(), factors), shape, offset));
            offset += shape.elements();
        }
        return new RescalingMatrix(group, parts);
    }

    /** The group. */
    public RescalingGroup group() {
        return group;
    }

    /** The number of columns. */
    public int generators() {
        return group.rank();
    }

    /** The parameters, in the network's order. */
    Map<String, Part> parts() {
        return parts;
    }

    /**
     * The tensor of a parameter.
     *
     * @throws IllegalArgumentException if it is missing or of another shape
     */
    Tensor of(Map<String, Tensor> vector, String name) {
        Tensor tensor = vector.get(name);
        Part part = parts.get(name);
        if (tensor == null || part == null || !tensor.shape().equals(part.shape())) {
            throw new IllegalArgumentException("A vector over the parameters of '"
                    + group.network().name() + "' needs '" + name + "' " + (part == null ? "" : part.shape())
                    + "; given " + (tensor == null ? "none, but " + vector.keySet() : "shape " + tensor.shape()));
        }
        return tensor;
    }

    /**
     * Bᵀ(a∘b): for every generator Σ_e B_ek a_e b_e, summed in twice the working precision.
     *
     * @param a over the elements
     * @param b over the elements
     * @return one number per generator
     */
    public double[] bilinear(Map<String, Tensor> a, Map<String, Tensor> b) {
        return sums(a, b, false);
    }

    /** Σ_e |B_ek a_e b_e|, an upper bound of it where several factors of a law meet the same generator. */
    public double[] absolute(Map<String, Tensor> a, Map<String, Tensor> b) {
        return sums(a, b, true);
    }

    private double[] sums(Map<String, Tensor> a, Map<String, Tensor> b, boolean absolute) {
        CompensatedSums total = new CompensatedSums(generators());
        for (Map.Entry<String, Part> entry : parts.entrySet()) {
            double[] x = of(a, entry.getKey()).data();
            double[] y = of(b, entry.getKey()).data();
            ScaleLaw law = entry.getValue().law();
            for (ScaleLaw.Factor factor : law.factors()) {
                Blocks blocks = Blocks.of(law, factor.extents());
                CompensatedSums sums = new CompensatedSums(blocks.count());
                blocks.forEachRun((from, to, block) -> {
                    for (int i = from; i < to; i++) {
                        sums.addProduct(block, absolute ? Math.abs(x[i]) : x[i], absolute ? Math.abs(y[i]) : y[i]);
                    }
                });
                for (int i = 0; i < blocks.count(); i++) {
                    ScaleLaw.Row row = factor.rows().get(i);
                    for (int k = 0; k < row.generators().length; k++) {
                        long c = row.coefficients()[k];
                        total.add(row.generators()[k], absolute ? Math.abs(c) : c, sums, i);
                    }
                }
            }
        }
        return total.values();
    }

    /**
     * Bz.
     *
     * @param z one number per generator
     * @return in f64, over the elements
     */
    public Map<String, Tensor> times(double[] z) {
        if (z.length != generators()) {
            throw new IllegalArgumentException(
                    "The group has " + generators() + " generators; given " + z.length + " numbers");
        }
        Map<String, Tensor> out = new LinkedHashMap<>();
        parts.forEach((name, part) -> out.put(name, Tensor.of(part.shape(), times(part, z))));
        return out;
    }

    /** Bz on one parameter. */
    double[] times(Part part, double[] z) {
        double[] out = new double[part.shape().elements()];
        for (ScaleLaw.Factor factor : part.law().factors()) {
            double[] addend =
                    factor.rows().stream().mapToDouble(row -> row.times(z)).toArray();
            Blocks.of(part.law(), factor.extents()).forEachRun((from, to, block) -> {
                for (int i = from; i < to; i++) {
                    out[i] += addend[block];
                }
            });
        }
        return out;
    }

    /**
     * BᵀWB, sparse, symmetric and positive semi-definite.
     *
     * @param weights W ≥ 0 over the elements
     * @return generators × generators, both triangles
     */
    public DMatrixSparseCSC gram(Map<String, Tensor> weights) {
        GramBuilder gram = new GramBuilder(generators());
        parts.forEach((name, part) -> gram.add(part.law(), of(weights, name).data()));
        return gram.build();
    }

    /** The elements whose row of B is not zero: one bit per trainable element, the parameters one after the other. */
    public BitSet moved() {
        // Integers below 2^40 keep Bz exact for rows of moderate size; a non-zero row vanishes on them with chance
        // 2^-40.
        CounterRandom random = CounterRandom.seeded(1);
        double[] generic = new double[generators()];
        for (int k = 0; k < generic.length; k++) {
            generic[k] = Math.rint(random.uniform(k) * 0x1p40) + 1;
        }
        BitSet moved = new BitSet();
        for (Part part : parts.values()) {
            double[] scales = times(part, generic);
            for (int i = 0; i < scales.length; i++) {
                if (scales[i] != 0) {
                    moved.set(part.offset() + i);
                }
            }
        }
        return moved;
    }

    /** The name and index of an element, for messages. */
    String place(int element) {
        List<String> names = new ArrayList<>(parts.keySet());
        int at = names.size() - 1;
        while (at > 0 && part(names.get(at)).offset() > element) {
            at--;
        }
        Part part = part(names.get(at));
        int rest = element - part.offset();
        List<Integer> index = new ArrayList<>();
        for (int k = part.law().sizes().size() - 1; k >= 0; k--) {
            int size = part.law().sizes().get(k);
            index.add(0, rest % size);
            rest /= size;
        }
        return names.get(at) + index;
    }

    private Part part(String name) {
        return java.util.Objects.requireNonNull(parts.get(name));
    }
}
