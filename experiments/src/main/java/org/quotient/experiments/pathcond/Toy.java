package org.quotient.experiments.pathcond;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * One unit, f(x) = u·relu(vx + w), learns y = relu(x) by gradient descent on the whole sample: its path lifting Φ = (uv, uw) is a point
 * of the plane, and trajectories can be seen there (Lebeurrier, Vayer and Gribonval 2026, figure 1, as in the history of their code).
 *
 * <p>The reference is gradient descent on the loss as a function of Φ, which for u &gt; 0 is that of relu(Φ₁x + Φ₂).
 *
 * @param samples of x, normal
 * @param rate of gradient descent on half the mean squared error
 * @param steps of it
 * @param every a point is kept every so many steps, from the start
 * @param starts (v, w, u), u positive
 * @param scale by which the second representative is scaled: (λv, λw, u/λ)
 */
public record Toy(int samples, double rate, int steps, int every, List<List<Double>> starts, double scale) {
    /** Copies the lists. */
    public Toy {
        starts = starts.stream().map(List::copyOf).toList();
        if (!(scale > 0) || starts.stream().anyMatch(s -> s.size() != 3 || !(s.get(2) > 0))) {
            throw new IllegalArgumentException(
                    "Starts are (v, w, u) with u > 0, and the scale is positive; given " + starts + " and " + scale);
        }
    }

    /**
     * A point of a trajectory.
     *
     * @param step from 0
     * @param first Φ₁ = uv
     * @param second Φ₂ = uw
     * @param loss half the mean squared error
     */
    public record Point(int step, double first, double second, double loss) {}

    /**
     * Where gradient descent went.
     *
     * @param start number of the start
     * @param name of the representative, or {@link #REFERENCE}
     * @param points in order
     * @param trace the trace of the path kernel at the start, |∂Φ|²: the speed of Φ for a gradient of length 1, at most
     */
    public record Trajectory(int start, String name, List<Point> points, double trace) {
        /** Copies the list. */
        public Trajectory {
            points = List.copyOf(points);
        }

        /** The first points, and of the others those whose number is about a tenth larger than the last: what a logarithmic axis shows. */
        public Trajectory thinned() {
            List<Point> some = new ArrayList<>();
            for (int k = 0, next = 0; k < points.size(); k++) {
                if (k == next || k == points.size() - 1) {
                    some.add(points.get(k));
                    next = k + 1 + k / 10;
                }
            }
            return new Trajectory(start, name, some, trace);
        }
    }

    /** Gradient descent on the loss as a function of Φ. */
    public static final String REFERENCE = "gradient descent on Φ";

    /** The representatives that training begins at, each with its optimizer. */
    public static final String GIVEN = "as given";

    /** See {@link #GIVEN}. */
    public static final String SCALED = "scaled";

    /** See {@link #GIVEN}. */
    public static final String CONDITIONED = "as given, PathCond";

    /** See {@link #GIVEN}. */
    public static final String SCALED_CONDITIONED = "scaled, PathCond";

    /** All trajectories: five for each start. */
    public List<Trajectory> run() {
        List<Trajectory> all = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            double v = starts.get(i).get(0);
            double w = starts.get(i).get(1);
            double u = starts.get(i).get(2);
            Update sgd = Optimizers.of("sgd");
            Update conditioned = Optimizers.of("pathcond+sgd");
            all.add(trajectory(i, REFERENCE, sgd, u * v, u * w));
            all.add(trajectory(i, GIVEN, sgd, v, w, u));
            all.add(trajectory(i, SCALED, sgd, scale * v, scale * w, u / scale));
            all.add(trajectory(i, CONDITIONED, conditioned, v, w, u));
            all.add(trajectory(i, SCALED_CONDITIONED, conditioned, scale * v, scale * w, u / scale));
        }
        return all;
    }

    /** u·relu(vx + w) for three weights; relu(vx + w) for two. */
    static Network unit(boolean outer) {
        NetworkBuilder net = NetworkBuilder.named("one unit");
        Flow x = net.input("x", 1).dense("in", 1, true).relu();
        return net.build(outer ? x.dense("out", 1, false) : x).network();
    }

    private Trajectory trajectory(int start, String name, Update update, double... theta) {
        Problem problem = Problem.of(unit(theta.length == 3), Loss.halfSquaredError());
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("in.weight", Tensor.of(Shape.of(1, 1), DType.F64, theta[0]));
        weights.put("in.bias", Tensor.of(Shape.of(1), DType.F64, theta[1]));
        if (theta.length == 3) {
            weights.put("out.weight", Tensor.of(Shape.of(1, 1), DType.F64, theta[2]));
        }
        Training training = Training.of(problem, update);
        Batch batch = batch();
        List<Point> points = new ArrayList<>();
        try (Run run = training.open(training.start(Weights.of(weights)))) {
            double trace = trace(run.weights());
            for (int k = 0; k < steps; k++) {
                if (k % every == 0) {
                    Weights now = run.weights();
                    points.add(point(k, now, run.step(batch, rate)));
                } else {
                    run.step(batch, rate);
                }
            }
            return new Trajectory(start, name, points, trace);
        }
    }

    private static double outer(Weights at) {
        return at.names().contains("out.weight") ? at.get("out.weight").item() : 1;
    }

    private static Point point(int step, Weights at, double loss) {
        double u = outer(at);
        return new Point(
                step, u * at.get("in.weight").item(), u * at.get("in.bias").item(), loss);
    }

    /** Σ over paths and parameters of (∂Φ)²: 2u² + v² + w², and 2 for the reference, whose parameters are Φ. */
    private static double trace(Weights at) {
        double u = outer(at);
        double v = at.get("in.weight").item();
        double w = at.get("in.bias").item();
        return 2 * u * u + (at.names().contains("out.weight") ? v * v + w * w : 0);
    }

    private Batch batch() {
        CounterRandom random = CounterRandom.seeded(0).split("toy");
        double[] x = new double[samples];
        double[] y = new double[samples];
        for (int i = 0; i < samples; i++) {
            x[i] = random.normal(i);
            y[i] = Math.max(0, x[i]);
        }
        Shape shape = Shape.of(samples, 1);
        return Batch.of(Tensor.of(shape, DType.F64, x), Tensor.of(shape, DType.F64, y));
    }

    /**
     * How far a trajectory is from another as a curve: the largest distance of its points to the nearest of the other's segments.
     * Both begin at one point and may differ in speed.
     */
    public static double distance(Trajectory of, Trajectory to) {
        double most = 0;
        for (Point p : of.points()) {
            double least = Double.POSITIVE_INFINITY;
            for (int k = 1; k < to.points().size(); k++) {
                least = Math.min(
                        least, toSegment(p, to.points().get(k - 1), to.points().get(k)));
            }
            most = Math.max(most, least);
        }
        return most;
    }

    private static double toSegment(Point p, Point a, Point b) {
        double dx = b.first - a.first;
        double dy = b.second - a.second;
        double length = dx * dx + dy * dy;
        double t = length == 0 ? 0 : Math.clamp(((p.first - a.first) * dx + (p.second - a.second) * dy) / length, 0, 1);
        return Math.hypot(p.first - a.first - t * dx, p.second - a.second - t * dy);
    }
}
