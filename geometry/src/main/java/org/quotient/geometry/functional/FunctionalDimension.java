package org.quotient.geometry.functional;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.attribution.Attributor;
import org.quotient.geometry.functional.attribution.Evidence;
import org.quotient.geometry.functional.bounds.GenericBound;
import org.quotient.geometry.functional.bounds.Support;
import org.quotient.geometry.functional.bounds.UpperBound;
import org.quotient.geometry.functional.floating.FloatingDimension;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.jacobian.ExactRows;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.regions.LinearRegions;
import org.quotient.geometry.functional.sampling.DrawnPoints;
import org.quotient.geometry.functional.sampling.RegionPoints;
import org.quotient.geometry.functional.sampling.Sampling;

/**
 * The functional dimension of a network at a point θ: the largest rank of ∂f(Z)/∂θ over finite sets Z of points where the
 * network is smooth in θ.
 *
 * <p>Lower bounds are certain: masks at a point are decided exactly, the Jacobian is then a matrix of rationals, and its rank modulo
 * a prime is at most its rank. Upper bounds come from the rescaling group of the graph, each of whose generators is a
 * direction along which the function does not change (at parameters where such directions vanish, by lower semicontinuity of the
 * rank), and from identities between the columns of the Jacobian that hold for the polynomial.
 *
 * <pre>{@code
 * FunctionalDimension dimension = FunctionalDimension.of(model);
 * dimension.sampled(Sampling.seeded(1));     // lower and upper bounds from points drawn
 * dimension.at(Points.of(network, inputs));  // from given points, the bound for inputs of their kind
 * dimension.exact(10_000);                   // all linear regions, for few inputs: the dimension itself
 * dimension.explain(Sampling.seeded(1));     // with the cause of every lost dimension
 * dimension.floating(points);                // singular values of an orbit-invariant Jacobian
 * }</pre>
 */
public final class FunctionalDimension {
    /** Networks of so many live parameters get a second prime where the bounds do not meet. */
    private static final int SECOND_PRIME = 2_000;

    private final Subject subject;
    private final GenericBound generic;
    private final SearchListener listener;

    private FunctionalDimension(Subject subject, GenericBound generic, SearchListener listener) {
        this.subject = subject;
        this.generic = generic;
        this.listener = listener;
    }

    /**
     * Prepares a network at a point.
     *
     * @param model the network and θ
     * @throws IllegalArgumentException if an operation is not piecewise polynomial, combines samples, or a weight is not
     *     finite; the message names it
     */
    public static FunctionalDimension of(Model model) {
        return new FunctionalDimension(Subject.of(model), new GenericBound(), (points, rank, upper) -> {});
    }

    /**
     * The same network at another point, without preparing it again.
     *
     * @param weights θ, with the buffers that were given before
     */
    public FunctionalDimension moveTo(Weights weights) {
        return new FunctionalDimension(subject.at(weights), generic, listener);
    }

    /** The same, telling a listener how far its searches have come. */
    public FunctionalDimension listening(SearchListener to) {
        return new FunctionalDimension(subject, generic, to);
    }

    /**
     * The rank on given points in floating point, see {@link FloatingDimension}.
     *
     * @param points those on a kink are left out
     * @throws IllegalStateException if singular values give a rank above the bound
     */
    public FloatingRank floating(Points points) {
        return FloatingDimension.of(subject, List.of(points));
    }

    /**
     * The rank in floating point on points drawn, at radii from 10^−3 to 10^3: at each as many normal ones as the bound needs and
     * some more, and along lines points on both sides of every bend.
     *
     * @param sampling of which the patience does not matter: the points are drawn in one round per radius
     * @throws IllegalStateException if singular values give a rank above the bound
     */
    public FloatingRank floating(Sampling sampling) {
        CounterRandom random = CounterRandom.seeded(sampling.seed());
        DrawnPoints draw = new DrawnPoints(subject, sampling, pointsNeeded());
        List<Points> drawn = new ArrayList<>();
        int left = sampling.most();
        for (int round = 0; round < DrawnPoints.RADII.size() && left > 0; round++) {
            double radius = DrawnPoints.RADII.get(round);
            drawn.add(draw.normal(random.split(round), radius, left));
            left -= drawn.getLast().count();
            if (left > 0) {
                drawn.add(draw.along(random.split(round), radius, left));
                left -= drawn.getLast().count();
            }
        }
        return FloatingDimension.of(subject, drawn);
    }

    Subject subject() {
        return subject;
    }

    /** live − generators of the rescaling group: an upper bound for all θ and all points. */
    public int bound() {
        return subject.groupBound();
    }

    /** Rows of the Jacobian per point. */
    public int rowsPerPoint() {
        return subject.rows().rowsPerSample();
    }

    /** How many points are needed for the rank to reach the bound. */
    public int pointsNeeded() {
        return Math.ceilDiv(bound(), Math.max(1, rowsPerPoint()));
    }

    /**
     * The rank of the Jacobian on given points Z, which may be few: a number that belongs to θ and Z.
     *
     * @param points any number
     */
    public FunctionalRank batch(Points points) {
        Patterns patterns = decided(points, (long) points.count() * rowsPerPoint());
        int reach = (int) Math.min(bound(), (long) patterns.count() * rowsPerPoint());
        String remark = reach < bound()
                ? "the rank of " + patterns.count() + " points is at most " + reach + "; the bound needs "
                        + pointsNeeded()
                : "";
        return onPoints(patterns, remark);
    }

    /**
     * The rank on given points, as a lower bound of the functional dimension; the upper bounds are those for all inputs that
     * share their constant coordinates and the number of dimensions that so few points can span.
     *
     * @param points at least {@link #pointsNeeded()}
     * @throws IllegalArgumentException if there are too few, saying how many are needed
     */
    public FunctionalRank at(Points points) {
        Patterns patterns = decided(points, bound());
        if (patterns.count() < pointsNeeded()) {
            throw new IllegalArgumentException("Each point gives " + rowsPerPoint() + " rows, so at least "
                    + pointsNeeded() + " points off the kinks are needed to reach the bound " + bound() + "; given "
                    + points.count() + ", of which " + patterns.rejected() + " lie on a kink");
        }
        return onPoints(patterns, "");
    }

    /** Deciding masks takes long for a large network: what does not fit is refused before. */
    private Patterns decided(Points points, long most) {
        subject.requireMemory(Math.min(most, bound()), points.count());
        listener.phase("deciding masks");
        return subject.decider().decide(points);
    }

    private FunctionalRank onPoints(Patterns patterns, String remark) {
        return search(patterns, patterns.count() * (long) rowsPerPoint(), remark)
                .rank();
    }

    /** A search that has ended, with all that an attribution needs. */
    private record Search(FunctionalRank rank, Supplier<Evidence> evidence, UpperBound upper, long rows) {}

    /** Of points whose stream of rows will never reach more than a certain rank: theirs, or with causes looked for all. */
    private Search search(Patterns patterns, long most, String remark) {
        UpperBound upper = UpperBound.ofGroup(subject);
        List<Integer> primes = new ArrayList<>();
        Evidence best =
                new Evidence(subject, new RankStream(subject, Primes.largest(1).get(0), 0));
        for (Numbers.PrimeField field : Primes.largest(2)) {
            boolean first = primes.isEmpty();
            int rank = best.stream().rank();
            if (first || (rank < upper.upper() && subject.rows().columns() <= SECOND_PRIME)) {
                Evidence evidence =
                        new Evidence(subject, new RankStream(subject, field, (int) Math.min(most, upper.upper())));
                addInBlocks(evidence, patterns, upper.upper());
                best = first || evidence.stream().rank() > rank ? evidence : best;
                primes.add(field.p());
                if (first && best.stream().rank() < upper.upper()) {
                    listener.phase("looking for identities");
                    upper = UpperBound.of(subject, generic, Support.of(patterns.points()));
                }
            }
        }
        Tally tally = new Tally(patterns.count(), patterns.rejected(), patterns.exactly());
        int rank = best.stream().rank();
        UpperBound here = rank < upper.upper() ? upper.withMasks(subject, patterns) : upper;
        here = rank < here.upper() ? here.withFew(subject, patterns) : here;
        Evidence evidence = best;
        FunctionalRank result = result(rank, here, "exact Jacobian on the points given", primes, tally, 0, remark);
        return new Search(result, () -> evidence, upper, (long) patterns.count() * rowsPerPoint());
    }

    private void addInBlocks(Evidence evidence, Patterns patterns, int upper) {
        int rank = evidence.stream().rank();
        for (int from = 0; from < patterns.count() && rank < upper; ) {
            int to = Math.min(patterns.count(), from + evidence.stream().samplesAtOnce());
            evidence.add(patterns.range(from, to));
            rank = evidence.stream().rank();
            listener.progress(to, rank, upper);
            from = to;
        }
    }

    /**
     * The rank on given points with the causes of what is missing.
     *
     * @param points any number
     */
    public Attribution explain(Points points) {
        return explained(search(decided(points, bound()), bound(), ""));
    }

    /** The functional dimension from points drawn as in {@link #sampled} with the causes of what is missing. */
    public Attribution explain(Sampling sampling) {
        return explained(search(sampling));
    }

    /** The functional dimension from all linear regions as in {@link #exact} with the causes of what is missing. */
    public Attribution explainExactly(int most) {
        return explained(searchRegions(most));
    }

    private Attribution explained(Search search) {
        if (search.rank().deficiency() == 0) {
            return new Attribution(search.rank(), List.of());
        }
        listener.phase("looking for causes");
        Evidence evidence = search.evidence().get();
        return new Attribution(search.rank(), new Attributor(subject, evidence, search.upper(), search.rows()).lost());
    }

    private FunctionalRank result(
            int rank, UpperBound upper, String how, List<Integer> primes, Tally tally, long seed, String remark) {
        if (rank > upper.upper()) {
            throw new IllegalStateException("The rank " + rank + " exceeds the bound " + upper.upper() + " of '"
                    + subject.model().network().name() + "' (" + upper.method() + "): one of them is wrong");
        }
        return new FunctionalRank(
                subject.model().network().parameterCount(),
                subject.rows().columns(),
                upper.bound(),
                rank,
                rank,
                upper.upper(),
                rank == upper.bound(),
                rank == upper.upper() && upper.error() < UpperBound.CERTAIN_ENOUGH,
                upper.error(),
                "from below: " + how + "; from above: " + upper.method(),
                primes,
                tally.points(),
                tally.rejected(),
                tally.exactly(),
                seed,
                remark);
    }

    /**
     * A lower bound of the functional dimension from points drawn until several rounds in a row add no rank: normal points at
     * radii from 10^−3 to 10^3 and, along random lines, points on both sides of every bend.
     *
     * @param sampling how
     */
    public FunctionalRank sampled(Sampling sampling) {
        return search(sampling).rank();
    }

    private Search search(Sampling sampling) {
        DrawnPoints draw = new DrawnPoints(subject, sampling, pointsNeeded());
        Optional<RegionSearch> regions = RegionSearch.of(subject, draw.atOnce());
        if (regions.isPresent()) {
            return search(sampling, regions.get());
        }
        subject.requireMemory(bound(), draw.atOnce());
        UpperBound upper = UpperBound.ofGroup(subject);
        Evidence evidence =
                new Evidence(subject, new RankStream(subject, Primes.largest(1).get(0), bound()));
        Tally tally = new Tally(0, 0, 0);
        int left = sampling.most();
        int rank = 0;
        int idle = 0;
        for (int round = 0; rank < upper.upper() && idle < sampling.patience() && left > 0; round++) {
            CounterRandom random = CounterRandom.seeded(sampling.seed()).split(round);
            double radius = DrawnPoints.RADII.get(round % DrawnPoints.RADII.size());
            int before = rank;
            for (int part = 0; part < 2 && left > 0 && rank < upper.upper(); part++) {
                Points drawn = part == 0 ? draw.normal(random, radius, left) : draw.along(random, radius, left);
                Patterns patterns = subject.decider().decide(drawn);
                evidence.add(patterns);
                rank = evidence.stream().rank();
                tally = tally.plus(patterns);
                left -= drawn.count();
                listener.progress(tally.points(), rank, upper.upper());
            }
            if (round == 0 && rank < upper.upper()) {
                listener.phase("looking for identities");
                upper = UpperBound.of(subject, generic, Support.everything());
            }
            idle = rank > before ? 0 : idle + 1;
        }
        String remark = rank == upper.upper()
                ? ""
                : left <= 0
                        ? "the largest number of points was reached"
                        : idle + " rounds in a row added no rank; points elsewhere might";
        FunctionalRank result = result(
                rank,
                upper,
                "exact Jacobian on points drawn at radii 10^-3 to 10^3 and along lines",
                List.of(evidence.stream().field().p()),
                tally,
                sampling.seed(),
                remark);
        return new Search(result, () -> evidence, upper, Long.MAX_VALUE);
    }

    /** The same over whole linear regions, for large networks whose Jacobian allows it. */
    private Search search(Sampling sampling, RegionSearch regions) {
        RegionSearch.Found found = regions.search(
                sampling, pointsNeeded(), () -> UpperBound.of(subject, generic, Support.everything()), listener);
        FunctionalRank result = result(
                found.rank(),
                found.upper(),
                "exact Jacobian over the linear regions of points drawn at radii 10^-3 to 10^3 and along lines",
                List.of(regions.field().p()),
                new Tally(found.points(), found.rejected(), found.exactly()),
                sampling.seed(),
                found.remark());
        return new Search(result, () -> found.evidence().on(regions.further()), found.upper(), Long.MAX_VALUE);
    }

    /**
     * The functional dimension from all linear regions, enumerated exactly: n + 1 affinely independent points inside each of them decide
     * it (Grigsby, Lindsey, Meyerhoff and Wu 2022), since the Jacobian is affine in the input on a region. The rank is taken modulo two
     * primes, and for small networks proved over the rationals; else it is larger only if both divide all minors of its size.
     *
     * @param most how many regions at most
     * @throws IllegalArgumentException if there are more, or several inputs, or the network is not piecewise linear in its input
     */
    public FunctionalRank exact(int most) {
        return searchRegions(most).rank();
    }

    private Search searchRegions(int most) {
        subject.requireMemory(bound(), pointsNeeded());
        LinearRegions.Found found =
                LinearRegions.of(subject.masked(), subject.decider().parameters(), most);
        Patterns patterns = RegionPoints.of(subject, found.regions());
        int bound = bound();
        Evidence best =
                new Evidence(subject, new RankStream(subject, Primes.largest(1).get(0), 0));
        List<Integer> primes = new ArrayList<>();
        for (Numbers.PrimeField field : Primes.largest(2)) {
            int rank = best.stream().rank();
            if (primes.isEmpty() || rank < bound) {
                Evidence evidence = new Evidence(subject, new RankStream(subject, field, bound));
                addInBlocks(evidence, patterns, bound);
                best = primes.isEmpty() || evidence.stream().rank() > rank ? evidence : best;
                primes.add(field.p());
            }
        }
        int rank = best.stream().rank();
        int general = rank < bound ? generic.of(subject).rank() : bound;
        Tally tally = new Tally(patterns.count(), found.rejected(), patterns.count());
        String how = "exact Jacobian inside each of " + found.regions().size() + " linear regions";
        boolean proved = rank == general
                || (ExactRows.affordable(subject, patterns)
                        && new ExactRows(subject, patterns).rankIs(best.stream().pivotRows()));
        String above = proved ? "all linear regions, over the rationals" : "all linear regions, modulo primes";
        String remark =
                proved ? "" : "over the rationals the rank is larger only if all primes divide all minors of that size";
        UpperBound regions = new UpperBound(general, proved ? rank : general, 0, above, Support.everything());
        FunctionalRank result = result(rank, regions, how, primes, tally, 0, remark);
        UpperBound upper = rank < general ? UpperBound.of(subject, generic, Support.everything()) : regions;
        Evidence evidence = best;
        return new Search(result, () -> evidence, upper, Long.MAX_VALUE);
    }
}
