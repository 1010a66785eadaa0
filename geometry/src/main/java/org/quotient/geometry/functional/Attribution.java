package org.quotient.geometry.functional;

import java.util.List;
import org.quotient.geometry.functional.attribution.Lost;

/**
 * Why a network has fewer dimensions than its architecture allows.
 *
 * <p>The dimensions are counted along one chain of spaces. It begins with the rows of the Jacobian at all points found. Then the masks
 * of one unit after the other are set free: rows are added in which they are random numbers, everything else being as at the
 * points. What the rank gains belongs to that unit. When all are free the rows span what the polynomial allows at θ; what is still missing
 * belongs to the points, and what θ's zeros forbid to these. So the dimensions add up to the deficiency exactly; which unit of several that
 * depend on each other (twins) is charged follows from the order: dead units and those that never bend, those always on, twins, invisible bends, collapsed
 * images, then the others; within a cause from the last layer to the first.
 *
 * @param rank what was found
 * @param lost the causes, with at least one dimension each, the clear ones first
 */
public record Attribution(FunctionalRank rank, List<Lost> lost) {
    /** Keeps an unmodifiable list. */
    public Attribution {
        lost = List.copyOf(lost);
    }

    /** Dimensions without a known cause. */
    public int unexplained() {
        return lost.stream()
                .filter(l -> l.cause() == Lost.Cause.UNEXPLAINED)
                .mapToInt(Lost::dimensions)
                .sum();
    }

    /** Dimensions lost, all causes together: the deficiency. */
    public int total() {
        return lost.stream().mapToInt(Lost::dimensions).sum();
    }
}
