package org.quotient.geometry.functional;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.attribution.Evidence;
import org.quotient.geometry.functional.bounds.UpperBound;
import org.quotient.geometry.functional.jacobian.Border;
import org.quotient.geometry.functional.jacobian.BorderedRank;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.sampling.DrawnPoints;
import org.quotient.geometry.functional.sampling.Sampling;

/**
 * Looks for the rank over whole linear regions: points are drawn only to learn of regions, and each region counts with all of its
 * rows. After the first rounds one vector orthogonal to all rows so far tells which regions of a further round add anything.
 */
final class RegionSearch {
    /** Up to so many columns all rows of points are eliminated. */
    private static final int FEW_COLUMNS = 1_200;

    /** What is left for the border must fit into one array, whatever the shape. */
    private static final int MOST_COLUMNS = 1 << 16;

    /** More regions than that are not added at a time. */
    private static final int MOST_AT_ONCE = 512;

    private final Subject subject;
    private final Numbers.PrimeField field;
    private final BorderedRank rank;

    private RegionSearch(Subject subject, Numbers.PrimeField field, Border border) {
        this.subject = subject;
        this.field = field;
        this.rank = new BorderedRank(subject, field, border);
    }

    /**
     * A search, if the network is large and its Jacobian has the shape for it.
     *
     * @param subject the network at θ
     * @param points how many are drawn at a time
     * @throws IllegalArgumentException if what is eliminated together would not fit into memory, with the size
     */
    static Optional<RegionSearch> of(Subject subject, long points) {
        int columns = subject.rows().columns();
        if (columns <= FEW_COLUMNS || columns > MOST_COLUMNS) {
            return Optional.empty();
        }
        subject.requireMemoryForRows();
        Numbers.PrimeField field = Primes.largest(1).get(0);
        Optional<RegionSearch> search =
                Border.of(subject, field).map(border -> new RegionSearch(subject, field, border));
        search.ifPresent(s -> subject.requireMemory(s.rank, points));
        return search;
    }

    Numbers.PrimeField field() {
        return field;
    }

    /** Counts what other rows add to those of all regions. */
    RankStream further() {
        return rank.further(subject);
    }

    /** What was found. */
    record Found(
            int rank, UpperBound upper, Evidence evidence, long points, long rejected, long exactly, String remark) {}

    /**
     * Searches.
     *
     * @param needed how many points the rank would need at least
     * @param identities the upper bound, found when it is needed
     */
    Found search(Sampling sampling, int needed, Supplier<UpperBound> identities, SearchListener listener) {
        UpperBound upper = UpperBound.ofGroup(subject);
        Evidence evidence = new Evidence(subject, new RankStream(subject, field, 0));
        DrawnPoints draw = new DrawnPoints(subject, sampling, needed);
        CounterRandom seeded = CounterRandom.seeded(sampling.seed());
        long points = 0;
        long rejected = 0;
        long exactly = 0;
        int left = sampling.most();
        int idle = 0;
        Optional<double[]> vector = Optional.empty();
        for (int round = 0; rank.rank() < upper.upper() && idle < sampling.patience() && left > 0; round++) {
            CounterRandom random = seeded.split(round);
            double radius = DrawnPoints.RADII.get(round % DrawnPoints.RADII.size());
            int before = rank.rank();
            listener.phase("regions at radius " + radius);
            for (int part = 0; part < 2 && left > 0 && rank.rank() < upper.upper(); part++) {
                Patterns drawn = subject.decider()
                        .decide(part == 0 ? draw.normal(random, radius, left) : draw.along(random, radius, left));
                points += drawn.count();
                rejected += drawn.rejected();
                exactly += drawn.exactly();
                left -= drawn.count() + drawn.rejected();
                evidence.see(drawn);
                if (before == 0) {
                    rank.add(part == 0 ? drawn : different(drawn), rank.regionsPerPoint());
                } else {
                    vector = add(drawn, vector, random.split(part), upper.upper());
                }
                listener.progress(points, rank.rank(), upper.upper());
            }
            if (round == 0 && rank.rank() < upper.upper()) {
                listener.phase("looking for identities");
                upper = identities.get();
            }
            idle = rank.rank() > before ? 0 : idle + 1;
        }
        int found = rank.rank();
        String remark = found == upper.upper()
                ? ""
                : left <= 0
                        ? "the largest number of points was reached"
                        : idle + " rounds in a row met no region that adds rank; regions elsewhere might";
        return new Found(found, upper, evidence, points, rejected, exactly, remark);
    }

    /**
     * Adds the regions that add rank, until none of these does.
     *
     * @return a vector orthogonal to all rows then
     */
    private Optional<double[]> add(Patterns drawn, Optional<double[]> known, CounterRandom random, int upper) {
        Optional<double[]> vector = known;
        for (int round = 0; rank.rank() < upper; round++) {
            CounterRandom here = random.split(round);
            double[] orthogonal = vector.isPresent() ? vector.get() : rank.nullVectors(here.split("null"), 1);
            vector = Optional.of(orthogonal);
            boolean[] outside = rank.outside(orthogonal, here.split("x"), drawn);
            int[] which = IntStream.range(0, drawn.count())
                    .filter(i -> outside[i])
                    .limit(MOST_AT_ONCE)
                    .toArray();
            if (which.length == 0) {
                return vector;
            }
            int before = rank.rank();
            rank.add(drawn.select(which), rank.regionsPerPoint());
            vector = rank.rank() > before ? Optional.empty() : vector;
            if (rank.rank() == before) {
                return vector;
            }
        }
        return vector;
    }

    /** Of many points some whose masks show each unit on and off as often as there are. */
    private Patterns different(Patterns all) {
        Map<Long, Integer> seen = new HashMap<>();
        int[] which = IntStream.range(0, all.count())
                .filter(n -> {
                    boolean fresh = false;
                    for (int k = 0; k < all.masks().size(); k++) {
                        if (subject.masked().kinks().get(k).perSample()) {
                            Tensor mask = all.masks().get(k);
                            int size = mask.size() / all.count();
                            for (int e = 0; e < size; e++) {
                                long state = 2L * (((long) k << 32) + e) + (mask.get(n * size + e) == 1 ? 1 : 0);
                                fresh |= seen.merge(state, 1, Integer::sum) <= 2;
                            }
                        }
                    }
                    return fresh;
                })
                .toArray();
        return all.select(which);
    }
}
