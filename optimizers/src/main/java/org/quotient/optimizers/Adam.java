package org.quotient.optimizers;

import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;

/**
 * Adam (Kingma and Ba 2015) as {@code torch.optim.Adam} defines it: m ← β₁m + (1 − β₁)S, v ← β₂v + (1 − β₂)S², and the direction is
 * (m/(1 − β₁^t)) / (√(v/(1 − β₂^t)) + ε).
 *
 * <p>The direction has no unit, whatever the unit of S: it commutes with rescalings only where S are coordinates that no
 * rescaling changes, as behind a frame.
 *
 * @param beta1 β₁, from 0 to less than 1
 * @param beta2 β₂, from 0 to less than 1
 * @param epsilon ε, at least 0
 */
public record Adam(double beta1, double beta2, double epsilon) implements Direction {
    private static final String FIRST = "first moment";
    private static final String SECOND = "second moment";

    /** Checks the coefficients. */
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
            throw new IllegalArgumentException(
                    "The betas of Adam are at least 0 and less than 1; given " + beta1 + " and " + beta2);
        }
        if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The epsilon of Adam is finite and at least 0; given " + epsilon);
        }
    }

    @Override
    public State init(Layout layout) {
        return State.of(FIRST, State.Slot.zeros(layout, 1)).with(SECOND, State.Slot.zeros(layout, 2));
    }

    @Override
    public Result update(ParameterVector vector, Memory memory, Point at) {
        ParameterVector m = memory.get(FIRST).times(beta1).plus(vector.times(1 - beta1));
        ParameterVector v =
                memory.get(SECOND).times(beta2).plus(vector.map(s -> s.times(s)).times(1 - beta2));
        Expr scale = at.perStep(t -> 1 / (1 - Math.pow(beta1, t)));
        Expr root = at.perStep(t -> 1 / Math.sqrt(1 - Math.pow(beta2, t)));
        ParameterVector direction =
                m.zip(v, (a, b) -> a.times(scale).over(Ops.sqrt(b).times(root).plus(epsilon)));
        return new Result(direction, Map.of(FIRST, m, SECOND, v));
    }

    @Override
    public Law law(int power) {
        return power == 0 ? Law.INVARIANT : Law.NONE;
    }
}
