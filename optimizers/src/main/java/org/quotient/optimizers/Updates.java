package org.quotient.optimizers;

import java.util.List;
import org.quotient.geometry.RescalingGroup;

/** The optimizers of the house, each a composition that can be read beside its formula. */
public final class Updates {
    private Updates() {}

    /**
     * Gradient descent, θ ← θ − η g. Law: none.
     *
     * <p>Example: f = u·relu(w·x), ½f², at w = (3, 4), u = 2, x = (1, 0) with η = 0.001 goes to (2.988, 4 | 1.982), where
     * f = 5.922216. From (30, 40 | 0.2), the same function, it goes to (29.9988, 40 | 0.02), where f = 0.599976.
     *
     * @param eta learning rate η
     */
    public static Update sgd(double eta) {
        return new Update("sgd", Metric.euclidean(), Direction.scaleByLearningRate(eta), Retraction.euclidean());
    }

    /**
     * Gradient descent with momentum (Polyak 1964, in PyTorch's form): m ← μ m + g, θ ← θ − η m. Law: none.
     *
     * @param eta learning rate η
     * @param mu coefficient μ, from 0 to less than 1
     */
    public static Update momentum(double eta, double mu) {
        return new Update(
                "momentum",
                Metric.euclidean(),
                Direction.chain(Direction.momentum(mu), Direction.scaleByLearningRate(eta)),
                Retraction.euclidean());
    }

    /**
     * Descent in the log metric, θ ← θ − η θ²∘g on every parameter that the group moves. Law: invariant.
     *
     * <p>Example: as for {@link #sgd} it goes from (3, 4 | 2) to (2.892, 4 | 1.928), where f = 5.575776, and from (30, 40 | 0.2)
     * to (28.92, 40 | 0.1928): the same point up to the factor 10.
     *
     * @param group of the network that is trained
     * @param eta learning rate η
     */
    public static Update logMetric(RescalingGroup group, double eta) {
        return new Update(
                "log-metric", LogMetric.of(group), Direction.scaleByLearningRate(eta), Retraction.euclidean());
    }

    /**
     * Descent in the log metric with momentum: m ← μ m + θ²∘g, θ ← θ − η m. Law: invariant.
     *
     * @param group of the network that is trained
     * @param eta learning rate η
     * @param mu coefficient μ, from 0 to less than 1
     */
    public static Update logMetricMomentum(RescalingGroup group, double eta, double mu) {
        return new Update(
                "log-metric-momentum",
                LogMetric.of(group),
                Direction.chain(Direction.momentum(mu), Direction.scaleByLearningRate(eta)),
                Retraction.euclidean());
    }

    /**
     * Descent in the tensorwise metric, W_l ← W_l − η ‖W_l‖² g_l (Rangamani et al. 2019, here also for each bias vector). Law:
     * invariant under one scale per parameter tensor.
     *
     * @param eta learning rate η
     */
    public static Update tensorwise(double eta) {
        return new Update(
                "tensorwise", new TensorwiseMetric(), Direction.scaleByLearningRate(eta), Retraction.euclidean());
    }

    /**
     * One of each, for tests and comparisons.
     *
     * @param group of the network that is trained
     * @param eta learning rate η
     */
    public static List<Update> catalogue(RescalingGroup group, double eta) {
        return List.of(
                sgd(eta),
                momentum(eta, 0.9),
                tensorwise(eta),
                logMetric(group, eta),
                logMetricMomentum(group, eta, 0.9));
    }
}
