package org.quotient.optimizers;

import java.util.Map;
import org.quotient.autodiff.Expr;

/** S ↦ −η·S. */
enum Descent implements Direction {
    INSTANCE;

    @Override
    public Result update(ParameterVector vector, Memory memory, Point at) {
        Expr down = at.learningRate().neg();
        return new Result(vector.times(down), Map.of());
    }

    @Override
    public Law law(int power) {
        return Law.INVARIANT;
    }
}
