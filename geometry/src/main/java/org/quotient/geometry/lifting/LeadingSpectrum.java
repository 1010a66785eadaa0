package org.quotient.geometry.lifting;

import java.util.List;

/**
 * The largest eigenvalues of the path kernel, found by products with vectors only.
 *
 * @param values the largest first, with multiplicity
 * @param converged whether every residual is at most the tolerance times its value, or rounding of the largest
 * @param products how many products with a vector it took
 */
public record LeadingSpectrum(List<RitzValue> values, boolean converged, int products) {
    /** Copies the list. */
    public LeadingSpectrum {
        values = List.copyOf(values);
    }
}
