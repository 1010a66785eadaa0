package org.quotient.geometry.paths;

/**
 * Arithmetic modulo a prime on balanced residues that remembers whether it ever differed from the integers: as long as
 * {@link #exact}, every result so far is the true integer. A rank modulo p is never larger than the rational rank, so it is
 * a proven lower bound in any case, and equal to it while exact.
 */
final class Residues {
    /** The largest prime below 2^31. */
    static final int FIRST_PRIME = 2_147_483_647;
    /** The next one. */
    static final int SECOND_PRIME = 2_147_483_629;

    private final long p;
    private final long half;
    private boolean exact = true;

    Residues(int p) {
        this.p = p;
        this.half = (p - 1) / 2;
    }

    boolean exact() {
        return exact;
    }

    /** The balanced residue of any number. */
    long of(long value) {
        if (value <= half && value >= -half) {
            return value;
        }
        exact = false;
        long residue = Math.floorMod(value, p);
        return residue > half ? residue - p : residue;
    }

    /** a·x + b·y of residues: below 2^62, so no long overflows. */
    long combine(long a, long x, long b, long y) {
        return of(a * x + b * y);
    }

    /** a/b of residues, b not 0. */
    long divide(long a, long b) {
        if (a % b == 0) {
            return a / b;
        }
        exact = false;
        return of(a * of(power(b, p - 2)));
    }

    private long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long e = exponent; e > 0; e >>= 1) {
            if ((e & 1) == 1) {
                result = of(result * square);
            }
            square = of(square * square);
        }
        return result;
    }
}
