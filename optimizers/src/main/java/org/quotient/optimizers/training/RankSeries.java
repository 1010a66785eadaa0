package org.quotient.optimizers.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The readings of a training, in the order of time; of one epoch in the order of metrics.
 *
 * @param entries all so far
 */
public record RankSeries(List<Entry> entries) {
    private static final String BETWEEN = "\t";

    /** None. */
    public static final RankSeries EMPTY = new RankSeries(List.of());

    /** Copies the list. */
    public RankSeries {
        entries = List.copyOf(entries);
    }

    /**
     * A reading.
     *
     * @param epoch after which; 0 for before the first
     * @param metric its text
     * @param reading what it showed
     */
    public record Entry(int epoch, String metric, RankReading reading) {}

    /** With one more. */
    public RankSeries with(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(entry);
        return new RankSeries(more);
    }

    /** Those of one epoch. */
    public List<Entry> at(int epoch) {
        return entries.stream().filter(e -> e.epoch() == epoch).toList();
    }

    /** A line each, for {@link Checkpoint#note}. */
    public String text() {
        StringBuilder out = new StringBuilder();
        entries.forEach(
                e -> out.append(String.join(BETWEEN, String.valueOf(e.epoch), e.metric, e.reading.words()) + "\n"));
        return out.toString();
    }

    /**
     * A series from its text.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static RankSeries of(String text) {
        return new RankSeries(text.lines()
                .map(line -> {
                    String[] parts = line.split(BETWEEN, -1);
                    if (parts.length != 3) {
                        throw new IllegalArgumentException("Expected a line of a series; given '" + line + "'");
                    }
                    return new Entry(Integer.parseInt(parts[0]), parts[1], RankReading.ofWords(parts[2]));
                })
                .toList());
    }
}
