package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.geometry.Frame;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.zoo.SymmetricMetric;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Generator;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/** Which updates feel the representative: each is trained from θ and from gθ. */
final class UpdateTheorems {
    private static final int QUICK = 40;
    private static final double DECAY = 0.5;

    private UpdateTheorems() {}

    private static Theorem<NetworkInstance> theorem(
            String id,
            Claim<NetworkInstance> claim,
            String latex,
            String source,
            Generator<NetworkInstance> generator,
            Verdict expected,
            Claim<NetworkInstance> neighbour) {
        return new Theorem<>(
                id,
                claim,
                latex,
                source,
                List.of(),
                NetworkInstances.of(
                        generator,
                        QUICK,
                        NetworkInstance.of(Sketch.mlp(true, 2, 2, 2, 1), 1, 2, -1, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 2, 1)),
                expected,
                neighbour);
    }

    private static Claim<NetworkInstance> invariant(String statement, String... optimizers) {
        return new Claim<>(statement, i -> Equivariance.of(i, optimizers));
    }

    /** SM on one hidden layer. */
    static Theorem<NetworkInstance> smShallow() {
        return theorem(
                "sm-equivariant-shallow",
                new Claim<>(
                        "SM is equivariant for one hidden layer, with each bias in the norm of its unit's weights",
                        i -> depth(i) != 2
                                ? new Finding.NotApplicable("there is one hidden layer")
                                : Equivariance.of(i, "sm", "sm:mu=0.5")),
                "w_i \\mapsto w_i - \\eta \\|w_i\\|^2 g_i,\\ \\theta_{:j} \\mapsto \\theta_{:j} - \\eta \\|\\theta_{:j}\\|^2"
                        + " g_{:j} \\text{ commutes with } (w_i, \\theta_{:i}) \\mapsto (\\alpha_i w_i, \\theta_{:i}/\\alpha_i)",
                "Badrinarayanan, Mishra and Cipolla 2015",
                Networks.of(Family.SHALLOW),
                Verdict.SUPPORTED,
                new Claim<>(
                        "row norms everywhere, also for the last weights, are equivariant for one hidden layer",
                        i -> Equivariance.of(i, "row metric", SymmetricMetric.rows(Direction.chain()))));
    }

    private static long depth(NetworkInstance i) {
        return i.network().parameters().stream()
                .filter(p -> p.shape().rank() == 2)
                .count();
    }

    /** SM on deep networks, which is false. */
    static Theorem<NetworkInstance> smDeep() {
        return theorem(
                "sm-equivariant-deep",
                invariant("SM as published is equivariant for networks of any depth", "sm"),
                "\\text{SM commutes with all per-unit rescalings}",
                "Badrinarayanan, Mishra and Cipolla 2015, read for deep networks",
                Networks.of(Family.MLP),
                Verdict.REFUTED,
                new Claim<>(
                        "row norms everywhere are equivariant for networks of any depth",
                        i -> Equivariance.of(i, "row metric", SymmetricMetric.rows(Direction.chain()))));
    }

    /** Path-SGD. */
    static Theorem<NetworkInstance> pathSgd() {
        return theorem(
                "path-sgd-equivariant",
                invariant(
                        "Path-SGD is equivariant for any network, with momentum in its metric too",
                        "path-sgd",
                        "path-sgd:mu=0.5"),
                "\\theta_e \\mapsto \\theta_e - \\frac{\\eta}{\\kappa_e} g_e,\\ \\kappa_e = \\tfrac12 \\partial_e^2 \\|\\Phi\\|_2^2"
                        + " \\text{ commutes with rescaling}",
                "Neyshabur, Salakhutdinov and Srebro, Path-SGD, NIPS 2015",
                Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN),
                Verdict.SUPPORTED,
                invariant("gradient descent is equivariant", "sgd"));
    }

    /** Any elementwise optimizer in the frame. */
    static Theorem<NetworkInstance> frame() {
        return theorem(
                "frame-lifting-equivariant",
                invariant(
                        "elementwise optimizers (momentum, Adam) become equivariant in the covariant frame, with decoupled"
                                + " decay too, and so does SM with the frame's norms",
                        "frame-sgd:mu=0.5",
                        "frame-adam:decay=0.25",
                        "sm:deep"),
                "\\hat g = \\varepsilon \\circ g,\\ \\theta \\mapsto \\theta - \\eta\\, \\varepsilon \\circ \\hat d(\\hat g)"
                        + " \\text{ commutes with rescaling}, \\quad \\varepsilon_{uv} = s_v / s_u",
                "derived",
                Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.POOLING),
                Verdict.SUPPORTED,
                invariant("momentum without a frame is equivariant", "momentum"));
    }

    /** Adam, which is false. */
    static Theorem<NetworkInstance> adam() {
        return theorem(
                "adam-equivariant",
                invariant("Adam is equivariant: its step does not depend on the scale of the gradient", "adam"),
                "T(g\\theta) = g\\,T(\\theta) \\quad\\text{for Adam}",
                "a reading of Kingma and Ba 2015, section 2.1",
                Networks.of(Family.MLP),
                Verdict.REFUTED,
                invariant("Adam with decoupled decay is equivariant, since that decay is", "adamw:decay=0.25"));
    }

    /** L2 regularisation in the gradient, which is false even in an invariant metric. */
    static Theorem<NetworkInstance> l2() {
        return theorem(
                "l2-decay-equivariant",
                new Claim<>(
                        "an equivariant update stays so when L2 decay λθ is added to the gradient",
                        i -> Equivariance.of(
                                i,
                                "descent of L + ½λ‖θ‖² in the frame metric",
                                inFrame(
                                        i,
                                        at -> at.differential().plus(at.theta().times(DECAY))))),
                "T(g\\theta) = g\\,T(\\theta) \\quad\\text{for } L + \\tfrac{\\lambda}{2} \\|\\theta\\|^2",
                "derived; decoupled decay (Loshchilov and Hutter 2019) is equivariant",
                Networks.of(Family.MLP),
                Verdict.REFUTED,
                new Claim<>(
                        "an equivariant update stays so when the gradient is clipped by its Euclidean norm",
                        i -> Equivariance.of(
                                i, "frame descent with clipped gradient", inFrame(i, UpdateTheorems::clipped))));
    }

    private interface Differential {
        ParameterVector of(Point at);
    }

    /** θ − η ε²∘d. */
    private static Update inFrame(NetworkInstance i, Differential differential) {
        return Update.of("in the frame", Law.NONE, at -> {
            Frame frame = Frame.of(i.group(), at.problem().incidence(), i.weights());
            Map<String, Expr> units = frame.squaredUnits(at.theta().values());
            return at.theta()
                    .minus(differential.of(at).times(new ParameterVector(units)).times(at.learningRate()));
        });
    }

    /** g/(1 + ‖g‖), a smooth clipping. */
    private static ParameterVector clipped(Point at) {
        Expr norm = Ops.sqrt(at.differential().inner(at.differential())).plus(1);
        return at.differential().times(Ops.fullLike(norm, 1).over(norm));
    }
}
