package org.quotient.autodiff;

import java.util.List;
import java.util.OptionalInt;

/**
 * An operation that a user adds without touching the primitives: its shape, its values, its derivative as expressions, and
 * a neutral statement of homogeneity that geometry checks numerically before it believes it. It is applied with
 * {@code Expr.of(new Op.Custom(definition), operands)}, or {@code flow.custom(definition)} in a network's builder.
 */
public interface CustomOp {
    /** The name, for printing and errors. */
    String name();

    /**
     * The shape of the result.
     *
     * @param operands shapes of the operands, possibly with a symbolic batch
     * @throws IllegalArgumentException if they do not fit
     */
    Shape shape(List<Shape> operands);

    /** The value, for bound operands. */
    Tensor value(List<Tensor> operands);

    /**
     * The vector-Jacobian product.
     *
     * @param operands the operands
     * @param gradient the gradient with respect to the result, of its shape
     * @return one gradient per operand, of the operand's shape
     */
    List<Expr> vjp(List<Expr> operands, Expr gradient);

    /**
     * The Jacobian-vector product, {@code Σ_i ∂f/∂x_i · tangent_i}.
     *
     * @param operands the operands
     * @param tangents one tangent per operand, of the operand's shape
     * @return the tangent of the result
     */
    Expr jvp(List<Expr> operands, List<Expr> tangents);

    /**
     * The degree d such that multiplying every element of this operand by its own c &gt; 0 multiplies the element of the
     * result at the same index by c^d (operand and result have the same shape). Empty if there is none: the scale is then
     * pinned.
     *
     * @param operand index of the operand
     */
    default OptionalInt elementwiseDegree(int operand) {
        return OptionalInt.empty();
    }
}
