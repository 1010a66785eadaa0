package org.quotient.cli;

import org.quotient.geometry.functional.floating.FloatingRank;

/**
 * A rank counted in floating point.
 *
 * @param network as it was given
 * @param parameters all trainable numbers
 * @param found the rank and its gap
 */
record FloatingAnswer(String network, long parameters, FloatingRank found) implements Answer {
    private static final String METHOD =
            "singular values of the Jacobian with its columns multiplied by the weights, the same on the whole orbit";

    @Override
    public void json(Json json) {
        // What is certain without a proof: nothing from below, the group from above.
        json.put("parameters", parameters)
                .put("bound", found.bound())
                .put("rank", found.rank())
                .put("lower", 0)
                .put("upper", found.bound())
                .put("attained", found.attained())
                .put("proved", false)
                .put("method", METHOD)
                .put("gap", found.gap())
                .objects("lost", java.util.List.<String>of(), (out, none) -> {})
                .put("doubtful", found.flagged())
                .put("live", found.live())
                .put("rows", found.rows())
                .put("tolerance", found.tolerance())
                .put("lastCounted", found.last())
                .put("firstNotCounted", found.next())
                .put("arithmetic", found.dtype().toString())
                .put("remark", remark())
                .put("network", network);
    }

    private String remark() {
        return found.attained() ? "" : "this is the rank on these points, and points elsewhere might add to it";
    }

    @Override
    public String text(Style style) {
        Table table = new Table("", "#", "");
        table.row("parameters", parameters, "");
        table.row("live", found.live(), "");
        table.row("bound", found.bound(), "what the rescaling group allows");
        table.row("rank", found.rank(), "from " + Table.count(found.rows()) + " rows");
        String next = found.next() == 0 ? "nothing" : Table.real(found.next());
        String gap = "singular values " + Table.real(found.last()) + " counted, " + next + " not";
        String verdict = found.underflows()
                ? style.bad("doubtful") + ": " + gap + ", so small that others are rounded to 0; weights nearer to 1"
                        + " or the exact rank say more; "
                : found.flagged()
                        ? style.bad("doubtful") + ": " + gap + ", a gap of " + Table.real(found.gap()) + " only; "
                        : gap + "; ";
        return style.strong(network) + "\n" + table.text(style) + verdict + "no proof"
                + (remark().isEmpty() ? "" : "; " + remark()) + "\n" + style.faint(METHOD) + "\n";
    }
}
