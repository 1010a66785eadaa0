package org.quotient.optimizers.conservation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * @param tolerance on |⟨θ, g⟩_k| relative to Σ_e |B_ek θ_e|(|g_e| + floor)
 * @param floor the size of per-sample gradients where those of a batch cancel, as they do at a minimum; their rounding does
 *     not cancel. 0 to compare with g alone
 */
public record GradientIdentity(Charges charges, double tolerance, double floor) {

    /** Rounding units that gradients of a few layers stay well below. */
    private static final double UNITS = 1 << 14;

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
        Map<String, Tensor> raised = new LinkedHashMap<>();
        gradient.forEach((name, g) -> {
            double[] values = new double[g.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(g.get(i)) + floor;
            }
            raised.put(name, Tensor.of(g.shape(), values));
        });
        double[] scale = charges.magnitude(theta, raised);
        List<Balance> balances = new ArrayList<>();
        for (int k = 0; k < actual.length; k++) {
            balances.add(new Balance(k, charges.kind(k), 0, actual[k], scale[k]));
        }
        return new BalanceReport(balances, tolerance);
    }
}
