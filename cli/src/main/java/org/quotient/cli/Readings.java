package org.quotient.cli;

import java.util.List;
import org.quotient.geometry.functional.LocalIdentifiability;
import org.quotient.optimizers.training.RankReading;
import org.quotient.optimizers.training.RankSeries;

/** Ranks along a training, as logs and answers say them. */
final class Readings {
    private Readings() {}

    /** A list {@code metrics}, in a line of a log or an answer. */
    static void json(Json json, List<RankSeries.Entry> entries) {
        json.objects("metrics", entries, (out, e) -> {
            out.put("metric", e.metric()).put("epoch", (long) e.epoch());
            switch (e.reading()) {
                case RankReading.Dimension d ->
                    out.put("points", d.points())
                            .put("rejected", d.rejected())
                            .put("rank", (long) d.rank())
                            .put("upper", (long) d.upper())
                            .put("bound", (long) d.bound())
                            .put("mostOfPoints", (long) d.most())
                            .put("proved", d.proved());
                case RankReading.Identifiability i ->
                    out.put("points", i.points())
                            .put("jacobianRank", (long) i.result().jacobianRank())
                            .put("pathRank", (long) i.result().pathRank())
                            .put("dimension", (long) i.result().dimension())
                            .put("necessary", i.result().necessary())
                            .put("sufficient", i.result().sufficient())
                            .put("verdict", word(i.result().verdict()));
            }
        });
    }

    private static String word(LocalIdentifiability.Verdict verdict) {
        return switch (verdict) {
            case IDENTIFIABLE -> "identifiable";
            case NOT_IDENTIFIABLE -> "not identifiable";
            case UNDECIDED -> "undecided";
        };
    }

    /** A table, a row for each. */
    static String text(Style style, RankSeries series) {
        Table table = new Table("metric", "epoch#", "rank#", "of#", "");
        for (RankSeries.Entry e : series.entries()) {
            switch (e.reading()) {
                case RankReading.Dimension d -> table.row(e.metric(), e.epoch(), d.rank(), d.bound(), remark(d));
                case RankReading.Identifiability i ->
                    table.row(
                            e.metric(),
                            e.epoch(),
                            i.result().jacobianRank(),
                            i.result().dimension(),
                            word(i.result().verdict()) + " from " + Table.count(i.points()) + " points, R_A = "
                                    + Table.count(i.result().pathRank()));
            }
        }
        return table.text(style);
    }

    private static String remark(RankReading.Dimension d) {
        String points = "from " + Table.count(d.points()) + " points";
        return d.most() < d.bound() && d.rank() == d.most()
                ? points + ", which give no more"
                : points + (d.proved() ? ", proved" : ", at most " + Table.count(d.upper()));
    }
}
