package org.quotient.experiments.pathcond;

import java.io.IOException;
import java.util.List;
import org.quotient.experiments.Figure;
import org.quotient.experiments.Numbers;
import org.quotient.experiments.ResultFolder;
import org.quotient.experiments.Table;
import org.quotient.experiments.pathcond.Toy.Point;
import org.quotient.experiments.pathcond.Toy.Trajectory;

/**
 * The part of the page on the one-unit toy.
 *
 * @param toy what was run
 * @param all its trajectories
 */
record ToyPage(Toy toy, List<Trajectory> all) {
    private static final List<String> NAMES =
            List.of(Toy.REFERENCE, Toy.GIVEN, Toy.SCALED, Toy.CONDITIONED, Toy.SCALED_CONDITIONED);

    /** Losses below this are not drawn. */
    private static final double ROUNDING = 1e-12;

    private Trajectory of(int start, String name) {
        return all.stream()
                .filter(t -> t.start() == start && t.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Table and pictures, and what they say. */
    String text() {
        Table table = new Table(
                "start (v, w, u)", "representative", "tr K at the start", "distance to the reference", "final loss");
        double apart = 0;
        double same = 0;
        for (int i = 0; i < toy.starts().size(); i++) {
            Trajectory reference = of(i, Toy.REFERENCE);
            for (String name : NAMES) {
                Trajectory t = of(i, name);
                table.add(
                        name.equals(Toy.REFERENCE)
                                ? String.join(
                                        ", ",
                                        toy.starts().get(i).stream()
                                                .map(Numbers::brief)
                                                .toList())
                                : "",
                        name,
                        Numbers.three(t.trace()),
                        name.equals(Toy.REFERENCE) ? "–" : Numbers.two(Toy.distance(t, reference)),
                        Numbers.two(t.points().getLast().loss()));
            }
            apart = Math.max(apart, difference(of(i, Toy.GIVEN), of(i, Toy.SCALED)));
            same = Math.max(same, difference(of(i, Toy.CONDITIONED), of(i, Toy.SCALED_CONDITIONED)));
        }
        int closer = 0;
        for (int i = 0; i < toy.starts().size(); i++) {
            closer += Toy.distance(of(i, Toy.CONDITIONED), of(i, Toy.REFERENCE))
                            < Toy.distance(of(i, Toy.GIVEN), of(i, Toy.REFERENCE))
                    ? 1
                    : 0;
        }
        return """
                ## The one-unit toy, seen in path space

                f(x) = u·relu(vx + w) learns y = relu(x) from %d normal x by gradient descent on the whole sample, %d steps at the rate %s on half
                the mean squared error (5e-3 on the mean squared error). Its path lifting is Φ = (uv, uw), the goal (1, 0). Each start is
                also *scaled*: (λv, λw, u/λ) with λ = %s, the same function. The reference is gradient descent on the loss as a function of
                Φ, at the same rate. The distance between two curves is the largest from a point of one to the nearest of the reference.

                """.formatted(toy.samples(), toy.steps(), Numbers.brief(toy.rate()), Numbers.brief(toy.scale()))
                + table
                + """
                ![Trajectories in path space](toy-paths.png)

                ![Training losses](toy-losses.png)

                - Two representatives of one function: losses at the same step differ by up to %s without PathCond, by up to %s after it.
                - After PathCond the curve in path space is closer to the reference than that from the start as given for %d of %d starts.

                """.formatted(
                                Numbers.two(apart),
                                Numbers.two(same),
                                closer,
                                toy.starts().size());
    }

    /** The largest difference of losses at the same step. */
    static double difference(Trajectory a, Trajectory b) {
        double most = 0;
        for (int k = 0; k < a.points().size(); k++) {
            most = Math.max(
                    most, Math.abs(a.points().get(k).loss() - b.points().get(k).loss()));
        }
        return most;
    }

    /** Adds its two pictures. */
    void draw(ResultFolder folder) throws IOException {
        Figure paths = new Figure("Trajectories in path space, from all starts", "Φ₁ = uv", "Φ₂ = uw");
        Figure losses = new Figure(
                        "Training losses from the first start", "step, counted from 1", "half the mean squared error")
                .logarithmic(true, true);
        for (int n = 0; n < NAMES.size() - 1; n++) {
            for (int i = 0; i < toy.starts().size(); i++) {
                List<Point> points = of(i, NAMES.get(n)).points();
                List<Double> x = points.stream().map(Point::first).toList();
                List<Double> y = points.stream().map(Point::second).toList();
                paths.line(i == 0 ? label(n) : "", n, x, y, false);
            }
            List<Point> points = of(0, NAMES.get(n)).points().stream()
                    .filter(p -> p.loss() > ROUNDING)
                    .toList();
            losses.line(
                    label(n),
                    n,
                    points.stream().map(p -> p.step() + 1.0).toList(),
                    points.stream().map(Point::loss).toList(),
                    false);
        }
        folder.add("toy-paths.png", paths.png()).add("toy-losses.png", losses.png());
    }

    /** Both representatives are one after path conditioning. */
    private static String label(int number) {
        return NAMES.get(number).equals(Toy.CONDITIONED) ? "PathCond" : NAMES.get(number);
    }
}
