package org.quotient.geometry.functional.sampling;

/**
 * How points are drawn. Where they lie depends on the seed and the network's function alone, not on the representative of θ.
 *
 * @param seed any number
 * @param patience how many rounds in a row may add no rank before sampling ends, at least 1
 * @param most no more points than that, at least 1
 * @param lines along how many random lines each round looks for bends, at least 0
 */
public record Sampling(long seed, int patience, int most, int lines) {
    /** Checks the ranges. */
    public Sampling {
        if (patience < 1 || most < 1 || lines < 0) {
            throw new IllegalArgumentException("Sampling needs patience and most of at least 1 and lines of at least 0;"
                    + " given " + patience + ", " + most + " and " + lines);
        }
    }

    /** Patience for 7 rounds (each radius once more), 8 lines, a million points. */
    public static Sampling seeded(long seed) {
        return new Sampling(seed, 7, 1_000_000, 8);
    }

    /** The same with another patience. */
    public Sampling withPatience(int rounds) {
        return new Sampling(seed, rounds, most, lines);
    }

    /** The same with another largest number of points. */
    public Sampling withMost(int points) {
        return new Sampling(seed, patience, points, lines);
    }

    /** The same with another number of lines. */
    public Sampling withLines(int count) {
        return new Sampling(seed, patience, most, count);
    }
}
