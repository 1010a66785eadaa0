package org.quotient.geometry.lifting;

import org.quotient.autodiff.Tensor;

/** What paths do at the elements of a node. */
sealed interface Vertices {

    /** Paths begin here: an input, a buffer, or what an operation yields that cuts the graph. */
    record Source(Endpoint.Kind kind, String name) implements Vertices {}

    /** Paths go through parameter elements, numbered from an offset; to the left of them is the constant 1. */
    record Parameter(String name, int offset) implements Vertices {}

    /** Paths are multiplied by a constant. */
    record Constant(Tensor value) implements Vertices {}

    /**
     * Paths come from elements of the operands.
     *
     * @param summands which
     * @param gated whether an activation or a maximum decides which of them are active
     */
    record Sum(Summands summands, boolean gated) implements Vertices {}
}
