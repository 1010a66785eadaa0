package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.quotient.autodiff.Shape;

/**
 * Where a path begins or ends.
 *
 * @param kind what is there
 * @param name the variable, the output (with its number if there are several), or the operation that cuts the graph (with the
 *     number of the operand that it reads, if it is not the first); {@code 1} for the constant
 * @param element the element for one sample, row-major
 * @param index the same as one index per axis, the batch axis left out; empty for scalars
 */
public record Endpoint(Kind kind, String name, int element, List<Integer> index) {

    /** What is at the end of a path. */
    public enum Kind {
        /** An element of an input. */
        INPUT,
        /** An element of a buffer. */
        BUFFER,
        /** The constant 1, where biases begin. */
        ONE,
        /** An element that an operation reads, or yields, that is not positively homogeneous. */
        CUT,
        /** An element of an output. */
        OUTPUT
    }

    /** The constant 1. */
    public static final Endpoint ONE = new Endpoint(Kind.ONE, "1", 0, List.of());

    /** Keeps an unmodifiable copy of the index. */
    public Endpoint {
        index = List.copyOf(index);
    }

    /** The index of an element (row-major, for one sample) in a shape, without the batch axis. */
    static List<Integer> indexOf(int element, Shape shape) {
        int[] all = Strides.unravel(element, shape.bind(1).sizes());
        List<Integer> index = new ArrayList<>();
        for (int axis = 0; axis < all.length; axis++) {
            if (shape.size(axis) != Shape.N) {
                index.add(all[axis]);
            }
        }
        return index;
    }

    /** Such as {@code [2,0]}; nothing for a scalar. */
    static String text(List<Integer> index) {
        return index.isEmpty() ? "" : index.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /** Such as {@code x[0]}. */
    @Override
    public String toString() {
        return name + text(index);
    }
}
