package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.Attribution;
import org.quotient.geometry.functional.attribution.Lost.Cause;
import org.quotient.geometry.functional.attribution.Units.Unit;
import org.quotient.geometry.functional.bounds.RandomValues;
import org.quotient.geometry.functional.bounds.UpperBound;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;

/** Finds the causes of lost dimensions; see {@link Attribution}. */
public final class Attributor {
    /** Rows that must add nothing before a unit is done with. */
    private static final int QUIET = 24;

    private final Subject subject;
    private final Evidence evidence;
    private final RankStream stream;
    private final UpperBound upper;
    private final List<Unit> units;
    private final boolean[] free;
    private final List<Lost> lost = new ArrayList<>();
    private final Cause[] causes;
    private final int reach;

    /**
     * Prepares the search for causes.
     *
     * @param subject the network at θ
     * @param evidence what was found; its rank grows while causes are looked for
     * @param upper what bounds the rank
     * @param rows that the points have together, or as many as wanted: whatever the masks, no rank exceeds them
     */
    public Attributor(Subject subject, Evidence evidence, UpperBound upper, long rows) {
        this.subject = subject;
        this.evidence = evidence;
        this.stream = evidence.stream();
        this.upper = upper;
        this.reach = (int) Math.min(upper.upper(), rows);
        this.units = evidence.units();
        this.free = new boolean[units.size()];
        this.causes = new Cause[units.size()];
    }

    /** The causes, which together account for the bound minus the rank found. */
    public List<Lost> lost() {
        int found = stream.rank();
        if (found == upper.bound()) {
            return List.of();
        }
        List<Patterns> points = Stream.of(evidence.pivots(), evidence.distinct().representatives())
                .filter(parts -> !parts.isEmpty())
                .map(Patterns::join)
                .toList();
        VisibleImages images = new VisibleImages(subject, points, evidence.distinct(), stream.field());
        for (int unit = 0; unit < causes.length; unit++) {
            causes[unit] = cause(unit, images);
        }
        Comparator<Integer> clearFirst = Comparator.comparing(this::clarity);
        List<Integer> order = IntStream.range(0, units.size())
                .boxed()
                .sorted(clearFirst.thenComparing(
                        Comparator.comparing((Integer unit) -> units.get(unit).kink(), Comparator.reverseOrder())))
                .toList();
        for (int unit : order) {
            if (found >= reach) {
                break;
            }
            free[unit] = true;
            int now = Math.min(reach, gained(unit, points, found));
            if (now > found) {
                lost.add(new Lost(where(unit), causes[unit], now - found));
                found = now;
            }
        }
        if (found < upper.upper()) {
            lost.add(new Lost("points", Cause.POINTS, upper.upper() - found));
        }
        if (upper.upper() < upper.bound()) {
            lost.addAll(new ZeroCauses(subject, upper).lost());
        }
        return List.copyOf(lost);
    }

    /** Clear cases first. */
    private int clarity(int unit) {
        return switch (causes[unit]) {
            case DEAD, NEVER_BENDS -> 0;
            case ALWAYS_ON -> 1;
            case TWIN_SAME_SIDE -> 2;
            case TWIN_OPPOSITE_SIDE -> 3;
            case INVISIBLE_BEND -> 4;
            case COLLAPSED_IMAGE -> 5;
            case CONSTANT_CHOICE -> 7;
            default -> 6;
        };
    }

    private Cause plainCause(int unit) {
        MaskStatistics seen = evidence.statistics();
        if (units.get(unit).index() < 0) {
            return Cause.CONSTANT_CHOICE;
        }
        if (seen.never(unit)) {
            Kink kink = subject.masked().kinks().get(units.get(unit).kink());
            return kink.silent() ? Cause.DEAD : Cause.NEVER_BENDS;
        }
        if (seen.always(unit)) {
            return Cause.ALWAYS_ON;
        }
        if (seen.twin(unit, true) >= 0) {
            return Cause.TWIN_SAME_SIDE;
        }
        return seen.twin(unit, false) >= 0 ? Cause.TWIN_OPPOSITE_SIDE : Cause.UNEXPLAINED;
    }

    private Cause cause(int unit, VisibleImages images) {
        Cause plain = plainCause(unit);
        if (plain != Cause.UNEXPLAINED) {
            return plain;
        }
        if (images.bend(units.get(unit)) == VisibleImages.Bend.INVISIBLE) {
            return Cause.INVISIBLE_BEND;
        }
        return images.collapsed(units.get(unit)) ? Cause.COLLAPSED_IMAGE : Cause.UNEXPLAINED;
    }

    private String where(int unit) {
        Cause plain = plainCause(unit);
        String name = units.get(unit).where();
        return switch (plain) {
            case TWIN_SAME_SIDE ->
                name + " and "
                        + units.get(evidence.statistics().twin(unit, true)).where();
            case TWIN_OPPOSITE_SIDE ->
                name + " and "
                        + units.get(evidence.statistics().twin(unit, false)).where();
            default -> name;
        };
    }

    /** The rank with rows in which the masks of the free units are random. */
    private int gained(int unit, List<Patterns> points, int before) {
        Numbers.PrimeField field = stream.field();
        CounterRandom random = CounterRandom.seeded(field.p()).split("free").split(unit);
        int rank = before;
        int quiet = 0;
        for (int round = 0; quiet < QUIET && rank < upper.upper(); round++) {
            int added = 0;
            for (Patterns part : points) {
                if (quiet + added >= QUIET && round > 0) {
                    break;
                }
                int most = Math.min(part.count(), Math.max(QUIET, stream.samplesAtOnce()));
                CounterRandom here = random.split(round).split(part.count());
                int from = part.count() <= most ? 0 : here.below(0, part.count() - most);
                Patterns some = part.range(from, from + most);
                stream.add(some.points().residues(field), freed(some, here, field), some.count());
                added += some.count() * subject.rows().rowsPerSample();
            }
            int now = stream.rank();
            quiet = now > rank ? 0 : quiet + Math.max(1, added);
            rank = now;
        }
        return rank;
    }

    private List<Tensor> freed(Patterns some, CounterRandom random, Numbers.PrimeField field) {
        List<Tensor> masks = new ArrayList<>();
        int first = 0;
        for (int k = 0; k < some.masks().size(); k++) {
            Kink kink = subject.masked().kinks().get(k);
            Tensor mask = some.masks().get(k);
            if (!kink.perSample()) {
                masks.add(mask);
                continue;
            }
            CounterRandom stream = random.split("mask").split(k);
            int channels = kink.isSign() ? Units.channels(kink) : 1;
            if (kink.isSign()) {
                int[] channel = Units.channelOf(kink);
                double[] values = mask.data().clone();
                for (int i = 0; i < values.length; i++) {
                    if (free[first + channel[i % channel.length]]) {
                        values[i] = stream.below(i, field.p());
                    }
                }
                masks.add(Tensor.of(mask.shape(), values));
            } else {
                masks.add(free[first] ? RandomValues.mask(kink, field, stream, some.count()) : mask);
            }
            first += channels;
        }
        return masks;
    }
}
