package org.quotient.autodiff.network.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.InitialisedNetwork;

/**
 * Random small networks: a trunk of random blocks with skips, ties, shared weights, windows, products and dead branches. Two
 * of the nine rarer features are asked for in each full-sized draw, so that each occurs often. Networks stay small enough to
 * enumerate their paths: at most {@value #PARAMETERS} parameters and {@value #PATHS} paths (a product of activations counts
 * pairs), after at most a few tries with smaller and smaller sizes.
 */
public final class RandomNetworks {
    /** The most trainable numbers of a draw. */
    public static final int PARAMETERS = 150;
    /** The most paths of a draw. */
    public static final int PATHS = 3_000;

    /**
     * What normalisations of a draw add to a variance: nothing that any other number notices, so that powers of two act
     * exactly, but enough to make 0/0 a 0.
     */
    public static final double TINY_EPSILON = 0x1p-1000;

    private static final int TRIES = 24;
    private static final int WEIGHT_TRIES = 12;

    private RandomNetworks() {}

    /** One step of growth: from the value that the network has so far to the next. */
    private interface Block extends BiFunction<Draft, Flow, Flow> {}

    private static List<Block> themes() {
        return List.of(
                TieBlocks::reused,
                TieBlocks::cyclicTies,
                ImageBlocks::strided,
                ImageBlocks::deadTaps,
                MixBlocks::slice,
                MixBlocks::poolUnits,
                TieBlocks::tiedConcat,
                MixBlocks::normalise,
                MixBlocks::gate);
    }

    private static List<Block> common() {
        return List.of(
                MixBlocks::layer,
                MixBlocks::layer,
                MixBlocks::layer,
                TieBlocks::residual,
                TieBlocks::residual,
                TieBlocks::weightedSkip,
                TieBlocks::longSkip,
                TieBlocks::denseConcat,
                TieBlocks::siamese,
                TieBlocks::deadBranch,
                TieBlocks::deadBranch,
                ImageBlocks::convolution,
                ImageBlocks::convolution,
                ImageBlocks::pool,
                ImageBlocks::upsample,
                ImageBlocks::pad,
                ImageBlocks::transpose,
                ImageBlocks::reshape,
                MixBlocks::attention,
                MixBlocks::attention,
                MixBlocks::constant,
                MixBlocks::gather);
    }

    /** A network of full size; see {@link #draw(CounterRandom, double, double)}. */
    public static RandomNetwork draw(long seed) {
        return draw(seed, 1);
    }

    /** A network for a seed; see {@link #draw(CounterRandom, double, double)}. */
    public static RandomNetwork draw(long seed, double size) {
        return draw(CounterRandom.seeded(seed), size, TINY_EPSILON);
    }

    /**
     * A random network.
     *
     * @param random where all randomness comes from: the same stream gives the same network with the same weights
     * @param size from 0 (one block, width 1) to 1
     * @param epsilon what normalisations add to a variance, positive
     * @return the network, its weights and its features; at least one path, and at least one weight that an output uses
     * @throws IllegalArgumentException if size is not from 0 to 1 or epsilon not positive
     */
    public static RandomNetwork draw(CounterRandom random, double size, double epsilon) {
        if (!(size >= 0 && size <= 1) || !(epsilon > 0)) {
            throw new IllegalArgumentException(
                    "A random network needs a size from 0 to 1 and a positive epsilon; given " + size + " and "
                            + epsilon);
        }
        double current = size;
        for (int i = 0; ; i++) {
            CounterRandom stream = random.split(i);
            Draft draft = new Draft(
                    "random-" + Long.toHexString(random.key()), new Dice(stream.split("graph")), current, epsilon);
            InitialisedNetwork built = grow(draft);
            if (i == TRIES - 1 || fits(built)) {
                return lively(built, draft.features(built), stream);
            }
            current *= 0.95;
        }
    }

    /** Weights under which the outputs depend on the inputs, if a few attempts find some. */
    private static RandomNetwork lively(InitialisedNetwork built, Set<Feature> features, CounterRandom stream) {
        RandomNetwork drawn = new RandomNetwork(built.model(stream.key()), features);
        for (int i = 1; i < WEIGHT_TRIES && drawn.seemsConstant(); i++) {
            drawn = new RandomNetwork(built.model(stream.split(i).key()), features);
        }
        return drawn;
    }

    private static boolean fits(InitialisedNetwork built) {
        if (built.network().parameterCount() > PARAMETERS) {
            return false;
        }
        double paths = PathBudget.of(built.network()).paths();
        return paths > 0 && paths <= PATHS;
    }

    private static InitialisedNetwork grow(Draft d) {
        Flow x = start(d);
        d.earlier.add(x);
        for (Block block : plan(d)) {
            x = block.apply(d, shrink(d, x));
            d.earlier.add(x);
        }
        Flow y = head(d, shrink(d, x));
        if (Graph.variables(List.of(y.value()), Op.Role.PARAMETER).isEmpty()) {
            y = d.linear(y, 1);
        }
        return d.dice.chance(0.12) ? d.net.build(y, d.dice.pick(d.earlier)) : d.net.build(y);
    }

    private static List<Block> plan(Draft d) {
        List<Block> blocks = new ArrayList<>();
        List<Block> themes = new ArrayList<>(themes());
        for (int i = 0; i < Math.round(2 * d.size); i++) {
            blocks.add(themes.remove(d.dice.below(themes.size())));
        }
        int more = d.dice.below(1 + (int) Math.round(3 * d.size));
        for (int i = 0; i < more || blocks.isEmpty(); i++) {
            blocks.add(d.dice.below(blocks.size() + 1), d.dice.pick(common()));
        }
        return blocks;
    }

    /** One input, an image mostly, or two that are added (through weights), multiplied or joined. */
    private static Flow start(Draft d) {
        int most = 1 + (int) Math.round(2 * d.size);
        int[] sizes = switch (d.dice.below(5)) {
            case 0, 1 -> new int[] {1 + d.dice.below(most)};
            case 2 -> new int[] {1 + d.dice.below(2), 1, 1 + d.dice.below(most + 1)};
            case 3 -> new int[] {1 + d.dice.below(2), 1 + d.dice.below(most), 1 + d.dice.below(most)};
            default -> new int[] {1 + d.dice.below(most), 1 + d.dice.below(2)};
        };
        Flow x = d.net.input("x", sizes);
        if (!d.dice.chance(0.1 * d.size)) {
            return x;
        }
        Flow z = d.net.input("z", sizes);
        return d.net.flow(
                switch (d.dice.below(3)) {
                    case 0 -> d.linear(x, 2).value().plus(d.linear(z, 2).value());
                    case 1 -> x.value().times(z.value());
                    default -> Ops.concat(Draft.axis(x), List.of(x.value(), z.value()));
                });
    }

    /** Keeps values small. */
    private static Flow shrink(Draft d, Flow x) {
        if (Draft.elements(x) <= 16) {
            return x;
        }
        return Draft.isImage(x) && d.dice.chance(0.5)
                ? (d.dice.chance(0.5) ? x.globalAveragePool() : x.globalMaxPool())
                : d.activate(d.linear(d.vector(x), 2));
    }

    private static Flow head(Draft d, Flow x) {
        if (d.dice.chance(0.25)) {
            return x;
        }
        Flow v = Draft.isImage(x) && d.dice.chance(0.4)
                ? (d.dice.chance(0.5) ? x.globalAveragePool() : x.globalMaxPool())
                : d.vector(x);
        return d.linear(v, 1 + d.dice.below(2));
    }
}
