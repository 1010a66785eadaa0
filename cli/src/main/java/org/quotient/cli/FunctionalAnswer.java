package org.quotient.cli;

import org.quotient.geometry.functional.Attribution;
import org.quotient.geometry.functional.FunctionalRank;
import org.quotient.geometry.functional.attribution.Lost;

/**
 * What is known of a functional dimension, with causes.
 *
 * @param network as it was given
 * @param found the rank, and what is lost
 * @param explained whether causes were looked for
 */
record FunctionalAnswer(String network, Attribution found, boolean explained) implements Answer {
    @Override
    public void json(Json json) {
        FunctionalRank r = found.rank();
        json.put("parameters", r.parameters())
                .put("bound", r.bound())
                .put("rank", r.rank())
                .put("lower", r.lower())
                .put("upper", r.upper())
                .put("attained", r.attained())
                .put("proved", r.proved())
                .put("method", r.method())
                .put("gap", Double.NaN)
                .objects(
                        "lost",
                        found.lost(),
                        (out, lost) -> out.put("where", lost.where())
                                .put("cause", lost.cause().toString())
                                .put("dimensions", lost.dimensions()))
                .put("unexplained", explained ? found.unexplained() : r.deficiency())
                .put("live", r.live())
                .put("error", r.error())
                .integers("primes", r.primes())
                .put("points", r.points())
                .put("rejected", r.rejected())
                .put("decidedExactly", r.exactly())
                .put("remark", r.remark())
                .put("network", network);
    }

    @Override
    public String text(Style style) {
        FunctionalRank r = found.rank();
        String left = r.rejected() == 0 ? "" : ", " + Table.count(r.rejected()) + " on a kink left out";
        Table table = new Table("", "#", "");
        table.row("parameters", r.parameters(), "");
        table.row("live", r.live(), "");
        table.row("bound", r.bound(), "what the architecture allows");
        table.row("rank", r.rank(), "from " + Table.count(r.points()) + " points" + left);
        StringBuilder text = new StringBuilder(style.strong(network) + "\n" + table.text(style));
        text.append(verdict(style)).append('\n');
        if (!found.lost().isEmpty()) {
            Table lost = new Table("lost#", "cause", "where");
            for (Lost l : found.lost()) {
                lost.row(l.dimensions(), l.cause(), l.where());
            }
            text.append(lost.text(style));
        }
        text.append(style.faint(r.method())).append('\n');
        return text.toString();
    }

    private String verdict(Style style) {
        FunctionalRank r = found.rank();
        String primes = ", modulo " + r.primes();
        String error = r.error() == 0 ? "" : "; the bound is wrong with a chance below " + Table.real(r.error());
        String remark = r.remark().isEmpty() ? "" : "; " + r.remark();
        return r.proved()
                ? style.good("proved")
                        + (r.attained() ? ": the bound is attained" : ": no rank exceeds " + r.upper())
                        + primes
                        + error
                        + remark
                : style.bad("not proved") + ": between " + Table.count(r.lower()) + " and " + Table.count(r.upper())
                        + primes + error + remark;
    }
}
