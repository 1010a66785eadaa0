package org.quotient.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Aligned columns of text: words to the left, numbers to the right. Cells are plain; the style is added afterwards. */
final class Table {
    private static final String GAP = "  ";

    /** A line of cells, or one of free text that no column is made wider for. */
    private sealed interface Line {
        record Cells(List<String> cells) implements Line {}

        record Free(String text) implements Line {}
    }

    private final List<String> heads;
    private final boolean[] right;
    private final List<Line> lines = new ArrayList<>();

    /** Columns by their headings; one that ends in '#' holds numbers. */
    Table(String... columns) {
        right = new boolean[columns.length];
        heads = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            right[i] = columns[i].endsWith("#");
            heads.add(right[i] ? columns[i].substring(0, columns[i].length() - 1) : columns[i]);
        }
    }

    /** Adds a line: texts, and numbers with thousands separators. */
    Table row(Object... cells) {
        if (cells.length != heads.size()) {
            throw new IllegalArgumentException(
                    "A line of this table has " + heads.size() + " cells; given " + Arrays.toString(cells));
        }
        lines.add(new Line.Cells(Arrays.stream(cells).map(Table::cell).toList()));
        return this;
    }

    /** Adds a remark under the last line. */
    Table remark(String text) {
        lines.add(new Line.Free(text));
        return this;
    }

    private static String cell(Object value) {
        return value instanceof Number number ? count(number.longValue()) : value.toString();
    }

    /** A whole number with thousands separators. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A real number in few digits. */
    static String real(double number) {
        return number == 0 ? "0" : String.format(Locale.ROOT, "%.3g", number);
    }

    /** The lines, each ended by \n. */
    String text(Style style) {
        int[] widths = new int[heads.size()];
        List<List<String>> cells = new ArrayList<>(List.of(heads));
        for (Line line : lines) {
            if (line instanceof Line.Cells c) {
                cells.add(c.cells());
            }
        }
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        if (heads.stream().anyMatch(head -> !head.isEmpty())) {
            text.append(style.strong(join(heads, widths))).append('\n');
        }
        for (Line line : lines) {
            text.append(
                            switch (line) {
                                case Line.Cells c -> join(c.cells(), widths);
                                case Line.Free f -> style.faint("    " + f.text());
                            })
                    .append('\n');
        }
        return text.toString();
    }

    private String join(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? "" : GAP).append(right[i] ? pad + cells.get(i) : cells.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }
}
