package org.quotient.geometry.functional.bounds;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.functional.jacobian.Subject;

/** The bound for all parameters and all inputs of an architecture: found when first asked for, then kept for all θ. */
public final class GenericBound {
    private @Nullable SpanBound known;

    /**
     * The bound.
     *
     * @param subject the network at any θ, the same network each time
     */
    public synchronized SpanBound of(Subject subject) {
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
    public static int draws(Subject subject) {
        int columns = subject.rows().columns();
        return columns <= 400 ? 3 : columns <= 1500 ? 2 : 1;
    }
}
