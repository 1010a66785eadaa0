package org.quotient.cli;

import java.util.Arrays;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/** A random group element that moves every generator, applied to weights with a check that they stay in their range. */
final class RandomScales {
    private static final double LOG_2 = Math.log(2);

    private final RescalingGroup group;
    private final CounterRandom random;

    RandomScales(RescalingGroup group, long seed) {
        this.group = group;
        this.random = CounterRandom.seeded(seed).split("act");
    }

    /**
     * θ·exp(Bz) with z normal of a given standard deviation and no z_k = 0.
     *
     * @throws BadInput if a weight leaves the range of its dtype
     */
    Weights normal(Weights weights, double spread) {
        double[] z = new double[group.rank()];
        Arrays.setAll(z, k -> {
            double draw = spread * random.normal(k);
            return draw == 0 ? spread : draw;
        });
        Weights moved = group.act(weights, z);
        String lost = outOfRange(weights, moved);
        if (!lost.isEmpty()) {
            throw new BadInput("with --spread " + spread + ", " + lost + ". Choose a smaller spread.");
        }
        return moved;
    }

    /**
     * θ·2^(Bk) with every k from ±1 to ±m, where m gives log-scales about the wanted standard deviation, or less if weights
     * would leave the range of their dtype.
     *
     * @throws BadInput if even m = 1 is too much
     */
    Weights powersOfTwo(Weights weights, double spread) {
        int most = 1;
        while (most < 1 << 10 && LOG_2 * Math.sqrt((most + 1) * (2.0 * most + 1) / 6) < spread) {
            most++;
        }
        for (; ; most /= 2) {
            int bound = most;
            int[] exponents = new int[group.rank()];
            Arrays.setAll(
                    exponents, k -> (random.below(2L * k, 2) == 0 ? 1 : -1) * (1 + random.below(2L * k + 1, bound)));
            Weights moved = group.actByPowersOfTwo(weights, exponents);
            String lost = outOfRange(weights, moved);
            if (lost.isEmpty()) {
                return moved;
            }
            if (most == 1) {
                throw new BadInput(
                        "even with scales 2 and 1/2, " + lost + ". The weights are too extreme to be rescaled.");
            }
        }
    }

    /** The first weight that overflows, vanishes or loses digits, in words; empty if none does. */
    private static String outOfRange(Weights before, Weights after) {
        for (String name : before.names()) {
            Tensor x = before.get(name);
            Tensor y = after.get(name);
            double least = x.dtype() == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
            for (int i = 0; i < x.size(); i++) {
                boolean shrunk = Math.abs(y.get(i)) < least && Math.abs(x.get(i)) >= least;
                if (!Double.isFinite(y.get(i)) || shrunk) {
                    return "the weight '" + name + "' would become " + y.get(i) + " at place " + i
                            + ", out of the range of " + x.dtype();
                }
            }
        }
        return "";
    }
}
