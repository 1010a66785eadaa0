package org.quotient.geometry;

import java.util.List;

/**
 * One generator of the rescaling group, for reports.
 *
 * @param id its position in z
 * @param kind what shares the scale: unit, channel, position, pool group, residual class, normalisation, gate, attention,
 *     reuse, scale
 * @param where the operation that introduces the scale
 * @param incoming the parameters with a positive entry in its column of B
 * @param outgoing those with a negative entry
 */
public record Generator(int id, String kind, String where, List<Entry> incoming, List<Entry> outgoing) {

    /**
     * Parameter elements with one exponent.
     *
     * @param parameter the parameter's or buffer's name
     * @param index the index pattern, such as {@code [3, :, :, :]}
     * @param exponent the entry of B: the power of λ that multiplies these elements
     * @param buffer whether it is a statistic that is carried along, not a parameter
     */
    public record Entry(String parameter, String index, long exponent, boolean buffer) {}
}
