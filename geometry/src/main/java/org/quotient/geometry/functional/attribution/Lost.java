package org.quotient.geometry.functional.attribution;

/**
 * Dimensions that a network lacks, and why.
 *
 * @param where the unit, channel, choice or parameters
 * @param cause the reason
 * @param dimensions how many, at least 1
 */
public record Lost(String where, Cause cause, int dimensions) {

    /** Why dimensions are lost. */
    public enum Cause {
        /** Off at all points. */
        DEAD("dead"),
        /** On at all points. */
        ALWAYS_ON("always on"),
        /** Off at all points, which is not silence: the slope there is another one, and never changes. */
        NEVER_BENDS("never bends"),
        /** On exactly where another unit is, at all points. */
        TWIN_SAME_SIDE("twin hyperplane, same side"),
        /** On exactly where another unit is off, at all points. */
        TWIN_OPPOSITE_SIDE("twin hyperplane, opposite side"),
        /** The same choice at all points. */
        CONSTANT_CHOICE("choice that never changes"),
        /** Nothing that follows lets its bend through, at any point found. */
        INVISIBLE_BEND("invisible bend"),
        /** Where it is on, what it reads lies in a smaller affine space than it could. */
        COLLAPSED_IMAGE("collapsed image"),
        /** All outgoing weights of a unit are 0. */
        ZERO_FAN_OUT("zero fan-out"),
        /** All incoming weights of a unit are 0. */
        ZERO_FAN_IN("zero fan-in"),
        /** Other weights that are 0. */
        ZERO_WEIGHTS("zero weights"),
        /** The points span too little. */
        POINTS("too few different points"),
        /** The unit would add rank if its mask were free; none of the other causes applies. */
        UNEXPLAINED("unexplained");

        private final String text;

        Cause(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
