package org.quotient.geometry.lifting;

import java.util.List;

/**
 * One number of a parameter: a coordinate of θ.
 *
 * @param parameter the name of the parameter
 * @param element which of its elements, row-major
 * @param index the same as one index per axis
 */
public record ParameterElement(String parameter, int element, List<Integer> index) {

    /** Keeps an unmodifiable copy of the index. */
    public ParameterElement {
        index = List.copyOf(index);
    }

    /** Such as {@code fc1.weight[2,0]}. */
    @Override
    public String toString() {
        return parameter + Endpoint.text(index);
    }
}
