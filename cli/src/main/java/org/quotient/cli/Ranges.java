package org.quotient.cli;

import org.jspecify.annotations.Nullable;

/** Checks numbers that options give, each in a message of its own. */
final class Ranges {
    private Ranges() {}

    /**
     * A whole number with a lower bound.
     *
     * @param option as it is written
     * @param given null if it was not
     * @param least the bound
     * @param unit what is counted, in the plural
     * @throws BadInput if it is less
     */
    static void atLeast(String option, @Nullable Integer given, int least, String unit) {
        if (given != null && given < least) {
            throw new BadInput(option + " expects " + least + " or more " + unit + "; given " + given + ".");
        }
    }

    /**
     * A learning rate.
     *
     * @throws BadInput if it is negative or not finite
     */
    static void rate(String option, double given) {
        if (!(given >= 0 && given < Double.POSITIVE_INFINITY)) {
            throw new BadInput(option + " expects a finite number of at least 0; given " + given + ".");
        }
    }
}
