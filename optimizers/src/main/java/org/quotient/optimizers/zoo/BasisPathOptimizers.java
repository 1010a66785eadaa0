package org.quotient.optimizers.zoo;

import static org.quotient.optimizers.zoo.OptimizerKind.settings;

import java.util.List;
import java.util.OptionalDouble;
import org.quotient.geometry.basis.GSpace;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.gspace.GSgd;
import org.quotient.optimizers.gspace.PathValues;
import org.quotient.optimizers.gspace.SkeletonRule;

/** G-SGD and EC-SGD in the list. */
final class BasisPathOptimizers {
    private BasisPathOptimizers() {}

    static List<OptimizerKind> kinds() {
        return List.of(
                new OptimizerKind(
                        "g-sgd",
                        "v ← v − η ∂L/∂v on values of basis paths, then weight allocation",
                        "Meng et al., ICLR 2019; on any graph of units, with a guard",
                        settings(
                                "skeleton=score",
                                "units=auto",
                                "gauge=out",
                                "guard=0.1",
                                "direction=sgd",
                                "mu=0",
                                "beta1=0.9",
                                "beta2=0.999",
                                "epsilon=1e-8",
                                "decay=0",
                                "capacity=0",
                                "init=keep",
                                "rechoose=0"),
                        0.03,
                        s -> make("g-sgd", s)),
                new OptimizerKind(
                        "ec-sgd",
                        "as g-sgd by the published index rule, with skeleton weights that start at 1",
                        "Meng et al. 2018, arXiv 1802.03713; only abstracts are at hand, this is the released code's update",
                        settings(
                                "skeleton=index",
                                "units=plain",
                                "gauge=out",
                                "guard=0.1",
                                "direction=sgd",
                                "mu=0",
                                "beta1=0.9",
                                "beta2=0.999",
                                "epsilon=1e-8",
                                "decay=0",
                                "capacity=0",
                                "init=unit",
                                "rechoose=0"),
                        0.03,
                        s -> make("ec-sgd", s)));
    }

    private static Update make(String name, OptimizerSettings s) {
        double guard = s.number("guard", 0, 0.999);
        boolean byScore = s.choice("skeleton", "score", "index").equals("score");
        String units = s.choice("units", "auto", "frame", "plain");
        PathValues values = new PathValues(
                byScore ? SkeletonRule.SCORE : SkeletonRule.INDEX,
                units.equals("frame") || units.equals("auto") && byScore,
                s.choice("gauge", "out", "in").equals("out") ? GSpace.Gauge.OUT : GSpace.Gauge.IN,
                guard == 0 ? OptionalDouble.empty() : OptionalDouble.of(guard),
                s.number("decay", 0, 1e6),
                s.number("capacity", 0, 1e6));
        if (s.choice("direction", "sgd", "adam").equals("adam")) {
            s.idle("direction=adam", "mu");
        } else {
            s.idle("direction=sgd", "beta1", "beta2", "epsilon");
        }
        Direction direction =
                s.choice("direction", "sgd", "adam").equals("adam") ? Optimizers.adam(s) : Optimizers.momentum(s);
        String init = s.choice("init", "keep", "ones", "unit");
        Update update = new GSgd(name, values, direction, !init.equals("keep"), s.whole("rechoose", 0));
        return init.equals("unit") ? new FromUnitNorms(update) : update;
    }
}
