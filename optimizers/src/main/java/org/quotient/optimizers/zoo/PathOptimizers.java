package org.quotient.optimizers.zoo;

import static org.quotient.optimizers.zoo.OptimizerKind.settings;

import java.util.List;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.paths.DdpMetric;
import org.quotient.optimizers.paths.NaturalMetric;

/** The optimizers whose metric is made of paths or of the function itself. */
final class PathOptimizers {
    private PathOptimizers() {}

    static List<OptimizerKind> all() {
        return List.of(
                new OptimizerKind(
                        "path-sgd",
                        "θ ← θ − η g/κ, κ_e = (Σ_{p∋e} Π_{e′≠e} |w|^p)^(2/p) (with momentum of g/κ if μ > 0)",
                        "Neyshabur, Salakhutdinov and Srebro 2015; under reuse Neyshabur et al. 2016",
                        settings("p=2", "kappa=first", "mu=0"),
                        0.1,
                        s -> PathSgd.of(
                                s.number("p", 1, 1e6),
                                s.choice("kappa", "first", "exact").equals("exact"),
                                Optimizers.momentum(s))),
                new OptimizerKind(
                        "ddp-sgd",
                        "θ ← θ − η g/κ, κ half the second derivative of Σ γ², γ_v² = αE[z_v²] + (1−α)Σ w²γ_u²",
                        "Neyshabur, Tomioka, Salakhutdinov and Srebro 2016",
                        settings("alpha=0.5", "estimate=true", "draws=1", "seed=0", "mu=0"),
                        0.1,
                        PathOptimizers::ddp),
                new OptimizerKind(
                        "natural",
                        "θ ← θ − η E(EJᵀHJE + λ)⁻¹E g, with the covariant frame E (λ = 0: pseudo-inverse); small networks",
                        "Amari 1998; specification of this project for its invariance",
                        settings("damping=1", "tolerance=1e-9", "mu=0"),
                        0.1,
                        PathOptimizers::natural));
    }

    private static Update ddp(OptimizerSettings s) {
        if (!s.flag("estimate")) {
            s.idle("estimate=false", "draws", "seed");
        }
        return DdpSgd.of(
                new DdpMetric(
                        s.number("alpha", 0, 1), s.flag("estimate") ? s.whole("draws", 1) : 0, s.whole("seed", 0)),
                Optimizers.momentum(s));
    }

    private static Update natural(OptimizerSettings s) {
        return NaturalGradient.of(
                new NaturalMetric(s.number("damping", 0, 1e12), s.number("tolerance", 0, 0.5), true),
                Optimizers.momentum(s));
    }
}
