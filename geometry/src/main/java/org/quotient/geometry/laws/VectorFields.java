package org.quotient.geometry.laws;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;

/** A family of vector fields on a space of variables, of which as many random members can be had as wanted. */
interface VectorFields {
    /** The coordinates of the space. */
    List<Expr> variables();

    /**
     * A member: one component for each variable, of its shape. What makes it random are variables of its own.
     *
     * @param draw which
     */
    List<Expr> member(int draw);

    /** The values of a member's own variables, by name. */
    Map<String, Tensor> values(int draw, Numbers.PrimeField field);

    /** A random point, by name, with everything that belongs to it rather than to a member. */
    Map<String, Tensor> point(Numbers.PrimeField field);

    /** Fields that belong to the family as they are. */
    default List<List<Expr>> fixed() {
        return List.of();
    }
}
