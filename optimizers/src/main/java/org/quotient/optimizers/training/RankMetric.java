package org.quotient.optimizers.training;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.NearestNames;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.FunctionalDimension;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.LocalIdentifiability;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;
import org.quotient.optimizers.zoo.OptimizerSettings;

/**
 * A rank that is taken of the weights while they are trained: the functional dimension (Grigsby, Lindsey, Meyerhoff and Wu 2022), which
 * Bona-Pellissier, Malgouyres and Bachoc (2024) saw fall on data, or whether data determine the weights near θ (the same, 2022).
 *
 * @param text as it was given
 * @param kind what is taken
 * @param every after so many epochs, at least 1; also before the first epoch and after the last one planned
 * @param place at which inputs
 * @param samples how many of the data at most, the first of the part, at least 1; not used with {@link Place#EVERYWHERE}
 * @param seed of the points that are drawn with {@link Place#EVERYWHERE}
 */
public record RankMetric(String text, Kind kind, int every, Place place, int samples, long seed) {
    private static final String DEFAULT_SAMPLES = "1000";

    /** Which rank. */
    public enum Kind {
        /** The rank of the Jacobian, between its bounds. */
        FUNCTIONAL_DIMENSION,
        /** The conditions C_N and C_S. */
        LOCAL_IDENTIFIABILITY;

        /** Its name in commands. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Where the Jacobian is taken. */
    public enum Place {
        /** At samples of the training part. */
        TRAIN,
        /** At samples of the test part. */
        TEST,
        /** At points drawn all over the input space, as many as add to the rank. */
        EVERYWHERE
    }

    /**
     * Reads a metric: {@code functional-dimension} or {@code local-identifiability}, with {@code :every=K,on=train,samples=N} behind it.
     *
     * @param text what was given
     * @param seed of points drawn
     * @throws IllegalArgumentException saying what exists
     */
    public static RankMetric parse(String text, long seed) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        List<String> names = Arrays.stream(Kind.values()).map(Kind::key).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException(NearestNames.unknown("a metric", name, names));
        }
        Kind kind = Kind.values()[names.indexOf(name)];
        OptimizerSettings settings = OptimizerSettings.parse(
                name,
                colon < 0 ? "" : text.substring(colon + 1),
                Map.of("every", "1", "on", "train", "samples", DEFAULT_SAMPLES));
        String on = kind == Kind.FUNCTIONAL_DIMENSION
                ? settings.choice("on", "train", "test", "everywhere")
                : settings.choice("on", "train", "test");
        return new RankMetric(
                text,
                kind,
                settings.whole("every", 1),
                Place.valueOf(on.toUpperCase(Locale.ROOT)),
                settings.whole("samples", 1),
                seed);
    }

    /**
     * Takes the rank.
     *
     * @param dimension the network at the weights
     * @param network that one, with one input
     * @param task what it learns, whose data are the points
     * @throws IllegalArgumentException if memory would not suffice, or an output is not linear in the last layer and that is needed
     */
    RankReading read(FunctionalDimension dimension, Network network, Task task) {
        if (place == Place.EVERYWHERE) {
            FunctionalRank rank = dimension.sampled(Sampling.seeded(seed));
            return RankReading.Dimension.of(rank, rank.bound());
        }
        Dataset part = place == Place.TRAIN ? task.data().train() : task.data().test();
        int[] first = IntStream.range(0, Math.min(samples, part.size())).toArray();
        Points points = Points.of(
                network, List.of(part.samples(first, network.inputs().getFirst().dtype())));
        if (kind == Kind.LOCAL_IDENTIFIABILITY) {
            return RankReading.Identifiability.of(LocalIdentifiability.of(dimension, points), points.count());
        }
        FunctionalRank rank = dimension.batch(points);
        return RankReading.Dimension.of(rank, (int) Math.min(rank.bound(), rank.points() * dimension.rowsPerPoint()));
    }
}
