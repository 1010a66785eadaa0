package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.lifting.Path;
import org.quotient.geometry.lifting.PathActivations;
import org.quotient.geometry.lifting.Paths;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Data;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/**
 * A critical point of the loss in the weights that is none in the path values needs a drop of rank ∂Φ, and that drops only where
 * all that enters, or all that leaves, some unit is zero.
 */
final class SpuriousPointsTheorem {
    private SpuriousPointsTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "spurious-critical-points",
                new Claim<>(
                        "weight space has critical points that path space has not only where all weights into, or all"
                                + " weights out of, some unit are zero: elsewhere rank ∂Φ = live − generators",
                        SpuriousPointsTheorem::check),
                "\\operatorname{rank} \\partial\\Phi(\\theta) < m - H \\implies \\exists v:\\ \\theta_{\\mathrm{in}(v)} = 0"
                        + " \\text{ or } \\theta_{\\mathrm{out}(v)} = 0",
                "derived; the claim of many spurious critical points is Meng et al., arXiv 1802.03713",
                JacobianRankTheorem.hypotheses(),
                NetworkInstances.of(
                        Networks.of(Family.MLP).upTo(2).withSamples(1).withZeros(),
                        150,
                        NetworkInstance.of(
                                        Sketch.of(
                                                1,
                                                new Layer.Dense(1, false),
                                                new Layer.Activation(0.5),
                                                new Layer.Dense(1, false)),
                                        0,
                                        0)
                                .with(new Data(List.of(Tensor.of(Shape.of(1, 1), 2)), Tensor.of(Shape.of(1, 1), 3)))),
                Verdict.PROVED,
                new Claim<>(
                        "where the gradient in the weights vanishes, so does the gradient in the path values",
                        SpuriousPointsTheorem::critical));
    }

    private static Finding check(NetworkInstance i) {
        int rank = JacobianRankTheorem.rank(i);
        long most = i.live() - i.group().rank();
        boolean dead = false;
        for (int k = 0; k < i.group().rank(); k++) {
            dead |= vanishes(i, k, 1) || vanishes(i, k, -1);
        }
        return rank == most || dead
                ? new Finding.Proved("rank ∂Φ = " + rank + " of at most " + most
                        + (dead ? "; a unit has a zero fan" : "; no unit has a zero fan"))
                : new Finding.Refuted("rank ∂Φ = " + rank + " < " + most + ", but no unit has a zero fan");
    }

    /** Whether all weights on one side of a unit are zero. */
    private static boolean vanishes(NetworkInstance i, int generator, int side) {
        int element = 0;
        for (Expr p : i.network().parameters()) {
            for (double w : i.weights().get(p).data()) {
                if (i.group().row(element++).getOrDefault(generator, 0L) == side && w != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Finding critical(NetworkInstance i) {
        if (!ExactNumbers.vanish(ExactNumbers.gradient(i))) {
            return new Finding.NotApplicable("θ is a critical point");
        }
        Tensor y = i.model().evaluate(i.data().inputs()).getFirst();
        Paths paths = Paths.of(i.model());
        PathActivations active = paths.at(i.data().inputs().toArray(Tensor[]::new));
        for (Path path : paths) {
            int output = path.end().element();
            double error = y.get(output) - i.data().target().get(output);
            double slope = error * active.of(path) * active.start(path);
            if (slope != 0) {
                return new Finding.Refuted("all ∂L/∂θ are 0 for input "
                        + Equivariance.inputs(i) + " and target "
                        + NetworkInstance.text(i.data().target()) + ", but ∂L/∂v = " + slope
                        + " for the path through " + path.edges());
            }
        }
        return new Finding.Supported("both gradients vanish");
    }
}
