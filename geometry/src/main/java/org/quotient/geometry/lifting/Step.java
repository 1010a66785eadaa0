package org.quotient.geometry.lifting;

/** What a walk along a path does or meets next; nodes are numbered in topological order. */
sealed interface Step {

    /** Still to come: an element that the path goes through. */
    record Visit(int node, int element) implements Step {}

    /** The path begins at an element of a source. */
    record Begin(int node, int element) implements Step {}

    /** The path goes through a parameter element of a node. */
    record Edge(int node, int element) implements Step {}

    /** The path is multiplied by a constant. */
    record Scale(double constant) implements Step {}

    /** The path goes through a summand of an element if an activation or a maximum lets it. */
    record Gate(int node, int element, int summand) implements Step {}

    /** Where activations multiply, a path is a tree: the parentheses and the product sign between its branches. */
    enum Branch implements Step {
        /** Before the first branch. */
        OPEN,
        /** Between two branches. */
        TIMES,
        /** After the last branch. */
        CLOSE
    }
}
