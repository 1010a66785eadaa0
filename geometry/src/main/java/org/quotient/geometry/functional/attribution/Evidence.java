package org.quotient.geometry.functional.attribution;

import java.util.ArrayList;
import java.util.List;
import org.quotient.geometry.functional.attribution.Units.Unit;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;

/** A growing rank, with the points that gave it and what the masks of all points did. */
public final class Evidence {
    private final Subject subject;
    private final RankStream stream;
    private final List<Unit> units;
    private final MaskStatistics statistics;
    private final List<Patterns> pivots = new ArrayList<>();
    private final MaskPatterns distinct;

    /**
     * Nothing seen yet.
     *
     * @param subject the network at θ
     * @param stream where rows go
     */
    public Evidence(Subject subject, RankStream stream) {
        this.subject = subject;
        this.stream = stream;
        this.units = Units.of(subject.masked());
        this.statistics = new MaskStatistics(subject.masked().kinks(), units);
        this.distinct = new MaskPatterns(subject.masked().kinks());
    }

    private Evidence(Evidence other, RankStream stream) {
        this.subject = other.subject;
        this.stream = stream;
        this.units = other.units;
        this.statistics = other.statistics;
        this.distinct = other.distinct;
        this.pivots.addAll(other.pivots);
    }

    /** The same points and masks, with rows going elsewhere from now on. */
    public Evidence on(RankStream other) {
        return new Evidence(this, other);
    }

    /** Takes masks down without making rows. */
    public void see(Patterns patterns) {
        statistics.add(patterns);
        distinct.add(patterns);
    }

    /** Where rows go. */
    public RankStream stream() {
        return stream;
    }

    /** The units of the network. */
    public List<Unit> units() {
        return units;
    }

    /** What the masks of all points did. */
    public MaskStatistics statistics() {
        return statistics;
    }

    /** Points whose rows span the space of all rows seen. */
    public List<Patterns> pivots() {
        return List.copyOf(pivots);
    }

    /** One point for each of the different patterns seen, up to a limit. */
    public MaskPatterns distinct() {
        return distinct;
    }

    /** Adds points. */
    public void add(Patterns patterns) {
        see(patterns);
        int before = stream.rank();
        long first = stream.rowsGiven();
        stream.add(patterns);
        if (stream.rank() > before) {
            int perSample = subject.rows().rowsPerSample();
            int[] which = java.util.Arrays.stream(stream.pivotRows())
                    .filter(row -> row >= first)
                    .mapToInt(row -> (int) ((row - first) / perSample))
                    .distinct()
                    .toArray();
            pivots.add(patterns.select(which));
        }
    }
}
