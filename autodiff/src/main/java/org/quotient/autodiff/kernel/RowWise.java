package org.quotient.autodiff.kernel;

import java.util.List;

/**
 * An elementwise pass along the rows of a matrix: what it writes in a row it makes of numbers of the same row, and of numbers that
 * do not change meanwhile.
 *
 * @param chain what to compute; the first axis of its iteration space counts rows
 * @param in the operands that the loads name
 * @param out one place per store
 */
public record RowWise(Chain chain, List<Place> in, List<Place> out) {
    /** Keeps its own copies. */
    public RowWise {
        in = List.copyOf(in);
        out = List.copyOf(out);
    }
}
