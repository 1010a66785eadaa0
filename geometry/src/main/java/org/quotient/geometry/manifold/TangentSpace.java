package org.quotient.geometry.manifold;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.ejml.data.DMatrixSparseCSC;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;

/**
 * The tangent space at θ with the metric Σ (dθ_e/ε_e)², split into the vertical space {diag(θ)Bz}, along which the function
 * does not change, and its orthogonal complement, the horizontal space (Absil, Mahony and Sepulchre 2008, section 3.5.8).
 *
 * <p>Lengths are those of live parameters. Dead and idle ones, and those whose unit is 0, have no length: they are carried, that
 * is, moved along by vertical vectors and otherwise kept. An entry that is zero takes no part in vertical vectors; where a
 * generator moves no live entry because all are zero, nothing decides how far it carries the others, and it does not.
 *
 * <p>Tangent vectors are maps from a parameter's name to a tensor of its shape; results are in f64. All results are equivariant
 * under rescaling, bit for bit for powers of two, if the units are.
 */
public final class TangentSpace {
    private final RescalingMatrix matrix;
    private final Map<String, Tensor> units;
    private final Map<String, Tensor> lengths;
    private final Map<String, Tensor> ratios;
    private final Map<String, Tensor> theta;
    private @Nullable GramSolver solver;

    private TangentSpace(
            RescalingMatrix matrix,
            Map<String, Tensor> theta,
            Map<String, Tensor> units,
            Map<String, Tensor> lengths,
            Map<String, Tensor> ratios) {
        this.matrix = matrix;
        this.theta = theta;
        this.units = units;
        this.lengths = lengths;
        this.ratios = ratios;
    }

    /**
     * The space at a point.
     *
     * @param matrix of the network's group
     * @param weights θ
     * @param units ε, finite and not negative, over the parameters
     * @throws IllegalArgumentException if a unit is negative or no finite number, or a shape differs
     */
    public static TangentSpace of(RescalingMatrix matrix, Weights weights, Map<String, Tensor> units) {
        BitSet live = matrix.group().liveness().live();
        Map<String, Tensor> theta = new LinkedHashMap<>();
        Map<String, Tensor> lengths = new LinkedHashMap<>();
        Map<String, Tensor> ratios = new LinkedHashMap<>();
        matrix.parts().forEach((name, part) -> {
            Tensor unit = matrix.of(units, name);
            Tensor x = weights.get(name);
            double[] length = new double[unit.size()];
            double[] ratio = new double[length.length];
            for (int i = 0; i < length.length; i++) {
                double e = unit.get(i);
                if (!(e >= 0) || e == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("Units of a metric are finite and not negative; that of "
                            + matrix.place(part.offset() + i) + " is " + e);
                }
                if (e > 0 && live.get(part.offset() + i)) {
                    length[i] = e;
                    ratio[i] = x.get(i) / e;
                }
            }
            theta.put(name, x);
            lengths.put(name, Tensor.of(part.shape(), length));
            ratios.put(name, Tensor.of(part.shape(), ratio));
        });
        return new TangentSpace(matrix, theta, Map.copyOf(units), lengths, ratios);
    }

    /** ⟨ξ, ζ⟩ = Σ ξ_e ζ_e/ε_e² over the entries with length. */
    public double inner(Map<String, Tensor> xi, Map<String, Tensor> zeta) {
        CompensatedSums sum = new CompensatedSums(1);
        Map<String, Tensor> x = scaled(xi);
        Map<String, Tensor> y = xi == zeta ? x : scaled(zeta);
        for (String name : matrix.parts().keySet()) {
            Tensor a = matrix.of(x, name);
            Tensor b = matrix.of(y, name);
            for (int i = 0; i < a.size(); i++) {
                sum.addProduct(0, a.get(i), b.get(i));
            }
        }
        return sum.values()[0];
    }

    /** The length of a tangent vector. */
    public double norm(Map<String, Tensor> xi) {
        return Math.sqrt(inner(xi, xi));
    }

    /**
     * The vertical vector diag(θ)Bz, the velocity of θ under exp(tBz) at t = 0.
     *
     * @param z one number per generator; a unit vector gives the vertical vector V_k
     */
    public Map<String, Tensor> vertical(double[] z) {
        return combined(theta, matrix.times(z), (a, b) -> a * b);
    }

    /** The Gram matrix K = (⟨V_j, V_k⟩) of the vertical vectors of the generators, sparse: a copy. */
    public DMatrixSparseCSC gram() {
        return solver().matrix().copy();
    }

    private synchronized GramSolver solver() {
        GramSolver known = solver;
        if (known == null) {
            known = new GramSolver(matrix.gram(combined(ratios, ratios, (a, b) -> a * b)));
            solver = known;
        }
        return known;
    }

    /**
     * The log-scales t of the vertical component diag(θ)Bt of a tangent vector: Kt = (⟨V_k, ξ⟩). The vertical vector is unique;
     * t is too, unless zeros at θ make generators dependent.
     */
    public double[] connection(Map<String, Tensor> xi) {
        Map<String, Tensor> x = scaled(xi);
        double[] t = solver().solve(matrix.bilinear(ratios, x));
        // A second projection removes what rounding left of the first.
        Map<String, Tensor> moved = combined(ratios, matrix.times(t), (a, b) -> a * b);
        Map<String, Tensor> rest = combined(x, moved, (a, b) -> a - b);
        double[] more = solver().solve(matrix.bilinear(ratios, rest));
        for (int k = 0; k < t.length; k++) {
            t[k] += more[k];
        }
        return t;
    }

    /** The vertical component of a tangent vector. */
    public Map<String, Tensor> verticalComponent(Map<String, Tensor> xi) {
        return vertical(connection(xi));
    }

    /**
     * The horizontal component of a tangent vector: the horizontal lift to θ of the tangent vector of the quotient that ξ
     * represents. The lift to gθ is χ(g) times it.
     */
    public Map<String, Tensor> horizontal(Map<String, Tensor> xi) {
        return combined(xi, verticalComponent(xi), (a, b) -> a - b);
    }

    /**
     * The Riemannian gradient ε²∘g of a function of differential g. If the function is invariant under the group acting on
     * parameters alone, the gradient is horizontal as it is.
     *
     * @param differential ∂L/∂θ over the parameters
     */
    public Map<String, Tensor> gradient(Map<String, Tensor> differential) {
        // ε(εg), not ε²g: the same rounding for every representative, and no overflow of ε² alone.
        return combined(units, combined(units, differential, (e, g) -> e * g), (e, g) -> e * g);
    }

    private Map<String, Tensor> scaled(Map<String, Tensor> xi) {
        return combined(xi, lengths, (x, e) -> e == 0 ? 0 : x / e);
    }

    private Map<String, Tensor> combined(Map<String, Tensor> a, Map<String, Tensor> b, DoubleBinaryOperator f) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (String name : matrix.parts().keySet()) {
            Tensor x = matrix.of(a, name);
            Tensor y = matrix.of(b, name);
            double[] values = new double[x.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = f.applyAsDouble(x.get(i), y.get(i));
            }
            out.put(name, Tensor.of(x.shape(), values));
        }
        return out;
    }
}
