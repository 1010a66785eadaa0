package org.quotient.optimizers.conservation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.RescalingGroup;

/**
 * The ledger of charges: what each must be after a step, from the gradient, against what it is. The laws are exact for any loss
 * and any batch, since ⟨θ, g⟩_k = 0:
 *
 * <pre>
 * descent                  c⁺ = c + η²⟨g, g⟩
 * with coupled decay       c⁺ = (1 − ηλ)²c + η²⟨g, g⟩
 * heavy ball               c⁺ = c − 2ηp + η²q with p = ⟨θ, m⁺⟩ = μ⟨θ, m⟩, q = ⟨m⁺, m⁺⟩
 * heavy ball with decay    the same with p = μ⟨θ, m⟩ + λc
 * </pre>
 *
 * <p>with the forms of {@link Charges}, for any integers in B. A residual beyond rounding means a wrong gradient, or that the
 * step was not this one. Immutable: {@link #record} gives the ledger for the next step.
 */
public final class Ledger {
    private static final double UNITS = 1 << 12;

    private final Charges charges;
    private final Dynamics dynamics;

    /** m, or nothing before the first step. */
    private final Map<String, Tensor> momentum;

    private Ledger(Charges charges, Dynamics dynamics, Map<String, Tensor> momentum) {
        this.charges = charges;
        this.dynamics = dynamics;
        this.momentum = momentum;
    }

    /** The ledger before the first step. */
    public static Ledger of(RescalingGroup group, Dynamics dynamics) {
        return new Ledger(Charges.of(group), dynamics, Map.of());
    }

    /** The same ledger for steps of another size or kind, such as the next of a schedule; the momentum is kept. */
    public Ledger with(Dynamics others) {
        return new Ledger(charges, others, momentum);
    }

    /** The same ledger with a given momentum, such as the one that an optimizer holds in its own precision. */
    public Ledger withMomentum(Map<String, Tensor> m) {
        return new Ledger(charges, dynamics, Map.copyOf(m));
    }

    /** The forms. */
    public Charges charges() {
        return charges;
    }

    /**
     * What a step did to the books.
     *
     * @param report expected and actual charge after the step, per generator
     * @param next the ledger for the next step
     */
    public record Entry(BalanceReport report, Ledger next) {}

    /**
     * Enters one step.
     *
     * @param theta θ before it, over the parameters
     * @param gradient g of the loss at θ, without decay
     * @param after θ⁺
     * @throws IllegalArgumentException if a tensor is missing or of another shape
     */
    public Entry record(Map<String, Tensor> theta, Map<String, Tensor> gradient, Map<String, Tensor> after) {
        double[] c = charges.at(theta);
        double[] actual = charges.at(after);
        double[] expected = expected(c, theta, gradient);
        Map<String, Tensor> reach = combined(theta, gradient, true);
        double[] scale = charges.magnitude(reach, reach);
        List<Balance> balances = new ArrayList<>();
        for (int k = 0; k < c.length; k++) {
            balances.add(new Balance(k, charges.kind(k), expected[k], actual[k], scale[k]));
        }
        boolean single = theta.values().stream().anyMatch(t -> t.dtype() == DType.F32);
        double tolerance = UNITS * GradientIdentity.roundoff(single ? DType.F32 : DType.F64);
        Map<String, Tensor> m = dynamics.momentum() == 0 ? Map.of() : combined(theta, gradient, false);
        return new Entry(new BalanceReport(balances, tolerance), new Ledger(charges, dynamics, m));
    }

    /** c⁺ by the laws, without a term in ⟨θ, g⟩. */
    private double[] expected(double[] c, Map<String, Tensor> theta, Map<String, Tensor> g) {
        double eta = dynamics.rate();
        double mu = dynamics.momentum();
        double lambda = dynamics.decay();
        double[] gg = charges.form(g, g);
        boolean moving = mu != 0 && !momentum.isEmpty();
        double[] none = new double[c.length];
        double[] xm = moving ? charges.form(theta, momentum) : none;
        double[] mm = moving ? charges.form(momentum, momentum) : none;
        double[] mg = moving ? charges.form(momentum, g) : none;
        double[] out = new double[c.length];
        for (int k = 0; k < out.length; k++) {
            double shrunk = (1 - eta * lambda) * (1 - eta * lambda) * c[k];
            // Collected by forms: c⁺ = ⟨(1 − ηλ)θ − η(μm + g)⟩² without ⟨θ, g⟩.
            double cross = -2 * eta * (1 - eta * lambda) * mu * xm[k];
            double square = eta * eta * (mu * mu * mm[k] + 2 * mu * mg[k] + gg[k]);
            out[k] = shrunk + cross + square;
        }
        return out;
    }

    /** m⁺ = μm + g + λθ; or |θ| + η(μ|m| + |g| + λ|θ|), which rounding is relative to. */
    private Map<String, Tensor> combined(Map<String, Tensor> theta, Map<String, Tensor> gradient, boolean reach) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        gradient.forEach((name, g) -> {
            Tensor x = theta.get(name);
            if (x == null || !x.shape().equals(g.shape())) {
                throw new IllegalArgumentException(
                        "The gradient of '" + name + "' is " + g.shape() + "; its parameter is "
                                + (x == null ? "missing" : x.shape().toString()));
            }
            Tensor m = momentum.get(name);
            double[] values = new double[g.size()];
            for (int i = 0; i < values.length; i++) {
                double old = m == null ? 0 : dynamics.momentum() * m.get(i);
                values[i] = reach
                        ? Math.abs(x.get(i))
                                + Math.abs(dynamics.rate())
                                        * (Math.abs(old) + Math.abs(g.get(i)) + dynamics.decay() * Math.abs(x.get(i)))
                        : old + g.get(i) + dynamics.decay() * x.get(i);
            }
            out.put(name, Tensor.of(g.shape(), values));
        });
        return out;
    }
}
