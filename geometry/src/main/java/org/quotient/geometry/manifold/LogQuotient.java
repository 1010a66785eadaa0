package org.quotient.geometry.manifold;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;

/**
 * The quotient for the logarithmic metric Σ dθ_e²/θ_e², in closed form. In y = log|θ| the metric is flat and the group acts by
 * translations y + Bz; so geodesics are θ∘exp(tξ/θ), and the distance of two classes is ‖(I − BK⁻¹Bᵀ) log|θ'/θ|‖₂ with K = BᵀB.
 *
 * <p>{@link #of} takes logarithms of the entries that the group moves; the others (a slope of PReLU, a weight between two
 * pinned units) keep their size in every representative, and stay Euclidean. {@link #onAllEntries} takes logarithms of all
 * entries. Both are invariant.
 *
 * <p>Signs never change and zeros stay zero: two points are at a finite distance only if both agree on the live entries with
 * logarithms. Zeros are left out of K. Dead and idle entries have no length; geodesics keep those of the point that they start
 * from, as they do with buffers.
 */
public final class LogQuotient implements InvariantMetric {
    private final RescalingMatrix matrix;
    private final BitSet live;

    /** Entries with logarithms; the others are Euclidean. */
    private final BitSet logarithmic;

    private volatile @Nullable Gram last;

    /** K for one pattern of zeros. */
    private record Gram(BitSet entries, GramSolver solver) {}

    private LogQuotient(RescalingMatrix matrix, BitSet logarithmic) {
        this.matrix = matrix;
        this.live = matrix.group().liveness().live();
        this.logarithmic = logarithmic;
    }

    /** The metric with logarithms of the entries that the group moves, Euclidean on the others. */
    public static LogQuotient of(RescalingGroup group) {
        RescalingMatrix matrix = RescalingMatrix.of(group);
        return new LogQuotient(matrix, matrix.moved());
    }

    /** The metric with logarithms of all entries. */
    public static LogQuotient onAllEntries(RescalingGroup group) {
        BitSet all = new BitSet();
        all.set(0, Math.toIntExact(group.network().parameterCount()));
        return new LogQuotient(RescalingMatrix.of(group), all);
    }

    /** The quotient with this metric, for tangent spaces and transport. */
    public QuotientManifold manifold() {
        return new QuotientManifold(matrix, this);
    }

    @Override
    public Map<String, Tensor> units(Weights theta) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        matrix.parts().forEach((name, part) -> {
            Tensor x = theta.get(name);
            double[] units = new double[x.size()];
            for (int i = 0; i < units.length; i++) {
                units[i] = logarithmic.get(part.offset() + i) ? Math.abs(x.get(i)) : 1;
            }
            out.put(name, Tensor.of(part.shape(), units));
        });
        return out;
    }

    /** Why no geodesic joins the classes of two points, if none does. */
    public Optional<String> obstacle(Weights from, Weights to) {
        for (Map.Entry<String, RescalingMatrix.Part> entry : matrix.parts().entrySet()) {
            Tensor x = from.get(entry.getKey());
            Tensor y = to.get(entry.getKey());
            int offset = entry.getValue().offset();
            for (int i = 0; i < x.size(); i++) {
                if (isLog(offset + i) && Math.signum(x.get(i)) != Math.signum(y.get(i))) {
                    return Optional.of((x.get(i) == 0 || y.get(i) == 0 ? "the zero patterns" : "the signs")
                            + " differ at " + matrix.place(offset + i) + ": " + x.get(i) + " and " + y.get(i));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a logarithm of this element counts. */
    private boolean isLog(int element) {
        return logarithmic.get(element) && live.get(element);
    }

    /** The shortest displacement in the coordinates log|θ| (θ where Euclidean), and what a rescaling takes off. */
    private record Difference(Map<String, Tensor> horizontal, double[] scales) {}

    private Difference difference(Weights from, Weights to) {
        Map<String, Tensor> logs = new LinkedHashMap<>();
        Map<String, Tensor> ones = new LinkedHashMap<>();
        BitSet entries = new BitSet();
        matrix.parts().forEach((name, part) -> {
            Tensor x = from.get(name);
            Tensor y = to.get(name);
            double[] r = new double[x.size()];
            double[] one = new double[r.length];
            for (int i = 0; i < r.length; i++) {
                if (isLog(part.offset() + i) && x.get(i) != 0) {
                    r[i] = logRatio(x.get(i), y.get(i));
                    one[i] = 1;
                    entries.set(part.offset() + i);
                }
            }
            logs.put(name, Tensor.of(part.shape(), r));
            ones.put(name, Tensor.of(part.shape(), one));
        });
        GramSolver solver = solver(entries, ones);
        double[] t = solver.solve(matrix.bilinear(logs, ones));
        subtract(logs, t, entries);
        // A second projection removes what rounding left of the first.
        double[] more = solver.solve(matrix.bilinear(logs, ones));
        subtract(logs, more, entries);
        for (int k = 0; k < t.length; k++) {
            t[k] += more[k];
        }
        matrix.parts().forEach((name, part) -> {
            double[] r = matrix.of(logs, name).data();
            for (int i = 0; i < r.length; i++) {
                if (live.get(part.offset() + i) && !logarithmic.get(part.offset() + i)) {
                    r[i] = to.get(name).get(i) - from.get(name).get(i);
                }
            }
        });
        return new Difference(logs, t);
    }

    /** log|y/x| of two numbers of one sign; for close ones as accurate as their difference. */
    private static double logRatio(double x, double y) {
        double ratio = y / x;
        if (ratio > 0.5 && ratio < 2) {
            return Math.log1p((y - x) / x);
        }
        return ratio > 0x1p-1000 && ratio < 0x1p1000 ? Math.log(ratio) : Math.log(Math.abs(y)) - Math.log(Math.abs(x));
    }

    private void subtract(Map<String, Tensor> logs, double[] t, BitSet entries) {
        matrix.parts().forEach((name, part) -> {
            double[] r = matrix.of(logs, name).data();
            double[] bt = matrix.times(part, t);
            for (int i = 0; i < r.length; i++) {
                r[i] -= entries.get(part.offset() + i) ? bt[i] : 0;
            }
        });
    }

    /** K without the entries that are zero; the last one is kept, since the zeros seldom change. */
    private GramSolver solver(BitSet entries, Map<String, Tensor> ones) {
        Gram known = last;
        if (known == null || !known.entries().equals(entries)) {
            known = new Gram(entries, new GramSolver(matrix.gram(ones)));
            last = known;
        }
        return known.solver();
    }

    /**
     * The distance of two classes, +∞ if there is an {@link #obstacle}. It is 0, up to rounding, exactly if the live parameters
     * lie on one orbit.
     */
    public double distance(Weights from, Weights to) {
        if (obstacle(from, to).isPresent()) {
            return Double.POSITIVE_INFINITY;
        }
        CompensatedSums sum = new CompensatedSums(1);
        for (Tensor r : difference(from, to).horizontal().values()) {
            for (double v : r.data()) {
                sum.addProduct(0, v, v);
            }
        }
        return Math.sqrt(sum.values()[0]);
    }

    /**
     * The logarithm: the horizontal vector at θ with which the geodesic of the quotient starts that reaches the class of θ' at
     * time 1.
     *
     * @throws IllegalArgumentException if there is an {@link #obstacle}
     */
    public Map<String, Tensor> logarithm(Weights from, Weights to) {
        require(from, to);
        Map<String, Tensor> out = difference(from, to).horizontal();
        matrix.parts().forEach((name, part) -> {
            double[] r = matrix.of(out, name).data();
            for (int i = 0; i < r.length; i++) {
                r[i] *= logarithmic.get(part.offset() + i) ? from.get(name).get(i) : 1;
            }
        });
        return out;
    }

    private void require(Weights from, Weights to) {
        obstacle(from, to).ifPresent(reason -> {
            throw new IllegalArgumentException(
                    "No geodesic of the logarithmic metric joins the two classes, whose distance is" + " infinite: "
                            + reason + "; it keeps signs and zeros (a metric of a frame does not)");
        });
    }

    /**
     * The rescaling that brings θ' as close to θ as possible: the end point of the horizontal geodesic from θ is the
     * representative of the class of θ' that it gives.
     *
     * @throws IllegalArgumentException if there is an {@link #obstacle}
     */
    public Rescaling alignment(Weights from, Weights to) {
        require(from, to);
        return Rescaling.of(matrix.group(), difference(from, to).scales()).inverse();
    }

    /**
     * The exponential map: θ∘exp(ξ/θ), and θ + ξ where Euclidean or without length.
     *
     * @param theta θ; buffers are kept
     * @param xi a tangent vector; its components at zeros are not looked at
     */
    public Weights exponential(Weights theta, Map<String, Tensor> xi) {
        return geodesic(theta, xi, 1);
    }

    /** The point of the geodesic from θ with velocity ξ at time t: θ∘exp(tξ/θ), and θ + tξ where Euclidean or without length. */
    public Weights geodesic(Weights theta, Map<String, Tensor> xi, double t) {
        Map<String, Tensor> out = new LinkedHashMap<>(theta.asMap());
        matrix.parts().forEach((name, part) -> {
            Tensor x = theta.get(name);
            Tensor v = matrix.of(xi, name);
            double[] moved = new double[x.size()];
            for (int i = 0; i < moved.length; i++) {
                double a = x.get(i);
                moved[i] = !isLog(part.offset() + i) ? a + t * v.get(i) : a == 0 ? a : a * Math.exp(t * (v.get(i) / a));
            }
            out.put(name, Tensor.of(x.shape(), x.dtype(), moved));
        });
        return Weights.of(out);
    }

    /**
     * A point on the shortest path between the classes of θ and θ', represented by its horizontal lift through θ.
     *
     * @param t 0 gives θ, 1 a representative of the class of θ'
     * @throws IllegalArgumentException if there is an {@link #obstacle}
     */
    public Weights between(Weights from, Weights to, double t) {
        return geodesic(from, logarithm(from, to), t);
    }
}
