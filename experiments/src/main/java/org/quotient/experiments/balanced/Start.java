package org.quotient.experiments.balanced;

import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/** Where training begins: three representatives of one function. */
public enum Start {
    /** As drawn. */
    BALANCED("balanced") {
        @Override
        Weights of(RescalingGroup group, Weights drawn, Unbalance unbalance, long seed) {
            return drawn;
        }
    },

    /** Units chosen at random are scaled by λ = factor·c, c log-normal: what enters by λ, what leaves by 1/λ. */
    UNBALANCED("unbalanced") {
        @Override
        Weights of(RescalingGroup group, Weights drawn, Unbalance unbalance, long seed) {
            return group.act(drawn, unbalance.logScales(group.rank(), seed));
        }
    },

    /** The same with every λ rounded to a power of two, which arithmetic carries exactly. */
    POWERS_OF_TWO("powers of two") {
        @Override
        Weights of(RescalingGroup group, Weights drawn, Unbalance unbalance, long seed) {
            double[] z = unbalance.logScales(group.rank(), seed);
            int[] exponents = new int[z.length];
            for (int h = 0; h < z.length; h++) {
                exponents[h] = (int) Math.round(z[h] / Math.log(2));
            }
            return group.actByPowersOfTwo(drawn, exponents);
        }
    };

    private final String text;

    Start(String text) {
        this.text = text;
    }

    /** As pages say it. */
    public String text() {
        return text;
    }

    abstract Weights of(RescalingGroup group, Weights drawn, Unbalance unbalance, long seed);

    /**
     * How far out of balance.
     *
     * @param fraction of the hidden units that are scaled
     * @param factor the median of λ
     * @param spread the standard deviation of log λ
     */
    public record Unbalance(double fraction, double factor, double spread) {
        /** Checks the ranges. */
        public Unbalance {
            if (!(fraction >= 0 && fraction <= 1 && factor > 0 && spread >= 0)) {
                throw new IllegalArgumentException(
                        "Expected a fraction from 0 to 1, a positive factor and a spread of 0" + " or more; given "
                                + fraction + ", " + factor + ", " + spread);
            }
        }

        /** log λ per generator, 0 for those that are left alone; each generator is chosen with probability {@code fraction}. */
        double[] logScales(int generators, long seed) {
            CounterRandom random = CounterRandom.seeded(seed).split("unbalance");
            CounterRandom sizes = random.split("sizes");
            double[] z = new double[generators];
            for (int h = 0; h < z.length; h++) {
                if (random.uniform(h) < fraction) {
                    z[h] = Math.log(factor) + spread * sizes.normal(h);
                }
            }
            return z;
        }
    }
}
