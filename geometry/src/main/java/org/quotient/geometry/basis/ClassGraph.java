package org.quotient.geometry.basis;

import java.util.BitSet;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.geometry.RescalingGroup;

/**
 * The graph whose potentials are the rescalings: its vertices are the generators (classes of units that share one scale)
 * and one ground for inputs, constants and outputs; a parameter element with row z_v − z_u of B is an edge from u to v.
 * Identity skips, reshapes and pooling are contracted away because what they tie shares a generator; the taps of a
 * convolution are parallel edges. So it is read off B alone. Parameter elements are numbered over the network's parameters
 * one after the other, row-major.
 *
 * <p>A generator may stand for the inverse of a class's scale, as for the second factor of a product of activations: it is
 * turned around where that makes every row an edge. An exit is a
 * class that no edges lead from to the ground because a normalisation reads it: the function does not depend on its scale,
 * and paths end there. A sink is an exit without outgoing edges, such as a filter before its own normalisation.
 */
final class ClassGraph {
    private final RescalingGroup group;
    private final int[] offsets;
    private final List<Ends> heads;
    private final List<Ends> tails;
    private final BitSet live;
    private final BitSet exits;
    private final BitSet sinks;
    private final DType dtype;

    ClassGraph(
            RescalingGroup group,
            int[] offsets,
            List<Ends> heads,
            List<Ends> tails,
            BitSet live,
            BitSet exits,
            BitSet sinks) {
        this(
                group,
                offsets,
                List.copyOf(heads),
                List.copyOf(tails),
                live,
                exits,
                sinks,
                group.network().parameters().isEmpty()
                        ? DType.F64
                        : group.network().parameters().get(0).dtype());
    }

    private ClassGraph(
            RescalingGroup group,
            int[] offsets,
            List<Ends> heads,
            List<Ends> tails,
            BitSet live,
            BitSet exits,
            BitSet sinks,
            DType dtype) {
        this.group = group;
        this.offsets = offsets;
        this.heads = heads;
        this.tails = tails;
        this.live = live;
        this.exits = exits;
        this.sinks = sinks;
        this.dtype = dtype;
    }

    /** The same graph for weights of another dtype. */
    ClassGraph as(DType other) {
        return new ClassGraph(group, offsets, heads, tails, live, exits, sinks, other);
    }

    RescalingGroup group() {
        return group;
    }

    /** The network's parameters. */
    List<Expr> parameters() {
        return group.network().parameters();
    }

    /** The dtype of the weights that are worked with: that of the parameters, as a rule. */
    DType dtype() {
        return dtype;
    }

    /** The number of classes, without the ground, which has this number. */
    int ground() {
        return group.rank();
    }

    /** The number of the first element of a parameter; at the number of parameters, the number of all elements. */
    int offset(int parameter) {
        return offsets[parameter];
    }

    /** Which parameter has an element. */
    int parameterOf(int element) {
        int k = java.util.Arrays.binarySearch(offsets, element);
        int p = k >= 0 ? k : -k - 2;
        while (p + 1 < offsets.length && offsets[p + 1] == offsets[p]) {
            p++;
        }
        return p;
    }

    /** Where the edges of a parameter end. */
    Ends heads(int parameter) {
        return heads.get(parameter);
    }

    /** Where the edges of a parameter start. */
    Ends tails(int parameter) {
        return tails.get(parameter);
    }

    int head(int element) {
        int p = parameterOf(element);
        return heads.get(p).at(element - offsets[p]);
    }

    int tail(int element) {
        int p = parameterOf(element);
        return tails.get(p).at(element - offsets[p]);
    }

    /** The live elements, which alone are edges; not to be modified. */
    BitSet live() {
        return live;
    }

    /** The classes where paths end although they are not the ground; not to be modified. */
    BitSet exits() {
        return exits;
    }

    /** The exits without outgoing edges; not to be modified. */
    BitSet sinks() {
        return sinks;
    }
}
