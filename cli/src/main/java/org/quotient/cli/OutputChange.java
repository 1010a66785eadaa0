package org.quotient.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.network.Weights;

/**
 * How far two weight vectors of one network are apart as functions, on random inputs.
 *
 * @param relative max|f − f'| / max|f| for the network as given
 * @param sameBits whether the outputs agree bit for bit
 * @param training the same as {@code relative} with batch statistics in batch normalisation; null where there is none
 */
record OutputChange(
        double relative, boolean sameBits, @Nullable Double training) {
    /** Multiplications that one evaluation may take, so that large networks are checked within seconds. */
    private static final double BUDGET = 4e8;

    private static final int BATCH = 4;

    /**
     * Compares outputs on {@link RandomInputs}.
     *
     * @param model the network at θ
     * @param moved θ'
     * @param seed for the inputs
     */
    static OutputChange of(Model model, Weights moved, long seed) {
        Network trained = TrainingMode.of(model.network());
        Pair asGiven = Pair.of(model, moved, seed);
        Double training = trained.outputs().equals(model.network().outputs())
                ? null
                : Pair.of(new Model(trained, model.weights()), moved, seed).relative();
        return new OutputChange(asGiven.relative(), asGiven.sameBits(), training);
    }

    /** The outputs of one graph at two points. */
    private record Pair(List<Tensor> before, List<Tensor> after) {

        static Pair of(Model model, Weights moved, long seed) {
            List<Tensor> inputs = inputs(model.network(), seed);
            return new Pair(model.evaluate(inputs), model.at(moved).evaluate(inputs)).requireFinite();
        }

        /** What cannot be compared is no evidence. */
        private Pair requireFinite() {
            for (Tensor output : before) {
                if (!Double.isFinite(output.maxAbs())) {
                    throw new BadInput(
                            "The network's outputs are not finite on random inputs, so nothing can be checked and"
                                    + " nothing was written. Give a network whose outputs are finite, or another --seed.");
                }
            }
            return this;
        }

        boolean sameBits() {
            boolean same = true;
            for (int i = 0; i < before.size(); i++) {
                same &= before.get(i).sameBits(after.get(i));
            }
            return same;
        }

        double relative() {
            double scale = 0;
            double gap = 0;
            for (int i = 0; i < before.size(); i++) {
                Tensor x = before.get(i);
                Tensor y = after.get(i);
                for (int k = 0; k < x.size(); k++) {
                    scale = Math.max(scale, Math.abs(x.get(k)));
                    gap = Math.max(gap, Math.abs(x.get(k) - y.get(k)));
                }
            }
            return gap == 0 ? 0 : gap / scale;
        }
    }

    /** See {@link RandomInputs}; statistics of a batch need two samples at least. */
    private static List<Tensor> inputs(Network network, long seed) {
        boolean statistics =
                Graph.topological(network.outputs()).stream().anyMatch(n -> n.op() instanceof Op.Standardise);
        int batch = (int) Math.max(statistics ? 2 : 1, Math.min(BATCH, BUDGET / work(network)));
        return RandomInputs.of(network, batch, CounterRandom.seeded(seed).split("inputs"));
    }

    /** About how many multiplications one sample takes: those of convolutions and contractions. */
    private static double work(Network network) {
        double total = 1;
        for (Expr node : Graph.topological(network.outputs())) {
            if (node.op() instanceof Op.Contraction) {
                Expr weight = node.operand(1);
                double kernel = weight.shape().bind(1).elements();
                int[] sizes = node.shape().bind(1).sizes();
                double positions = 1;
                for (int i = 2; i < sizes.length; i++) {
                    positions *= sizes[i];
                }
                total += kernel * positions;
            }
        }
        return total;
    }
}
