package org.quotient.geometry.functional;

import org.quotient.geometry.functional.pattern.Patterns;

/**
 * How points fared.
 *
 * @param points whose masks were decided
 * @param rejected others, which lie on a kink
 * @param exactly points that needed exact arithmetic
 */
record Tally(long points, long rejected, long exactly) {
    /** With more points. */
    Tally plus(Patterns patterns) {
        return new Tally(points + patterns.count(), rejected + patterns.rejected(), exactly + patterns.exactly());
    }
}
