package org.quotient.proofs.catalogue;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;
import org.quotient.optimizers.zoo.Optimizers;
import org.quotient.proofs.Finding;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * Whether training from θ and from gθ gives the same function: for scales that are powers of two an equivariant update gives the
 * same bits.
 */
final class Equivariance {
    private static final int STEPS = 3;
    private static final double RATE = 0x1p-6;

    private Equivariance() {}

    /** Several optimizers by name, the first of which that fails refutes. */
    static Finding of(NetworkInstance i, String... optimizers) {
        Finding finding = new Finding.NotApplicable("there is an optimizer");
        for (String name : optimizers) {
            finding = of(i, name, Optimizers.of(name));
            if (!(finding instanceof Finding.Supported)) {
                return finding;
            }
        }
        return finding;
    }

    /** One update. */
    static Finding of(NetworkInstance i, String name, Update update) {
        if (i.group().rank() == 0) {
            return new Finding.NotApplicable("the group has a generator");
        }
        Training training = Training.of(Problem.of(i.group(), Loss.halfSquaredError()), update);
        TrainingState plain;
        TrainingState moved;
        try {
            plain = training.start(i.weights());
            moved = training.start(i.rescaled());
        } catch (IllegalArgumentException e) {
            return new Finding.NotApplicable("the update is defined there");
        }
        Weights start = plain.model().weights();
        for (int step = 1; step <= STEPS; step++) {
            plain = training.step(plain, i.batch(), RATE).next();
            moved = training.step(moved, i.batch(), RATE).next();
            Tensor from = outputs(i, plain);
            Tensor rescaled = outputs(i, moved);
            if (!Double.isFinite(from.maxAbs())) {
                return new Finding.NotApplicable("training stays finite");
            }
            if (!from.sameBits(rescaled)) {
                return new Finding.Refuted(name + " with η = " + RATE + " on inputs " + inputs(i) + " and targets "
                        + NetworkInstance.text(i.data().target()) + ": after step " + step + " the outputs are "
                        + NetworkInstance.text(from) + " from θ, but " + NetworkInstance.text(rescaled)
                        + " from θ rescaled by " + i.scales());
            }
        }
        if (!moves(i, start, plain.model().weights())) {
            return new Finding.NotApplicable("training moves a weight");
        }
        return new Finding.Supported("outputs after " + STEPS + " steps of " + name + " are the same bits");
    }

    private static Tensor outputs(NetworkInstance i, TrainingState state) {
        return state.model().evaluate(i.data().inputs()).getFirst();
    }

    /** The inputs of an instance in words. */
    static String inputs(NetworkInstance i) {
        List<String> all = i.data().inputs().stream().map(NetworkInstance::text).toList();
        return String.join(", ", all);
    }

    /** ∂L/∂θ of ½‖f − y‖² on the instance's data, in double precision. */
    static Map<String, Tensor> differential(NetworkInstance i) {
        Training training = Training.of(Problem.of(i.group(), Loss.halfSquaredError()), Optimizers.of("sgd"));
        return training.step(training.start(i.weights()), i.batch(), 0).differential();
    }

    private static boolean moves(NetworkInstance i, Weights before, Weights after) {
        for (Expr p : i.network().parameters()) {
            if (!before.get(Network.nameOf(p)).sameBits(after.get(Network.nameOf(p)))) {
                return true;
            }
        }
        return false;
    }
}
