package org.quotient.geometry.manifold;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;

/**
 * The quotient for the metric ‖dw‖²/‖w‖² + ‖du‖²/‖u‖² per hidden unit with incoming weights w (and bias) and outgoing weights u
 * (Badrinarayanan, Mishra and Cipolla 2015), for networks in which no two generators share an entry, such as one hidden layer. It
 * is a product over the units of R × S × S, by log‖w‖‖u‖ and the two directions:
 * distance² = ½(Δ log‖w‖‖u‖)² + ∠(w, w')² + ∠(u, u')².
 *
 * <p>A generator without outgoing entries (the scale before a normalisation) has the direction of w only. Entries that no
 * generator moves are Euclidean; dead and idle ones have no length and are kept.
 */
public final class ShallowQuotient implements InvariantMetric {
    private final UnitBlocks blocks;

    private ShallowQuotient(UnitBlocks blocks) {
        this.blocks = blocks;
    }

    /**
     * The quotient for a group.
     *
     * @throws IllegalArgumentException if an entry couples two generators, or has another power of one than 1 and −1; it
     *     names them
     */
    public static ShallowQuotient of(RescalingGroup group) {
        return new ShallowQuotient(UnitBlocks.of(group));
    }

    /** The quotient with this metric, for tangent spaces and transport. */
    public QuotientManifold manifold() {
        return new QuotientManifold(blocks.matrix(), this);
    }

    /** {@inheritDoc} Here the norm of the unit's incoming or outgoing weights that the entry is one of, and 1 for unmoved entries. */
    @Override
    public Map<String, Tensor> units(Weights theta) {
        double[] norms = blocks.norms(theta);
        Map<String, Tensor> out = new LinkedHashMap<>();
        blocks.matrix().parts().forEach((name, part) -> {
            double[] units = new double[part.shape().elements()];
            for (int i = 0; i < units.length; i++) {
                int s = blocks.sideOf(part.offset() + i);
                units[i] = s < 0 ? 1 : norms[s];
            }
            out.put(name, Tensor.of(part.shape(), units));
        });
        return out;
    }

    /**
     * ln‖w‖ − ln‖u‖ per generator, without the term of an empty side: the charges that gradient flow in this metric conserves.
     */
    public double[] logBalance(Weights theta) {
        double[] norms = blocks.norms(theta);
        double[] out = new double[norms.length / 2];
        for (int s = 0; s < norms.length; s++) {
            out[s / 2] += norms[s] > 0 ? (s % 2 == 0 ? 1 : -1) * Math.log(norms[s]) : 0;
        }
        return out;
    }

    /**
     * The log-scales t of the vertical component: ½(ξ_in·w/‖w‖² − ξ_out·u/‖u‖²), without the half where a side is empty.
     *
     * @return one number per generator
     */
    public double[] connection(Weights theta, Map<String, Tensor> xi) {
        double[] norms = blocks.norms(theta);
        double[] products = blocks.products(xi, theta.asMap());
        double[] t = new double[norms.length / 2];
        for (int k = 0; k < t.length; k++) {
            int sides = 0;
            for (int s = 2 * k; s <= 2 * k + 1; s++) {
                if (norms[s] > 0) {
                    t[k] += (s == 2 * k ? 1 : -1) * (products[s] / norms[s] / norms[s]);
                    sides++;
                }
            }
            t[k] /= Math.max(1, sides);
        }
        return t;
    }

    /** The horizontal component (ξ_in − tw, ξ_out + tu) of a tangent vector; see {@link TangentSpace#horizontal}. */
    public Map<String, Tensor> horizontal(Weights theta, Map<String, Tensor> xi) {
        Map<String, Tensor> scales = blocks.matrix().times(connection(theta, xi));
        Map<String, Tensor> out = new LinkedHashMap<>();
        scales.forEach((name, bt) -> {
            Tensor v = blocks.matrix().of(xi, name);
            Tensor x = theta.get(name);
            double[] values = new double[v.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = v.get(i) - bt.get(i) * x.get(i);
            }
            out.put(name, Tensor.of(v.shape(), values));
        });
        return out;
    }

    /**
     * Why two classes have no geodesic between them, if they have none: weights that are all zero, or a single weight whose
     * sign differs.
     */
    public Optional<String> obstacle(Weights from, Weights to) {
        double[] norms = blocks.norms(from);
        double[] others = blocks.norms(to);
        double[] angles = angles(from, to);
        for (int s = 0; s < norms.length; s++) {
            if (blocks.size(s) > 0 && (norms[s] == 0 || others[s] == 0)) {
                return Optional.of(blocks.name(s) + " are all zero at one of the points");
            }
            if (blocks.size(s) == 1 && angles[s] > 0) {
                return Optional.of(blocks.name(s) + ", a single number, have another sign at one of the points");
            }
        }
        return Optional.empty();
    }

    /** The distance of two classes; +∞ if there is an {@link #obstacle}. */
    public double distance(Weights from, Weights to) {
        if (obstacle(from, to).isPresent()) {
            return Double.POSITIVE_INFINITY;
        }
        CompensatedSums sum = new CompensatedSums(1);
        for (double angle : angles(from, to)) {
            sum.addProduct(0, angle, angle);
        }
        for (double radial : radial(from, to)) {
            sum.addProduct(0, radial, 2 * radial);
        }
        blocks.matrix().parts().forEach((name, part) -> {
            for (int i = 0; i < part.shape().elements(); i++) {
                if (isFlat(part.offset() + i)) {
                    double d = to.get(name).get(i) - from.get(name).get(i);
                    sum.addProduct(0, d, d);
                }
            }
        });
        return Math.sqrt(sum.values()[0]);
    }

    private boolean isFlat(int element) {
        return blocks.sideOf(element) < 0
                && blocks.matrix().group().liveness().live().get(element);
    }

    /** ½ Δ log‖w‖‖u‖ per generator, 0 where a side is empty. */
    private double[] radial(Weights from, Weights to) {
        double[] a = blocks.norms(from);
        double[] b = blocks.norms(to);
        double[] out = new double[a.length / 2];
        for (int k = 0; k < out.length; k++) {
            if (blocks.size(2 * k) > 0 && blocks.size(2 * k + 1) > 0) {
                double before = Math.log(a[2 * k]) + Math.log(a[2 * k + 1]);
                out[k] = (Math.log(b[2 * k]) + Math.log(b[2 * k + 1]) - before) / 2;
            }
        }
        return out;
    }

    /** The angle between the two directions of every side, 2·atan2(‖â − b̂‖, ‖â + b̂‖), accurate for small ones (Kahan). */
    private double[] angles(Weights from, Weights to) {
        double[] a = blocks.norms(from);
        double[] b = blocks.norms(to);
        CompensatedSums minus = new CompensatedSums(a.length);
        CompensatedSums plus = new CompensatedSums(a.length);
        blocks.matrix().parts().forEach((name, part) -> {
            for (int i = 0; i < part.shape().elements(); i++) {
                int s = blocks.liveSideOf(part.offset() + i);
                if (s >= 0 && a[s] > 0 && b[s] > 0) {
                    double x = from.get(name).get(i) / a[s];
                    double y = to.get(name).get(i) / b[s];
                    minus.addProduct(s, x - y, x - y);
                    plus.addProduct(s, x + y, x + y);
                }
            }
        });
        double[] difference = minus.values();
        double[] sum = plus.values();
        double[] out = new double[a.length];
        for (int s = 0; s < out.length; s++) {
            out[s] = 2 * Math.atan2(Math.sqrt(difference[s]), Math.sqrt(sum[s]));
        }
        return out;
    }

    /**
     * A point on the shortest path between the classes of θ and θ', represented by its horizontal lift through θ: log‖w‖‖u‖ goes
     * linearly, half on either side, and directions follow great circles.
     *
     * @param t 0 gives θ, 1 a representative of the class of θ'
     * @throws IllegalArgumentException if there is an {@link #obstacle}, or two directions are opposite, so that the path is not
     *     unique
     */
    public Weights between(Weights from, Weights to, double t) {
        obstacle(from, to).ifPresent(reason -> {
            throw new IllegalArgumentException(
                    "No geodesic joins the two classes, whose distance is infinite: " + reason);
        });
        double[] a = blocks.norms(from);
        double[] b = blocks.norms(to);
        double[] angles = angles(from, to);
        double[] radial = radial(from, to);
        for (int s = 0; s < angles.length; s++) {
            if (angles[s] > Math.PI - 1e-9) {
                throw new IllegalArgumentException("The two directions of " + blocks.name(s)
                        + " are opposite: shortest paths between them are not unique");
            }
        }
        Map<String, Tensor> out = new LinkedHashMap<>(from.asMap());
        blocks.matrix().parts().forEach((name, part) -> {
            Tensor x = from.get(name);
            Tensor y = to.get(name);
            double[] values = new double[x.size()];
            for (int i = 0; i < values.length; i++) {
                int element = part.offset() + i;
                int s = blocks.liveSideOf(element);
                values[i] = s >= 0
                        ? a[s] * Math.exp(t * radial[s / 2]) * onCircle(x.get(i) / a[s], y.get(i) / b[s], angles[s], t)
                        : x.get(i) + (isFlat(element) ? t * (y.get(i) - x.get(i)) : 0);
            }
            out.put(name, Tensor.of(x.shape(), x.dtype(), values));
        });
        return Weights.of(out);
    }

    /** A coordinate of the great circle from x to y (Shoemake 1985). */
    private static double onCircle(double x, double y, double angle, double t) {
        double sine = Math.sin(angle);
        return sine == 0 ? x : (Math.sin((1 - t) * angle) * x + Math.sin(t * angle) * y) / sine;
    }
}
