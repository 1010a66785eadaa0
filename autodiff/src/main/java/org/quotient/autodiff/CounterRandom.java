package org.quotient.autodiff;

import java.nio.charset.StandardCharsets;

/**
 * Counter-based randomness: number i of a stream is a pure function of (key, i), so that results do not depend on the order
 * in which they are drawn, on threads, or on what else was drawn. The mixing function is SplitMix64's finaliser (Steele, Lea
 * and Flood 2014), applied to key and counter in turn.
 *
 * @param key names the stream
 */
public record CounterRandom(long key) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** A stream for a seed. */
    public static CounterRandom seeded(long seed) {
        return new CounterRandom(mix(seed + GOLDEN));
    }

    /** An independent stream for a name, such as a parameter's. */
    public CounterRandom split(String name) {
        long hash = key;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash ^ (b + GOLDEN));
        }
        return new CounterRandom(mix(hash + GOLDEN));
    }

    /** An independent stream for a number, such as a step. */
    public CounterRandom split(long number) {
        return new CounterRandom(mix(mix(key ^ GOLDEN) + mix(number + GOLDEN)));
    }

    /** 64 random bits. */
    public long bits(long i) {
        return mix(key + mix(i * GOLDEN + GOLDEN));
    }

    /** Uniform on [0, 1), with 53 bits. */
    public double uniform(long i) {
        return (bits(i) >>> 11) * 0x1.0p-53;
    }

    /** Uniform on {0, ..., bound − 1}; bound at least 1. The bias is below bound·2^-53. */
    public int below(long i, int bound) {
        return (int) Math.min(bound - 1L, (long) (uniform(i) * bound));
    }

    /** Standard normal (Box and Muller 1958), the same bits on every machine. */
    public double normal(long i) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * i)));
        return radius * StrictMath.cos(2 * Math.PI * uniform(2 * i + 1));
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
