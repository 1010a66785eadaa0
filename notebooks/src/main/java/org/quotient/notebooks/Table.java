package org.quotient.notebooks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table: compact HTML where it can be shown, aligned text elsewhere. Columns of numbers stand flush right. A value; a notebook
 * cell that ends in {@link #show} shows it.
 *
 * <pre>{@code
 * Table.of("update", "law").row("sgd", "none").row("log-sgd", "invariant").show()
 * }</pre>
 *
 * @param columns their names
 * @param rows their entries, as many as columns each
 */
public record Table(List<String> columns, List<List<String>> rows) {
    private static final String CELL = "padding:2px 12px;border:none;";

    /**
     * Keeps its own copies.
     *
     * @throws IllegalArgumentException if a row has another number of entries than there are columns
     */
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "A row needs an entry for each of the columns " + columns + "; given " + row);
            }
        }
    }

    /** A table without rows. */
    public static Table of(String... columns) {
        return new Table(List.of(columns), List.of());
    }

    /** With one more row; see {@link Table}. */
    public Table row(Object... entries) {
        List<List<String>> all = new ArrayList<>(rows);
        all.add(Arrays.stream(entries).map(String::valueOf).toList());
        return new Table(columns, all);
    }

    /** What a cell ends in: a table in a kernel that can show it. */
    public Object show() {
        return Kernels.shown(rich());
    }

    /** The forms: HTML and plain text. */
    Rich rich() {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(Rich.HTML, html());
        forms.put(Rich.PLAIN, toString());
        return new Rich(forms);
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty()
                && rows.stream().allMatch(row -> row.get(column).matches("[-+−]?[0-9][0-9.,]*(e[-+]?[0-9]+)?[ %]*"));
    }

    private String html() {
        StringBuilder html = new StringBuilder("<table style=\"border-collapse:collapse\">\n");
        html.append("<tr style=\"border-bottom:1px solid #999\">")
                .append(cells("th", columns))
                .append("</tr>\n");
        rows.forEach(row -> html.append("<tr>").append(cells("td", row)).append("</tr>\n"));
        return html.append("</table>").toString();
    }

    private String cells(String tag, List<String> entries) {
        StringBuilder html = new StringBuilder();
        for (int c = 0; c < entries.size(); c++) {
            String side = isNumeric(c) ? "right" : "left";
            html.append("<")
                    .append(tag)
                    .append(" style=\"")
                    .append(CELL)
                    .append("text-align:")
                    .append(side)
                    .append("\">");
            html.append(escaped(entries.get(c))).append("</").append(tag).append(">");
        }
        return html.toString();
    }

    private static String escaped(String text) {
        // A dollar sign would begin mathematics in a front end that typesets HTML.
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("$", "&#36;");
    }

    /** Aligned text. */
    @Override
    public String toString() {
        List<List<String>> all = new ArrayList<>();
        all.add(columns);
        all.addAll(rows);
        int[] width = new int[columns.size()];
        all.forEach(row -> Arrays.setAll(width, c -> Math.max(width[c], length(row.get(c)))));
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < width.length; c++) {
                String gap = " ".repeat(width[c] - length(row.get(c)));
                line.append(c == 0 ? "" : "  ").append(isNumeric(c) ? gap + row.get(c) : row.get(c) + gap);
            }
            text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
        }
        return text.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
