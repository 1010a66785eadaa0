package org.quotient.optimizers.conservation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;
import org.quotient.geometry.manifold.RescalingMatrix;

/**
 * One bilinear form per generator, ⟨a, b⟩_k = Σ_e B_ek a_e b_e, and the charges c_k = ⟨θ, θ⟩_k (Du, Hu and Lee 2018: ‖w_in‖² −
 * ‖w_out‖² of a hidden unit, here for any integer matrix B).
 *
 * <p>Since the loss does not change under θ → θ·exp(zB_k), its gradient satisfies Euler's identity ⟨θ, g⟩_k = 0 with the entries
 * of B as weights, for every sample and whatever these integers are. From it follow conservation under Euclidean gradient flow
 * and the exact discrete laws of {@link Ledger}.
 *
 * <p>Sums are taken in twice the working precision, so that what is left of an identity is the rounding of its arguments.
 */
public final class Charges {
    private final RescalingMatrix matrix;
    private final List<LawKind> kinds;

    private Charges(RescalingMatrix matrix, List<LawKind> kinds) {
        this.matrix = matrix;
        this.kinds = kinds;
    }

    /** The forms of a group. */
    public static Charges of(RescalingGroup group) {
        LawKind[] kinds = new LawKind[group.rank()];
        java.util.Arrays.fill(kinds, LawKind.EXACT);
        group.removedScales().forEach(row -> mark(row, LawKind.SCALE_REMOVED, kinds));
        int parameters = group.network().parameters().size();
        for (int b = 0; b < group.network().buffers().size(); b++) {
            for (ScaleLaw.Factor factor : group.scaleLaw(parameters + b).factors()) {
                factor.rows().forEach(row -> mark(row, LawKind.MOVES_BUFFERS, kinds));
            }
        }
        return new Charges(RescalingMatrix.of(group), new ArrayList<>(List.of(kinds)));
    }

    private static void mark(ScaleLaw.Row row, LawKind kind, LawKind[] kinds) {
        for (int k : row.generators()) {
            kinds[k] = kind;
        }
    }

    /** The number of generators. */
    public int count() {
        return kinds.size();
    }

    /** How far the law of a generator holds. */
    public LawKind kind(int generator) {
        return kinds.get(generator);
    }

    /** The charges c = Bᵀ(θ∘θ), one per generator; maps may hold buffers too, which do not count. */
    public double[] at(Map<String, Tensor> theta) {
        return matrix.bilinear(theta, theta);
    }

    /** ⟨a, b⟩_k, one per generator. */
    public double[] form(Map<String, Tensor> a, Map<String, Tensor> b) {
        return matrix.bilinear(a, b);
    }

    /** Σ_e |B_ek a_e b_e|, one per generator: what the rounding of a form is relative to. */
    public double[] magnitude(Map<String, Tensor> a, Map<String, Tensor> b) {
        return matrix.absolute(a, b);
    }

    /** Σ_e |θ_e g_e| over all parameters, the same for every representative of a class. */
    public double elasticity(Map<String, Tensor> theta, Map<String, Tensor> gradient) {
        double sum = 0;
        for (Map.Entry<String, Tensor> e : gradient.entrySet()) {
            Tensor x = theta.get(e.getKey());
            Tensor g = e.getValue();
            if (x == null || x.size() != g.size()) {
                throw new IllegalArgumentException(
                        "The gradient of '" + e.getKey() + "' is " + g.shape() + "; its parameter is "
                                + (x == null ? "missing" : x.shape().toString()));
            }
            for (int i = 0; i < g.size(); i++) {
                sum += Math.abs(x.get(i) * g.get(i));
            }
        }
        return sum;
    }
}
