package org.quotient.optimizers;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/** θ∘exp(ξ/θ) on the parameters that the group moves, θ + ξ on the others: the exponential of {@link LogMetric}. */
record LogRetraction() implements Retraction {
    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        ParameterVector along = Retraction.exponential().retract(step, at, memory);
        ParameterVector straight = Retraction.euclidean().retract(step, at, memory);
        var moved = memory.fixed(LogMetric.SLOT);
        return along.mapNamed((name, geodesic) -> {
            Tensor mask = java.util.Objects.requireNonNull(moved.get(name));
            Expr kept = Expr.constant(mask);
            Expr others = Expr.constant(Tensor.fill(mask.shape(), mask.dtype(), i -> 1 - mask.get(i)));
            return mask.maxAbs() == 0
                    ? straight.get(name)
                    : geodesic.times(kept).plus(straight.get(name).times(others));
        });
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
