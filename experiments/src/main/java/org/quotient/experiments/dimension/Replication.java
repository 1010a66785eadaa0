package org.quotient.experiments.dimension;

import java.util.List;
import java.util.Optional;

/**
 * A replication in double precision of the experiments on hidden symmetries, made with an SVD and another program before this one, to be
 * shown beside exact ranks.
 */
final class Replication {
    private Replication() {}

    /**
     * A cell: rank = number of singular values above σ_max·max(m, D)·2^−52 at m normal points.
     *
     * @param n width
     * @param d number of affine layers
     * @param biasDeviation s_b
     * @param points m, in words
     * @param draws how many networks
     * @param full the fraction of rank D − H
     * @param deficiency the mean of D − H − rank
     */
    record Cell(int n, int d, double biasDeviation, String points, int draws, double full, double deficiency) {}

    private static final List<Cell> CELLS = List.of(
            new Cell(5, 4, 1, "100D", 200, .015, 13.6),
            new Cell(5, 5, 1, "100D", 200, 0, 26.8),
            new Cell(5, 6, 1, "100D", 200, 0, 43.0),
            new Cell(10, 4, 1, "50D", 60, .033, 24.2),
            new Cell(10, 5, 1, "50D", 60, 0, 56.9),
            new Cell(10, 6, 1, "50D", 60, 0, 103),
            new Cell(15, 4, 1, "10D", 25, 0, 48.8),
            new Cell(15, 5, 1, "10D", 25, 0, 105),
            new Cell(15, 6, 1, "10D", 25, 0, 199),
            new Cell(5, 4, .1, "100D", 200, .185, 5.70),
            new Cell(5, 5, .1, "100D", 200, .060, 12.3),
            new Cell(5, 6, .1, "100D", 200, .005, 24.4),
            new Cell(10, 4, .1, "50D", 60, .400, 3.83),
            new Cell(10, 5, .1, "50D", 60, .050, 15.2),
            new Cell(10, 6, .1, "50D", 60, .033, 35.6),
            new Cell(15, 4, .1, "10D", 25, .120, 7.92),
            new Cell(15, 5, .1, "10D", 25, .040, 16.7),
            new Cell(15, 6, .1, "10D", 25, .040, 59.8));

    /**
     * A row of sampled against exact.
     *
     * @param widths such as 2-3-1
     * @param biasDeviation s_b
     * @param draws how many networks; 0 where it is not known
     * @param full the fraction whose exact dimension is D − H
     * @param same how often the rank at normal points was the exact dimension
     * @param points how many points, in words
     */
    record Row(String widths, double biasDeviation, int draws, double full, int same, String points) {}

    private static final List<Row> ROWS = List.of(
            new Row("2-3-1", 1, 20, 1, 17, "20D"),
            new Row("2-2-2-1", 1, 60, .58, 21, "20D"),
            new Row("2-3-3-1", 1, 60, .57, 20, "20D"),
            new Row("2-4-4-1", 1, 30, .37, 2, "20D"),
            new Row("2-4-4-1", .1, 30, .40, 19, "20D"),
            new Row("2-3-3-3-1", 1, 25, .12, 6, "20D"),
            new Row("1-3-3-1", 1, 150, .02, 44, "10D"),
            new Row("1-4-4-4-1", 1, 40, 0, 6, "10D"));

    /** The cell of the same networks, if there is one. */
    static Optional<Cell> of(HiddenStudy.Cell cell) {
        return CELLS.stream()
                .filter(c -> c.n == cell.n() && c.d == cell.d() && c.biasDeviation == cell.biasDeviation())
                .findFirst();
    }

    /** The row of the same networks, if there is one. */
    static Optional<Row> of(Chain chain) {
        return ROWS.stream()
                .filter(r -> r.widths.equals(chain.text()) && r.biasDeviation == chain.biasDeviation())
                .findFirst();
    }
}
