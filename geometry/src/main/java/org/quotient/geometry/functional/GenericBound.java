package org.quotient.geometry.functional;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bound for all parameters and all inputs of an architecture: found when first asked for, then kept for all θ. */
final class GenericBound {
    private @Nullable SpanBound known;

    synchronized SpanBound of(Subject subject) {
        SpanBound bound = known;
        if (bound == null) {
            bound = SpanBound.generic(
                    subject.masked(),
                    subject.rows(),
                    Support.everything(),
                    Map.of(),
                    draws(subject),
                    subject.groupBound());
            known = bound;
        }
        return bound;
    }

    /** Draws of θ: the chance that all are special falls with each, the cost grows. */
    static int draws(Subject subject) {
        int columns = subject.rows().columns();
        return columns <= 400 ? 3 : columns <= 1500 ? 2 : 1;
    }
}
