package org.quotient.benchmarks.rescale;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.quotient.benchmarks.compare.Interleaved.Series;
import org.quotient.benchmarks.compare.Statistics;
import org.quotient.benchmarks.rescale.Parted.Block;

/**
 * A row that was measured.
 *
 * @param row which
 * @param parameters their number
 * @param generators the rank of the group
 * @param entries ours first: exact, then sweeps, then peers
 * @param load the load average of the last minute at the end
 */
record Measured(RescaleRow row, long parameters, int generators, List<Entry> entries, double load) {
    /** How far divergences after the same sweeps may be apart, of their size: a peer has diag G in single precision. */
    static final double AGREEMENT = 1e-6;

    Measured {
        entries = List.copyOf(entries);
    }

    /**
     * What one contender did.
     *
     * @param kind whose and how
     * @param series the repetitions
     * @param parts names of parts
     * @param blocks of the repetitions, in order
     * @param warmUps how often it did the work before anything counted
     * @param gap a bound of the distance from the minimum, NaN for none
     */
    record Entry(Kind kind, Series series, List<String> parts, List<Block> blocks, int warmUps, double gap) {
        Entry {
            parts = List.copyOf(parts);
            blocks = List.copyOf(blocks);
        }

        /** The median of seconds of processor time. */
        double cpu() {
            return Statistics.median(series.cpu());
        }

        /** The median of one part. */
        double part(int index) {
            return Statistics.median(blocks.stream()
                    .mapToDouble(b -> b.parts().get(index) / b.runs())
                    .toArray());
        }

        /** Sweeps of each run. */
        int sweeps() {
            return blocks.isEmpty() ? 0 : blocks.getLast().sweeps();
        }
    }

    /** Whose, and how. */
    enum Kind {
        EXACT,
        OUR_SWEEPS,
        PUBLISHED,
        AGGREGATED;

        boolean peer() {
            return this == PUBLISHED || this == AGGREGATED;
        }
    }

    /** The entry of a kind, if it took part. */
    Optional<Entry> entry(Kind kind) {
        return entries.stream().filter(e -> e.kind() == kind).findFirst();
    }

    /** Ours, exact. */
    Entry exact() {
        return entries.getFirst();
    }

    /** The peer that needs least time. */
    Optional<Entry> fastestPeer() {
        return entries.stream().filter(e -> e.kind().peer()).min(Comparator.comparingDouble(Entry::cpu));
    }

    /** The time of another over that of one of ours, with an interval from resampled pairs. */
    static Statistics.Estimate ratio(Entry other, Entry ours) {
        return Statistics.ratioOfMedians(other.series().cpu(), ours.series().cpu());
    }

    /** Whether every contender that sweeps came to the same divergence, and in as many sweeps. */
    List<String> different() {
        Optional<Entry> ours = entry(Kind.OUR_SWEEPS);
        return ours.isEmpty()
                ? List.of()
                : entries.stream()
                        .filter(e -> e.kind().peer() && !same(e, ours.get()))
                        .map(e -> String.format(
                                Locale.ROOT,
                                "%s has %.9g after %d sweeps, ours %.9g after %d",
                                e.series().contender(),
                                e.series().check(),
                                e.sweeps(),
                                ours.get().series().check(),
                                ours.get().sweeps()))
                        .toList();
    }

    private static boolean same(Entry a, Entry b) {
        double x = a.series().check();
        double y = b.series().check();
        return a.sweeps() == b.sweeps() && Math.abs(x - y) <= AGREEMENT * Math.max(Math.abs(x), Math.abs(y));
    }

    /** Whether the target of time is reached. */
    String timeVerdict() {
        return exact().cpu() < row.target() ? "reached" : "missed";
    }

    /** Whether the target of speed against the published sweeps is reached. */
    String ratioVerdict() {
        if (row.chain().isEmpty()) {
            return "";
        }
        if (!different().isEmpty()) {
            return "different results";
        }
        return entry(Kind.PUBLISHED)
                .map(p -> ratio(p, exact()).value() >= RescaleRow.RATIO ? "reached" : "missed")
                .orElse("no peer");
    }
}
