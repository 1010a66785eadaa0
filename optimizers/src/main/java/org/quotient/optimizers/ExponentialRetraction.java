package org.quotient.optimizers;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;

/** θ∘exp(ξ/θ), with 0 where θ is 0. */
enum ExponentialRetraction implements Retraction {
    INSTANCE;

    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        return at.theta().zip(step, (w, xi) -> {
            // 1 is added to θ only where it is 0, so that 0/0 does not arise.
            Expr zero = Ops.fullLike(w, 1).minus(Ops.step(Ops.abs(w)));
            return w.times(Ops.exp(xi.over(w.plus(zero))));
        });
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
