package org.quotient.geometry.functional;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Model;

/**
 * How often a network has hidden symmetries when its weights are drawn (Grigsby, Lindsey and Rolnick 2023): a functional dimension
 * below the bound that the architecture allows.
 *
 * @param laws what the weights were drawn from, by name
 * @param seed of the first draw; the others follow it by one each
 * @param draws how many
 * @param attained in how many the bound was attained, which is certain
 * @param hidden in how many it was not, and this was proved
 * @param missing how many draws lack how many dimensions, for those counted in {@code attained} and {@code hidden}
 */
public record HiddenSymmetries(
        Map<String, Law> laws, long seed, int draws, int attained, int hidden, SortedMap<Integer, Integer> missing) {

    /** Keeps copies that cannot be modified. */
    public HiddenSymmetries {
        laws = Map.copyOf(laws);
        missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
    }

    /**
     * A range of probabilities.
     *
     * @param lower at least 0
     * @param upper at most 1
     */
    public record Interval(double lower, double upper) {}

    /**
     * Draws weights and decides each.
     *
     * @param network with the laws of its weights
     * @param seed of the first draw
     * @param draws at least 1
     * @param decide how the rank is found, for instance {@code d -> d.exact(10_000)}
     * @throws IllegalArgumentException if there are no draws, or as {@link FunctionalDimension#of} and {@code decide} do
     */
    public static HiddenSymmetries of(
            InitialisedNetwork network, long seed, int draws, Function<FunctionalDimension, FunctionalRank> decide) {
        if (draws < 1) {
            throw new IllegalArgumentException("A frequency needs at least 1 draw; given " + draws);
        }
        Model first = network.model(seed);
        FunctionalDimension dimension = FunctionalDimension.of(first);
        int attained = 0;
        int hidden = 0;
        SortedMap<Integer, Integer> missing = new TreeMap<>();
        for (int i = 0; i < draws; i++) {
            FunctionalRank rank =
                    decide.apply(dimension.moveTo(network.model(seed + i).weights()));
            if (rank.attained()) {
                attained++;
            } else if (rank.proved()) {
                hidden++;
            } else {
                continue;
            }
            missing.merge(rank.deficiency(), 1, Integer::sum);
        }
        return new HiddenSymmetries(network.laws(), seed, draws, attained, hidden, missing);
    }

    /** In how many draws the bounds did not meet. */
    public int undecided() {
        return draws - attained - hidden;
    }

    /**
     * Where the probability that the bound is attained lies: from below as if no undecided draw attained it, from above as
     * if all did.
     *
     * @param confidence between 0 and 1
     */
    public Interval probability(double confidence) {
        return new Interval(
                clopperPearson(attained, draws, confidence).lower(),
                clopperPearson(attained + undecided(), draws, confidence).upper());
    }

    /**
     * The interval of Clopper and Pearson (1934), which holds the probability with at least the confidence asked for.
     *
     * @param successes from 0 to trials
     * @param trials at least 1
     * @param confidence between 0 and 1
     * @throws IllegalArgumentException outside these ranges
     */
    public static Interval clopperPearson(int successes, int trials, double confidence) {
        if (trials < 1 || successes < 0 || successes > trials || !(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "An interval needs at least 1 trial, from 0 to that many successes, and a"
                            + " confidence between 0 and 1; given " + trials + ", " + successes + " and " + confidence);
        }
        double tail = (1 - confidence) / 2;
        int failures = trials - successes;
        double lower =
                successes == 0 ? 0 : new BetaDistribution(successes, failures + 1.0).inverseCumulativeProbability(tail);
        double upper = failures == 0
                ? 1
                : new BetaDistribution(successes + 1.0, failures).inverseCumulativeProbability(1 - tail);
        return new Interval(lower, upper);
    }
}
