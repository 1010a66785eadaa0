package org.quotient.geometry;

import java.util.List;
import java.util.stream.Collectors;

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
    public record Entry(String parameter, String index, long exponent, boolean buffer) {
        /** Such as {@code fc1.weight[0, :]} or {@code fc2.weight[:, 0]^-2}; buffers in parentheses. */
        @Override
        public String toString() {
            String text = parameter + index + (Math.abs(exponent) == 1 ? "" : "^" + exponent);
            return buffer ? "(" + text + ")" : text;
        }
    }

    /** Such as {@code 0 (unit at fc1): fc1.weight[0, :], fc1.bias[0] / fc2.weight[:, 0]}: what is multiplied / divided. */
    @Override
    public String toString() {
        return id + " (" + kind + " at " + where + "): " + list(incoming) + " / " + list(outgoing);
    }

    private static String list(List<Entry> entries) {
        return entries.isEmpty()
                ? "nothing"
                : entries.stream().map(Entry::toString).collect(Collectors.joining(", "));
    }
}
