package org.quotient.optimizers.conservation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.RescalingGroup;

/**
 * The identity ⟨θ, g⟩_k = 0 for the gradient g of any loss of the network on any batch: a test of back-propagation that needs one
 * gradient and no finite differences. It finds every error that is not itself balanced at each unit; what no generator moves
 * (such as an output's bias) it does not see.
 *
 * @param charges the forms of the network's group
 * @param tolerance on |⟨θ, g⟩_k| relative to Σ_e |B_ek θ_e g_e| + 2^-12·Σ|θ_e g_e|, the second sum over all parameters: where a
 *     gradient is zero because terms cancel, it is rounding noise of the size that all terms tell. Both sums are the same for
 *     every representative of a class
 * @param floor a lower bound for Σ|θ_e g_e|: that of a single sample, at a minimum where the samples of a batch cancel. 0 for
 *     none
 */
public record GradientIdentity(Charges charges, double tolerance, double floor) {

    /** Rounding units that gradients of a few layers stay well below. */
    private static final double UNITS = 1 << 14;

    private static final double NOISE = 0x1p-12;

    /** Checks that tolerance and floor are not negative. */
    public GradientIdentity {
        if (!(tolerance >= 0) || !(floor >= 0)) {
            throw new IllegalArgumentException(
                    "Tolerance and floor are not negative; given " + tolerance + " and " + floor);
        }
    }

    /** The test for gradients of a dtype, with a tolerance of 2^14 rounding units. */
    public static GradientIdentity of(RescalingGroup group, DType dtype) {
        return new GradientIdentity(Charges.of(group), UNITS * roundoff(dtype), 0);
    }

    /** Half the distance from 1 to the next number. */
    static double roundoff(DType dtype) {
        return dtype == DType.F64 ? 0x1p-53 : 0x1p-24;
    }

    /**
     * Tests a gradient.
     *
     * @param theta θ over the parameters
     * @param gradient ∂L/∂θ at θ, without weight decay
     */
    public BalanceReport check(Map<String, Tensor> theta, Map<String, Tensor> gradient) {
        double[] actual = charges.form(theta, gradient);
        double[] scale = charges.magnitude(theta, gradient);
        double noise = NOISE * Math.max(floor, charges.elasticity(theta, gradient));
        List<Balance> balances = new ArrayList<>();
        for (int k = 0; k < actual.length; k++) {
            balances.add(new Balance(k, charges.kind(k), 0, actual[k], scale[k] + noise));
        }
        return new BalanceReport(balances, tolerance);
    }
}
