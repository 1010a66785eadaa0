package org.quotient.experiments.dimension;

import java.io.IOException;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.dimension.GaugeStudy.Results;
import org.quotient.experiments.dimension.GaugeStudy.Row;

/** The page of the experiment. */
public final class GaugePage {
    private GaugePage() {}

    /** Page and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        return new ResultFolder().add("README.md", text(results)).json("results.json", results);
    }

    private static String text(Results results) {
        Table table = new Table(
                "network",
                "D",
                "idle",
                "generators",
                "further",
                "bound",
                "largest rank",
                "attained",
                "how",
                "known: symmetries",
                "bound",
                "rank");
        for (Row r : results.rows()) {
            table.add(
                    r.text(),
                    r.parameters(),
                    r.idle(),
                    r.generators(),
                    r.further(),
                    r.bound(),
                    r.rank(),
                    r.attained() + " of " + results.settings().draws(),
                    r.exact() ? "exact" : Double.isInfinite(r.gap()) ? "float" : "float, gap " + Numbers.two(r.gap()),
                    r.knownGauge(),
                    r.knownBound(),
                    r.knownRank());
        }
        long agree = results.rows().stream().filter(Row::agrees).count();
        return """
                # What an architecture allows

                Written by `experiments/run gauge`. All numbers are in [results.json](results.json).

                The upper bound of the functional dimension is not always parameters less hidden units: channels share a scale, compared
                units do, residual streams tie theirs, normalisation and products of linear maps lose more. Nothing is written by hand for any of
                these: the rescaling group is inferred from the graph, and what it does not know is found as an identity of the polynomial,
                modulo a prime.

                - *idle*: parameters whose effect the next operation removes. *generators*: rank of the inferred group.
                  *further*: dimensions lost to identities beyond rescaling. *bound*: D less these three.
                - *largest rank* among %d draws of all weights from N(0, 1), and how many draws attain the bound; the others have hidden
                  symmetries. Exact ranks at adaptive points; where the function is no polynomial, or samples are combined, singular
                  values of the Jacobian at %d normal points of radius %s, scaled to be the same on the whole orbit.
                - *known*: worked out by hand, with the largest rank found by an earlier replication in floating point.

                """.formatted(results.settings().draws(), GaugeStudy.POINTS, Numbers.brief(GaugeStudy.RADIUS))
                + table
                + "Bound and largest rank are what is known for " + agree + " of "
                + results.rows().size() + " networks.\n";
    }
}
