package org.quotient.geometry.paths;

/** A deterministic walk over the products that an operation sums, which may be made any number of times. */
interface Walk {
    /** Calls the visitor once for each product. */
    void run(Visitor visitor);

    /** Receives one product. */
    interface Visitor {
        /** Output element {@code out} has the product of the elements of vertices {@code a} and {@code b} as a summand. */
        void visit(int out, int a, int b);
    }
}
