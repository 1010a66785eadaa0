package org.quotient.experiments.size;

import java.io.IOException;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.size.SizeStudy.Case;
import org.quotient.experiments.size.SizeStudy.Results;
import org.quotient.experiments.study.Machine;

/** The page of the experiment. */
public final class SizePage {
    private static final double GIB = 1L << 30;

    /** Matrices of columns² doubles that counting singular values holds at a time. */
    private static final int MATRICES = 10;

    private final Results results;

    private SizePage(Results results) {
        this.results = results;
    }

    /** Page, plot and numbers. */
    public static ResultFolder of(Results results) throws IOException {
        SizePage page = new SizePage(results);
        return new ResultFolder()
                .add("README.md", page.text())
                .add("cost.png", page.figure())
                .json("results.json", results);
    }

    private List<Case> cases(boolean singular) {
        return results.cases().stream().filter(c -> c.singular() == singular).toList();
    }

    private String text() {
        return """
                # The functional dimension of larger networks, certified

                Written by `experiments/run functional-dimension-size`. All numbers are in [results.json](results.json).

                The functional dimension is the largest rank of ∂f(Z)/∂θ over sets of points Z (Grigsby, Lindsey, Meyerhoff, Wu 2022); on
                images it is the rank at these images. *lower* is the rank of an exact Jacobian modulo one prime, so nothing is
                rounded; *upper* comes from the rescaling group and exact identities of columns: pixels that never change, pixels that
                are affine functions of others, softmax, masks that never change on the images. Where both meet, the number is proved;
                where identities were found at random values, up to a probability of error; above 10^-9 the table names it.

                Trained network: SGD at 0.1 with batches of 256, %d epochs, data: %s; images: the first %d of training and validation
                part, standardised. A pixel that is 0 in all images is the same number in all of them then, and costs as many dimensions
                as one that stays 0: the width of the first layer.

                """.formatted(
                                results.settings().epochs(),
                                results.settings().data().text(),
                                results.settings().images())
                + table()
                + lost()
                + """
                ## Beside singular values

                The same networks with singular values in double precision (EJML: QR of blocks of rows, then a decomposition of the
                triangular factor). They are no proof; the gap is the ratio of the last one counted to the first one not counted, and
                a rank on a few points may lie below the functional dimension.

                ![CPU time against the number of parameters](cost.png)

                """
                + singular()
                + extrapolated()
                + """
                Measured on %s; heap %s GiB, largest resident size of the whole run %s.
                """.formatted(
                                Machine.text(),
                                Numbers.fixed(results.memory() / GIB, 1),
                                results.peak() == 0 ? "unknown" : Numbers.fixed(results.peak() / GIB, 2) + " GiB");
    }

    private String table() {
        Table table = new Table(
                "network", "points", "parameters", "bound", "lower", "upper", "", "attributed", "unexplained", "CPU s");
        for (Case c : cases(false)) {
            Finding f = c.finding();
            table.add(
                    c.network(),
                    c.points() + ", " + f.points(),
                    f.parameters(),
                    f.bound(),
                    f.lower(),
                    f.upper(),
                    verdict(f),
                    f.bound() - f.lower() - f.unexplained(),
                    f.unexplained(),
                    Numbers.three(f.cpu()));
        }
        return table.toString();
    }

    private static String verdict(Finding f) {
        return f.proved() ? "proved" : f.lower() < f.upper() ? "between" : "met, error below " + Numbers.two(f.error());
    }

    private String lost() {
        StringBuilder text = new StringBuilder();
        for (Case c : cases(false)) {
            if (!c.finding().lost().isEmpty()) {
                text.append("* ")
                        .append(c.network())
                        .append(", ")
                        .append(c.points())
                        .append(": ")
                        .append(String.join("; ", c.finding().lost()))
                        .append(
                                c.finding().remark().isEmpty()
                                        ? ""
                                        : " (" + c.finding().remark() + ")")
                        .append('\n');
            }
        }
        return text.isEmpty() ? "" : "Dimensions lost, their causes and places:\n\n" + text + "\n";
    }

    private String singular() {
        Table table =
                new Table("network", "parameters", "bound", "rank counted", "gap", "CPU s", "exact: lower", "CPU s");
        for (Case c : cases(true)) {
            Finding exact = cases(false).stream()
                    .filter(e -> e.network().equals(c.network()))
                    .findFirst()
                    .orElseThrow()
                    .finding();
            Finding f = c.finding();
            table.add(
                    c.network(),
                    f.parameters(),
                    f.bound(),
                    f.lower(),
                    f.gap() < 0 ? "none left out" : Numbers.two(f.gap()),
                    Numbers.three(f.cpu()),
                    exact.lower(),
                    Numbers.three(exact.cpu()));
        }
        return table.toString();
    }

    /** What would not fit, from the cube of the number of columns and the matrices that are held. */
    private String extrapolated() {
        Case largest = cases(true).getLast();
        Table table = new Table("network", "parameters", "needs GiB", "fits into this heap", "would take, CPU hours");
        for (Case c : cases(false)) {
            int n = c.finding().parameters();
            double ratio = (double) n / largest.finding().parameters();
            double bytes = 8.0 * MATRICES * n * n;
            if (ratio > 1 && c.points().equals("images") == c.network().contains("trained")) {
                table.add(
                        c.network(),
                        n,
                        Numbers.three(bytes / GIB),
                        bytes <= results.memory() ? "yes" : "no",
                        Numbers.two(largest.finding().cpu() * ratio * ratio * ratio / 3600));
            }
        }
        return """
                What larger ones would need: memory for %d matrices of parameters² doubles, as the streaming decomposition holds them, and
                the time of `%s` times the cube of the ratio of sizes.

                """.formatted(MATRICES, largest.network()) + table;
    }

    private byte[] figure() throws IOException {
        Figure figure = new Figure("Cost of a rank", "parameters", "CPU seconds").logarithmic(true, true);
        line(
                figure,
                "exact, drawn or Gaussian",
                1,
                cases(false).stream().filter(c -> !c.points().equals("images")).toList());
        line(figure, "singular values", 0, cases(true));
        return figure.png();
    }

    private static void line(Figure figure, String name, int colour, List<Case> cases) {
        figure.scatter(
                name,
                colour,
                cases.stream().map(c -> (double) c.finding().parameters()).toList(),
                cases.stream().map(c -> c.finding().cpu()).toList());
    }
}
