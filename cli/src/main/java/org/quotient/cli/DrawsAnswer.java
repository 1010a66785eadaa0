package org.quotient.cli;

import org.quotient.geometry.functional.HiddenSymmetries;

/**
 * How often drawn weights attain the bound.
 *
 * @param network as it was given
 * @param parameters all trainable numbers
 * @param bound what the rescaling group allows
 * @param found the frequencies
 */
record DrawsAnswer(String network, long parameters, int bound, HiddenSymmetries found) implements Answer {
    private static final double CONFIDENCE = 0.95;

    @Override
    public void json(Json json) {
        HiddenSymmetries.Interval interval = found.probability(CONFIDENCE);
        json.put("parameters", parameters)
                .put("bound", bound)
                .put("draws", found.draws())
                .put("attainedDraws", found.attained())
                .put("hiddenDraws", found.hidden())
                .put("undecidedDraws", found.undecided())
                .put(
                        "probability",
                        out -> out.put("lower", interval.lower())
                                .put("upper", interval.upper())
                                .put("confidence", CONFIDENCE))
                .objects(
                        "missing",
                        found.missing().entrySet(),
                        (out, e) -> out.put("dimensions", (long) e.getKey()).put("draws", (long) e.getValue()))
                .objects(
                        "laws",
                        new java.util.TreeMap<>(found.laws()).entrySet(),
                        (out, e) -> out.put("where", e.getKey())
                                .put("law", e.getValue().toString()))
                .put("firstSeed", found.seed())
                .put("network", network);
    }

    @Override
    public String text(Style style) {
        HiddenSymmetries.Interval interval = found.probability(CONFIDENCE);
        Table table = new Table("missing#", "draws#", "");
        found.missing()
                .forEach((missing, draws) -> table.row(
                        missing, draws, missing == 0 ? "the bound " + Table.count(bound) + " is attained" : ""));
        if (found.undecided() > 0) {
            table.row("?", found.undecided(), "the bounds did not meet");
        }
        return style.strong(network) + ", " + Table.count(found.draws()) + " draws from seed " + found.seed() + "\n"
                + table.text(style)
                + String.format(
                        java.util.Locale.ROOT,
                        "the bound is attained with a probability from %.4f to %.4f (Clopper-Pearson, 95 %%)\n",
                        interval.lower(),
                        interval.upper());
    }
}
