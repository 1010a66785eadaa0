package org.quotient.geometry.paths;

/** Why paths end at an element. */
public enum SinkKind {
    /** It is an output of the network. */
    OUTPUT(true),
    /** An operation that is not positively homogeneous reads it: its scale is pinned. */
    CUT(true),
    /** An operation that a common positive factor does not change reads it: its scale is free within its group. */
    SCALE_FREE(true),
    /** It is the slope of a PReLU: an invariant coordinate that is no path. */
    SLOPE(false);

    private final boolean counted;

    SinkKind(boolean counted) {
        this.counted = counted;
    }

    /** Whether what ends there counts among the paths. */
    public boolean counted() {
        return counted;
    }
}
