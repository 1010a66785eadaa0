package org.quotient.proofs.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.geometry.basis.SkeletonSpace;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Data;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/** What a step of G-SGD depends on: not on the representative, but on the skeleton. */
final class GSgdTheorems {
    private static final double RATE = 0.1;
    private static final double ROUNDING = 1e-9;
    private static final int QUICK = 40;
    private static final int QUICK_SKELETONS = 80;

    private GSgdTheorems() {}

    /** Equivariance. */
    static Theorem<NetworkInstance> equivariance() {
        return new Theorem<>(
                "g-sgd-equivariant",
                new Claim<>(
                        "training with G-SGD gives the same function from all representatives, whole residual networks"
                                + " included",
                        i -> Equivariance.of(i, "g-sgd", "g-sgd:mu=0.5,skeleton=index")),
                "f_{T^k(g\\theta)} = f_{T^k(\\theta)} \\quad\\text{for G-SGD and all } k",
                "Meng et al., G-SGD, ICLR 2019; whole residual networks: derived",
                List.of(),
                NetworkInstances.of(Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN), QUICK),
                Verdict.SUPPORTED,
                new Claim<>(
                        "training with EC-SGD after setting the skeleton's weights to 1 keeps the function that the"
                                + " network had",
                        GSgdTheorems::ones));
    }

    /** The published initialisation is a change of the function, not of the representative. */
    private static Finding ones(NetworkInstance i) {
        Problem problem = Problem.of(i.group(), Loss.halfSquaredError());
        Weights start = Training.of(problem, Optimizers.of("ec-sgd"))
                .start(i.weights())
                .model()
                .weights();
        Tensor before = i.model().evaluate(i.data().inputs()).getFirst();
        Tensor after = i.model().at(start).evaluate(i.data().inputs()).getFirst();
        return before.sameBits(after)
                ? new Finding.Supported("the skeleton's weights were 1")
                : new Finding.Refuted("the outputs for inputs " + Equivariance.inputs(i) + " change from "
                        + NetworkInstance.text(before) + " to " + NetworkInstance.text(after));
    }

    /** Independence of the skeleton, which is false. */
    static Theorem<NetworkInstance> skeleton() {
        return new Theorem<>(
                "g-sgd-independent-of-skeleton",
                new Claim<>("a step of G-SGD does not depend on the skeleton", i -> compare(i, true)),
                "T_{a,b}(\\theta) \\sim T_{a',b'}(\\theta) \\quad\\text{for all skeletons } (a,b), (a',b')",
                "implicit in Meng et al., ICLR 2019, who choose by index; worked example derived",
                List.of(),
                NetworkInstances.of(
                        Networks.of(Family.MLP).upTo(2),
                        QUICK_SKELETONS,
                        NetworkInstance.of(Sketch.mlp(false, 2, 2, 2), 2, -1, 1, 3, 1, -1, 2, 1)
                                .with(new Data(
                                        List.of(Tensor.of(org.quotient.autodiff.Shape.of(1, 2), 2, 1)),
                                        Tensor.of(org.quotient.autodiff.Shape.of(1, 2), 0, 9)))),
                Verdict.REFUTED,
                new Claim<>(
                        "a step of G-SGD depends on the skeleton only through its incoming weights",
                        i -> compare(i, false)));
    }

    private static Finding compare(NetworkInstance i, boolean incoming) {
        Skeleton one = Skeleton.byIndex(i.group(), i.weights());
        Skeleton two = Skeleton.of(incoming ? other(i, one.in(), 1) : one.in(), other(i, one.out(), -1));
        if (one.equals(two)) {
            return new Finding.NotApplicable("there are two skeletons");
        }
        Tensor first = stepped(i, one);
        Tensor second = stepped(i, two);
        double most = 0;
        for (int k = 0; k < first.size(); k++) {
            most = Math.max(most, Math.abs(first.get(k) - second.get(k)));
        }
        if (!Double.isFinite(most)) {
            return new Finding.NotApplicable("the step is finite");
        }
        return most <= ROUNDING * Math.max(1, first.maxAbs())
                ? new Finding.Supported("the outputs differ by " + most)
                : new Finding.Refuted("after a step with η = " + RATE + " on inputs " + Equivariance.inputs(i)
                        + " and targets " + NetworkInstance.text(i.data().target()) + " the outputs are "
                        + NetworkInstance.text(first) + " with " + one + " and " + NetworkInstance.text(second)
                        + " with " + two);
    }

    /** Per generator the last element on a side where there are several. */
    private static int[] other(NetworkInstance i, int[] chosen, int side) {
        int[] others = chosen.clone();
        for (int e = 0; e < i.network().parameterCount(); e++) {
            for (Map.Entry<Integer, Long> b : i.group().row(e).entrySet()) {
                if (b.getValue() == side && chosen[b.getKey()] != Skeleton.NONE) {
                    others[b.getKey()] = e;
                }
            }
        }
        return others;
    }

    /** The outputs after one step of the plain update v − η ∂L/∂v. */
    private static Tensor stepped(NetworkInstance i, Skeleton skeleton) {
        Problem problem = Problem.of(i.group(), Loss.halfSquaredError());
        SkeletonSpace space = (SkeletonSpace) GSpace.of(i.group(), skeleton);
        Map<String, Expr> theta = problem.theta().values();
        Map<String, Expr> step = new LinkedHashMap<>();
        space.gradient(theta, problem.differential().values()).forEach((name, d) -> step.put(name, d.times(-RATE)));
        Map<String, Expr> reached = space.allocate(theta, step, GSpace.Gauge.OUT, OptionalDouble.empty())
                .weights();
        List<Tensor> values = Evaluator.evaluate(List.copyOf(reached.values()), ExactNumbers.point(i, problem));
        Map<String, Tensor> next = new LinkedHashMap<>();
        int k = 0;
        for (Expr p : i.network().parameters()) {
            next.put(Network.nameOf(p), values.get(k++));
        }
        return i.model().at(Weights.of(next)).evaluate(i.data().inputs()).getFirst();
    }
}
