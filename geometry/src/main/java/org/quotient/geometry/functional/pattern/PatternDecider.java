package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * Decides exactly which masks hold at points: doubles with error bounds where these decide, rational arithmetic where not.
 * Parameters and points are dyadic rationals (or fractions), so every sign has a definite answer.
 *
 * <p>A point is rejected if the network is not one polynomial of its parameters around θ there: if an argument is 0, or a
 * maximum is attained twice, unless this is so for all parameters nearby. For then both choices give the same polynomial: all that
 * is summed is switched off or multiplied by zero coordinates (blank patches of an image under a convolution without bias), or
 * the values that tie are the same function (blank patches under one with bias). That two values are the same function is decided
 * by {@link Fingerprints}.
 */
public final class PatternDecider {
    /** Numbers of the largest chunk of points that is worked on at a time. */
    private static final int CHUNK = 1 << 22;

    /** A number, its error bound, and whether it is 0 at all parameters nearby. */
    private static final int BALL_BYTES = 3 * Double.BYTES;

    /** A fraction of two big integers, as exact arithmetic makes them from doubles. */
    private static final int FRACTION_BYTES = 200;

    private final MaskedNetwork masked;
    private final Map<String, Tensor> parameters;
    private final Fingerprints fingerprints;

    /**
     * A decider for a network at a point θ.
     *
     * @param masked the network
     * @param weights θ
     * @throws IllegalArgumentException if a weight is not finite, naming it
     */
    public PatternDecider(MaskedNetwork masked, Weights weights) {
        this.masked = masked;
        this.parameters = new java.util.LinkedHashMap<>();
        this.fingerprints = new Fingerprints(masked);
        for (Expr parameter : masked.parameters()) {
            String name = Network.nameOf(parameter);
            Tensor value = weights.get(name);
            for (int i = 0; i < value.size(); i++) {
                if (!Double.isFinite(value.get(i))) {
                    throw new IllegalArgumentException(
                            "Expected finite weights; element " + i + " of '" + name + "' is " + value.get(i));
                }
            }
            parameters.put(name, value.cast(DType.F64));
        }
    }

    /** The parameters in double precision, by name. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /**
     * Decides for points.
     *
     * @param points any number
     * @return those off every kink, with their masks
     */
    public Patterns decide(Points points) {
        return decide(points, true);
    }

    /**
     * Decides only where double precision is enough, which is much faster for points near kinks; other points count as rejected.
     *
     * @param points any number
     */
    public Patterns decideQuickly(Points points) {
        return decide(points, false);
    }

    /**
     * How many bytes deciding may need at most, beside the points and masks: all values of a chunk of points with their error
     * bounds, or those of one point as fractions.
     */
    public long bytes() {
        long perSample = perSample();
        return Math.max((long) BALL_BYTES * chunk() * perSample, FRACTION_BYTES * perSample);
    }

    /** Numbers that belong to one sample, in all nodes together: values are kept as later segments may ask for them. */
    private long perSample() {
        return masked.segments().stream()
                .flatMap(List::stream)
                .filter(node -> node.shape().isSymbolic())
                .mapToLong(node -> node.shape().bind(1).elements())
                .sum();
    }

    private int chunk() {
        return (int) Math.max(1, CHUNK / Math.max(1, perSample()));
    }

    private Patterns decide(Points points, boolean exactly) {
        int chunk = chunk();
        List<Patterns> parts = new ArrayList<>();
        for (int from = 0; from < points.count() || parts.isEmpty(); from += chunk) {
            int to = Math.min(points.count(), from + chunk);
            parts.add(decideTogether(points.range(from, to), from, exactly));
        }
        return parts.size() == 1 ? parts.get(0) : join(points, parts);
    }

    private Patterns join(Points points, List<Patterns> parts) {
        int kept = parts.stream().mapToInt(Patterns::count).sum();
        int[] indices = new int[kept];
        int at = 0;
        for (Patterns part : parts) {
            System.arraycopy(part.indices(), 0, indices, at, part.count());
            at += part.count();
        }
        return new Patterns(
                points.select(indices),
                Patterns.masks(parts),
                masked.kinks(),
                indices,
                parts.stream().mapToInt(Patterns::rejected).sum(),
                parts.stream().mapToInt(Patterns::exactly).sum());
    }

    private Patterns decideTogether(Points points, int first, boolean fractions) {
        int n = points.count();
        boolean[] undecided = new boolean[n];
        List<Tensor> masks = byBalls(points, undecided);
        boolean[] rejected = new boolean[n];
        int exactly = 0;
        for (int i = 0; i < n; i++) {
            if (undecided[i] && !fractions) {
                rejected[i] = true;
            } else if (undecided[i]) {
                exactly++;
                Optional<List<double[]>> exact = byFractions(points.range(i, i + 1));
                rejected[i] = exact.isEmpty();
                int point = i;
                exact.ifPresent(values -> put(values, masks, point));
            }
        }
        int kept = 0;
        int[] which = new int[n];
        for (int i = 0; i < n; i++) {
            if (!rejected[i]) {
                which[kept++] = i;
            }
        }
        int[] chosen = java.util.Arrays.copyOf(which, kept);
        List<Tensor> rows = new ArrayList<>();
        for (int k = 0; k < masks.size(); k++) {
            rows.add(Patterns.rows(masks.get(k), masked.kinks().get(k).perSample(), chosen));
        }
        int[] indices = java.util.Arrays.stream(chosen).map(i -> first + i).toArray();
        return new Patterns(points.select(chosen), List.copyOf(rows), masked.kinks(), indices, n - kept, exactly);
    }

    private void put(List<double[]> values, List<Tensor> masks, int point) {
        for (int k = 0; k < masks.size(); k++) {
            double[] row = values.get(k);
            int offset = masked.kinks().get(k).perSample() ? point * row.length : 0;
            System.arraycopy(row, 0, masks.get(k).data(), offset, row.length);
        }
    }

    private List<Tensor> byBalls(Points points, boolean[] undecided) {
        int n = points.count();
        IdentityHashMap<Expr, Ball> values = new IdentityHashMap<>();
        for (int i = 0; i < masked.inputs().size(); i++) {
            Tensor x = points.doubles().get(i);
            values.put(masked.inputs().get(i), points.dyadic() ? Ball.constant(x) : Ball.rounded(x));
        }
        for (Expr parameter : masked.parameters()) {
            values.put(parameter, Ball.parameter(known(Network.nameOf(parameter))));
        }
        List<Tensor> masks = new ArrayList<>();
        for (int k = 0; k < masked.kinks().size(); k++) {
            for (Expr node : masked.segments().get(k)) {
                if (!(node.op() instanceof Op.Variable)) {
                    List<Ball> operands =
                            node.operands().stream().map(o -> get(values, o)).toList();
                    values.put(node, BallArithmetic.apply(node, operands, n));
                }
            }
            Kink kink = masked.kinks().get(k);
            BallDecision decision = BallDecision.of(kink, get(values, kink.argument()), n);
            if (!decision.doubts().isEmpty()) {
                mark(k, points, masks, decision.doubts(), undecided);
            }
            values.put(kink.mask(), Ball.constant(decision.mask()));
            masks.add(decision.mask());
        }
        return masks;
    }

    /** Marks the samples with a doubt that fingerprints do not remove. */
    private void mark(int k, Points points, List<Tensor> masks, List<Doubt> doubts, boolean[] undecided) {
        if (!masked.kinks().get(k).perSample()) {
            java.util.Arrays.fill(undecided, true);
            return;
        }
        int[] which = doubts.stream()
                .mapToInt(Doubt::sample)
                .distinct()
                .filter(i -> !undecided[i])
                .toArray();
        if (which.length == 0) {
            return;
        }
        int[] place = new int[points.count()];
        java.util.Arrays.fill(place, -1);
        for (int i = 0; i < which.length; i++) {
            place[which[i]] = i;
        }
        List<Tensor> before = new ArrayList<>();
        for (int j = 0; j < k; j++) {
            before.add(Patterns.rows(masks.get(j), masked.kinks().get(j).perSample(), which));
        }
        List<Doubt> asked = doubts.stream()
                .filter(d -> place[d.sample()] >= 0)
                .map(d -> new Doubt(place[d.sample()], d.element(), d.other()))
                .toList();
        boolean[] harmless = fingerprints.harmless(k, points.select(which), before, asked);
        for (int i = 0; i < harmless.length; i++) {
            undecided[which[asked.get(i).sample()]] |= !harmless[i];
        }
    }

    private Tensor known(String name) {
        Tensor value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("No value for '" + name + "'");
        }
        return value;
    }

    private static <T> T get(Map<Expr, T> values, Expr node) {
        T value = values.get(node);
        if (value == null) {
            throw new IllegalStateException("No value for " + node.describe());
        }
        return value;
    }

    /** The masks at one point, or nothing if it lies on a kink. */
    private Optional<List<double[]>> byFractions(Points single) {
        List<BigFraction[]> point = single.exact(0);
        List<Tensor> before = new ArrayList<>();
        IdentityHashMap<Expr, ExactValues> values = new IdentityHashMap<>();
        for (int i = 0; i < point.size(); i++) {
            Expr input = masked.inputs().get(i);
            values.put(input, ExactValues.constant(input.shape().bind(1), point.get(i)));
        }
        for (Expr parameter : masked.parameters()) {
            Tensor value = known(Network.nameOf(parameter));
            values.put(parameter, ExactValues.parameter(value.shape(), value));
        }
        List<double[]> masks = new ArrayList<>();
        for (int k = 0; k < masked.kinks().size(); k++) {
            for (Expr node : masked.segments().get(k)) {
                if (!(node.op() instanceof Op.Variable)) {
                    List<ExactValues> operands =
                            node.operands().stream().map(o -> get(values, o)).toList();
                    values.put(node, ExactArithmetic.apply(node, operands));
                }
            }
            Kink kink = masked.kinks().get(k);
            ExactDecision decision = ExactDecision.of(kink, get(values, kink.argument()));
            if (!decision.ties().isEmpty()) {
                for (boolean harmless : fingerprints.harmless(k, single, before, decision.ties())) {
                    if (!harmless) {
                        return Optional.empty();
                    }
                }
            }
            Tensor mask = Tensor.of(kink.mask().shape().bind(1), decision.mask());
            values.put(kink.mask(), ExactValues.constant(mask.shape(), mask));
            before.add(mask);
            masks.add(decision.mask());
        }
        return Optional.of(masks);
    }
}
