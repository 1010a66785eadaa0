package org.quotient.optimizers.training;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.LocalIdentifiability;

/** What a {@link RankMetric} shows at one moment. */
public sealed interface RankReading {

    /**
     * A rank between its bounds.
     *
     * @param points off the kinks
     * @param rejected points on a kink
     * @param bound what the architecture allows, see {@link FunctionalRank#bound}
     * @param rank what was found
     * @param upper what no rank exceeds at these weights and points of their kind
     * @param most what so many points can give: the number of their rows where that is below the bound
     * @param proved whether rank is upper
     */
    record Dimension(long points, long rejected, int bound, int rank, int upper, int most, boolean proved)
            implements RankReading {
        static Dimension of(FunctionalRank rank, int most) {
            return new Dimension(
                    rank.points(), rank.rejected(), rank.bound(), rank.rank(), rank.upper(), most, rank.proved());
        }
    }

    /**
     * The two conditions.
     *
     * @param points given
     * @param result ranks and verdict
     */
    record Identifiability(long points, LocalIdentifiability result) implements RankReading {
        static Identifiability of(LocalIdentifiability result, long points) {
            return new Identifiability(points, result);
        }
    }

    /** As whole numbers, the first of which tells the kinds apart. */
    private long[] numbers() {
        return switch (this) {
            case Dimension d ->
                new long[] {0, d.points, d.rejected, d.bound, d.rank, d.upper, d.most, d.proved ? 1 : 0};
            case Identifiability i ->
                new long[] {
                    1,
                    i.points,
                    i.result.jacobianRank(),
                    i.result.pathRank(),
                    i.result.dimension(),
                    i.result.verdict().ordinal()
                };
        };
    }

    /** Words that {@link #ofWords} reads. */
    default String words() {
        return LongStream.of(numbers()).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    /**
     * A reading from its words.
     *
     * @throws IllegalArgumentException if they are none
     */
    static RankReading ofWords(String words) {
        long[] n =
                Arrays.stream(words.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        if (n.length == 8 && n[0] == 0) {
            return new Dimension(n[1], n[2], (int) n[3], (int) n[4], (int) n[5], (int) n[6], n[7] == 1);
        }
        LocalIdentifiability.Verdict[] verdicts = LocalIdentifiability.Verdict.values();
        if (n.length == 6 && n[0] == 1 && n[5] >= 0 && n[5] < verdicts.length) {
            return new Identifiability(
                    n[1], new LocalIdentifiability((int) n[2], (int) n[3], (int) n[4], verdicts[(int) n[5]]));
        }
        throw new IllegalArgumentException("Expected the words of a reading; given '" + words + "'");
    }
}
