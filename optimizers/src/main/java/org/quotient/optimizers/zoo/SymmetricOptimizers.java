package org.quotient.optimizers.zoo;

import static org.quotient.optimizers.zoo.OptimizerKind.settings;

import java.util.List;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;

/** Updates by symmetric metrics, by constraints on norms, and by balancing: their names and settings. */
final class SymmetricOptimizers {
    private SymmetricOptimizers() {}

    static List<OptimizerKind> list() {
        return List.of(sm(), tensorwise(), un(), pbwn(), weightNorm(), enorm());
    }

    private static OptimizerKind sm() {
        return new OptimizerKind(
                "sm",
                "w_i ← w_i − η‖w_i‖²g_i for rows with their biases (of each parameter by itself where several enter a unit), last weights by columns (deep: θ ← θ − η(s_v/s_u)²g; rows: rows everywhere)",
                "Badrinarayanan, Mishra and Cipolla 2015",
                settings("mu=0.9", "deep=false", "rows=false"),
                0.002,
                8,
                s -> {
                    Direction direction = Optimizers.momentum(s);
                    if (s.flag("deep") && s.flag("rows")) {
                        throw new IllegalArgumentException(
                                "The settings 'deep' and 'rows' of sm are two different metrics; give one of them");
                    }
                    return s.flag("deep")
                            ? SymmetricMetric.deep(direction)
                            : s.flag("rows") ? SymmetricMetric.rows(direction) : SymmetricMetric.published(direction);
                });
    }

    private static OptimizerKind tensorwise() {
        return new OptimizerKind(
                "tensorwise",
                "W_l ← W_l − η‖W_l‖_F²g (biases=own: b ← b − η‖b‖²g, else plainly)",
                "Rangamani et al. 2019",
                settings("mu=0", "biases=plain"),
                0.002,
                16,
                s -> TensorwiseMetric.of(s.choice("biases", "plain", "own").equals("own"), Optimizers.momentum(s)));
    }

    private static OptimizerKind un() {
        return new OptimizerKind(
                "un",
                "w ← (w − ηξ)/‖w − ηξ‖, ξ = g − (g·w)w, per class of units; biases and others θ ← θ − ηg (with momentum before ξ if μ > 0)",
                "Badrinarayanan, Mishra and Cipolla 2015",
                settings("mu=0"),
                0.1,
                s -> new UnitNormDescent(Optimizers.momentum(s)));
    }

    private static OptimizerKind pbwn() {
        return new OptimizerKind(
                "pbwn",
                "θ ← θ − ηg, every T steps w ← w/‖w‖ per row (start=slice: from the representative of unit norms)",
                "Huang, Liu, Lang and Li 2017",
                settings("every=1", "start=slice"),
                0.1,
                s -> new ProjectionBasedWeightNormalisation(
                        s.whole("every", 1), s.choice("start", "slice", "none").equals("slice")));
    }

    private static OptimizerKind weightNorm() {
        return new OptimizerKind(
                "weight-norm",
                "gradient descent in g and v, w = g·v/‖v‖ per row",
                "Salimans and Kingma 2016",
                settings("direction=weights"),
                0.1,
                s -> new WeightNormalisation(
                        s.choice("direction", "weights", "unit").equals("unit")));
    }

    private static OptimizerKind enorm() {
        return new OptimizerKind(
                "enorm-sgd",
                "w_in ← d·w_in, w_out ← w_out/d with d = √(‖w_out‖/(c‖w_in‖)) for each unit in turn, biases in w_in, then θ ← θ − ηg",
                "Stock, Graham, Gribonval and Jégou 2019",
                settings("mu=0", "decay=0", "cycles=1", "p=2", "asymmetry=1", "start=exact"),
                0.1,
                s -> {
                    Update inner = Updates.euclidean(
                            "sgd", Direction.chain(Direction.decay(Optimizers.decay(s)), Optimizers.momentum(s)));
                    return new EqualisedDescent(
                            inner,
                            s.whole("cycles", 1),
                            s.number("p", 0.01, 100),
                            s.number("asymmetry", 1e-6, 1e6),
                            s.choice("start", "exact", "none").equals("exact"));
                });
    }
}
