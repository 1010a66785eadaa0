package org.quotient.experiments.dimension;

import java.util.Map;
import java.util.TreeMap;
import org.quotient.autodiff.network.Weights;

/**
 * The units of the second layer of a 1-1-k-1 network by the signs of weight w and bias b. The first layer gives t ≥ 0, so a unit of
 * which w and b have different signs bends, one with w, b &gt; 0 is always on, one with w, b &lt; 0 is dead. Each is as likely as the
 * others under a law that is symmetric in both signs.
 *
 * @param falling w &lt; 0 &lt; b
 * @param rising b &lt; 0 &lt; w
 * @param on w, b &gt; 0
 * @param dead w, b &lt; 0
 */
record SecondLayer(int falling, int rising, int on, int dead) {
    private static final int KINDS = 4;

    /** Of weights fc2 of a {@link Chain}. */
    static SecondLayer of(Weights weights) {
        double[] w = weights.get("fc2.weight").data();
        double[] b = weights.get("fc2.bias").data();
        int[] counts = new int[KINDS];
        for (int i = 0; i < w.length; i++) {
            counts[(w[i] > 0 ? 1 : 0) + (b[i] > 0 ? 2 : 0)]++;
        }
        return new SecondLayer(counts[2], counts[1], counts[3], counts[0]);
    }

    /** The functional dimension: 1 for the output bias, 2 per bend, what a unit that is on adds, and the first layer's bias. */
    int dimension() {
        return 1 + 2 * (falling + rising) + (on > 0 ? 1 : 0) + (on + falling > 0 ? 1 : 0);
    }

    /** Its law for k units: by dimension, how many of the 4^k sign patterns. */
    static Map<Integer, Integer> law(int k) {
        Map<Integer, Integer> law = new TreeMap<>();
        for (int pattern = 0; pattern < 1 << 2 * k; pattern++) {
            int[] counts = new int[KINDS];
            for (int i = 0; i < k; i++) {
                counts[pattern >> 2 * i & 3]++;
            }
            law.merge(new SecondLayer(counts[2], counts[1], counts[3], counts[0]).dimension(), 1, Integer::sum);
        }
        return law;
    }
}
