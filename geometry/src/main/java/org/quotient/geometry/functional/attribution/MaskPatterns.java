package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * The different patterns of masks among points, with one point for each, up to a limit. A pattern is known by the sum of random 64-bit
 * numbers of the elements that are on (Zobrist 1970), so that the pattern across a bend is one subtraction away.
 */
final class MaskPatterns {
    /** How many numbers of masks and points are kept at most. */
    private static final long MOST_NUMBERS = 1 << 21;

    /** How many patterns are remembered at most. */
    private static final int MOST_PATTERNS = 1 << 20;

    private final List<Kink> kinks;
    private final Set<Long> seen = new HashSet<>();
    private final List<Long> hashes = new ArrayList<>();
    private final List<Patterns> representatives = new ArrayList<>();
    private long kept;

    MaskPatterns(List<Kink> kinks) {
        this.kinks = kinks;
    }

    private static long weight(int kink, int element) {
        return CounterRandom.seeded(kink).bits(element);
    }

    void add(Patterns patterns) {
        long[] hash = new long[patterns.count()];
        long size = 1;
        for (int k = 0; k < kinks.size(); k++) {
            if (kinks.get(k).perSample() && patterns.count() > 0) {
                double[] mask = patterns.masks().get(k).data();
                int elements = mask.length / patterns.count();
                long[] weights = new long[elements];
                for (int e = 0; e < elements; e++) {
                    weights[e] = weight(k, e);
                }
                for (int i = 0; i < mask.length; i++) {
                    hash[i / elements] += mask[i] == 1 ? weights[i % elements] : 0;
                }
                size += elements;
            }
        }
        for (Tensor x : patterns.points().doubles()) {
            size += patterns.count() == 0 ? 0 : x.size() / patterns.count();
        }
        int[] fresh = new int[patterns.count()];
        int count = 0;
        for (int n = 0; n < hash.length && seen.size() < MOST_PATTERNS; n++) {
            if (seen.add(hash[n]) && (kept + 1) * size <= MOST_NUMBERS) {
                hashes.add(hash[n]);
                fresh[count++] = n;
                kept++;
            }
        }
        if (count > 0) {
            representatives.add(patterns.select(java.util.Arrays.copyOf(fresh, count)));
        }
    }

    /** One point for each pattern. */
    List<Patterns> representatives() {
        return List.copyOf(representatives);
    }

    /** Whether the pattern of a representative with one element switched was seen too. */
    boolean hasNeighbour(int representative, int kink, int element) {
        long weight = weight(kink, element);
        long hash = hashes.get(representative);
        return seen.contains(hash + weight) || seen.contains(hash - weight);
    }
}
