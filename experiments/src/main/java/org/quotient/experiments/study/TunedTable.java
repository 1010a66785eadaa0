package org.quotient.experiments.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.quotient.experiments.Table;

/** A table of what came out of a {@link Tuning}: a row for each method, with its rate, and how many runs of the choice diverged. */
public final class TunedTable {
    private TunedTable() {}

    /**
     * A column.
     *
     * @param heading of it
     * @param cell from the reported runs of a method
     */
    public record Column(String heading, Function<List<Entry>, String> cell) {
        /** The training loss of the last epoch. */
        public static Column trainLoss() {
            return new Column("training loss, last epoch", runs -> Cells.range(runs, Outcome::trainLoss));
        }

        /** The test error. */
        public static Column testError() {
            return new Column("test error in %", Cells::testError);
        }
    }

    /** The table. */
    public static String of(Tuned tuned, Column... columns) {
        List<String> headings = new ArrayList<>(List.of("method", "rates", "rate"));
        for (Column column : columns) {
            headings.add(column.heading());
        }
        headings.add("choosing runs that diverged");
        Table table = new Table(headings);
        for (Method method : tuned.methods()) {
            Choice choice = tuned.choice(method);
            List<String> cells = new ArrayList<>(List.of(method.text(), Cells.grid(method), Cells.rate(choice)));
            for (Column column : columns) {
                cells.add(column.cell().apply(tuned.runs(method)));
            }
            cells.add(choice.diverged() + " of " + choice.runs());
            table.add(cells);
        }
        return table.toString();
    }
}
