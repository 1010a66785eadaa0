package org.quotient.geometry.functional.pattern;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;

/**
 * A place where a network chooses between polynomials: the sign of an argument (ReLU, PReLU, |·|, a maximum of two), or the
 * largest of several (maxima over axes and windows).
 *
 * @param where the operation, for reports
 * @param argument what decides, in the masked graph; the samples lie along axis 0 if there are any
 * @param mask the variable that stands for the decision, of the argument's shape: 1 where the argument is positive (or the
 *     largest) and 0 elsewhere
 * @param axes the axes over which the largest is chosen; empty for a sign
 * @param present 1 for what takes part in the choice, for one sample, row-major; 0 for cells of windows in the padding
 * @param silent whether the value is 0 where the mask is, as that of a ReLU
 */
public record Kink(String where, Expr argument, Expr mask, List<Integer> axes, double[] present, boolean silent) {
    /** Whether this is about a sign. */
    public boolean isSign() {
        return axes.isEmpty();
    }

    /**
     * For each element of a tensor of the mask's shape, the number of the choice that it takes part in.
     *
     * @param shape with the batch bound
     */
    public int[] groups(Shape shape) {
        return Groups.of(shape, axes);
    }

    /** Whether the argument depends on the sample. */
    public boolean perSample() {
        return argument.shape().isSymbolic();
    }
}
