package org.quotient.optimizers.checks;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;

/**
 * How far training from gθ departs from training from θ. Scales 2^k are exact in binary arithmetic (short of overflow and
 * underflow), so an update that commutes with g gives the same losses and, mapped back, the same weights bit for bit.
 *
 * @param sameLosses whether every loss of the trajectory has the same bits
 * @param sameWeights whether the last weights, mapped back by g⁻¹, have the same bits
 * @param lossDeviation the largest |L(gθ_t) − L(θ_t)|/|L(θ_t)| over the steps; infinite if one of them is not a number
 */
public record Equivariance(boolean sameLosses, boolean sameWeights, double lossDeviation) {

    /** Whether the two trajectories are one, to the bit. */
    public boolean exact() {
        return sameLosses && sameWeights;
    }

    /**
     * Trains from θ and from gθ.
     *
     * @param training network, loss and update
     * @param group of that network
     * @param weights θ
     * @param exponents g: scale 2^k per generator
     * @param batches one per step, at least one
     */
    public static Equivariance measure(
            Training training, RescalingGroup group, Weights weights, int[] exponents, List<Batch> batches) {
        TrainingState plain = training.start(weights);
        TrainingState rescaled = training.start(group.actByPowersOfTwo(weights, exponents));
        boolean sameLosses = true;
        double deviation = 0;
        for (Batch batch : batches) {
            Training.Step a = training.step(plain, batch);
            Training.Step b = training.step(rescaled, batch);
            sameLosses &= Double.compare(a.loss(), b.loss()) == 0;
            double relative = a.loss() == b.loss() ? 0 : Math.abs(b.loss() - a.loss()) / Math.abs(a.loss());
            deviation = Math.max(deviation, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
            plain = a.next();
            rescaled = b.next();
        }
        int[] back = Arrays.stream(exponents).map(k -> -k).toArray();
        ParameterVector expected =
                ParameterVector.of(group.network(), plain.model().weights());
        ParameterVector found = ParameterVector.of(
                group.network(), group.actByPowersOfTwo(rescaled.model().weights(), back));
        return new Equivariance(sameLosses, expected.sameBits(found), deviation);
    }
}
