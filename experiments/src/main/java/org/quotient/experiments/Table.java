package org.quotient.experiments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A table of a Markdown page: the first column to the left, the others to the right. */
public final class Table {
    private final List<String> lines = new ArrayList<>();
    private final int columns;

    /** A table with these headings. */
    public Table(List<String> headings) {
        columns = headings.size();
        add(headings);
        List<String> rule = new ArrayList<>(Collections.nCopies(columns, "---:"));
        rule.set(0, "---");
        add(rule);
    }

    /** A table with these headings. */
    public Table(String... headings) {
        this(List.of(headings));
    }

    /** Adds a row. */
    public Table add(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException("A row of " + columns + " cells is expected; given " + cells);
        }
        lines.add("| " + String.join(" | ", cells) + " |\n");
        return this;
    }

    /** Adds a row of texts and whole numbers. */
    public Table add(Object... cells) {
        return add(Arrays.stream(cells).map(String::valueOf).toList());
    }

    @Override
    public String toString() {
        return String.join("", lines) + "\n";
    }
}
