package org.quotient.optimizers;

/** The optimizers that everybody knows, and what makes others of them. The rest of the zoo has a file each. */
public final class Updates {
    private Updates() {}

    /**
     * Gradient descent, θ ← θ − η g. Law: none.
     *
     * <p>Example: f = u·relu(w·x), ½f², at w = (3, 4), u = 2, x = (1, 0) with η = 0.001 goes to (2.988, 4 | 1.982), where
     * f = 5.922216. From (30, 40 | 0.2), the same function, it goes to (29.9988, 40 | 0.02), where f = 0.599976.
     */
    public static Update sgd() {
        return Composition.of("sgd", Metric.euclidean());
    }

    /**
     * Gradient descent with momentum (Polyak 1964, in PyTorch's form): m ← μ m + g, θ ← θ − η m. Law: none.
     *
     * @param mu coefficient μ, from 0 to less than 1
     */
    public static Update momentum(double mu) {
        return euclidean("momentum", Direction.momentum(mu));
    }

    /**
     * Nesterov's momentum in PyTorch's form (Sutskever et al. 2013): m ← μ m + g, θ ← θ − η (g + μ m). Law: none.
     *
     * @param mu coefficient μ, from 0 to less than 1
     */
    public static Update nesterov(double mu) {
        return euclidean("nesterov", Direction.nesterov(mu));
    }

    /** Adam (Kingma and Ba 2015); see {@link Adam}. Law: none. */
    public static Update adam(double beta1, double beta2, double epsilon) {
        return euclidean("adam", new Adam(beta1, beta2, epsilon));
    }

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter 2019) as {@code torch.optim.AdamW} defines it: θ ← θ − ηλθ − η·(direction
     * of Adam at θ). Law: none, since that of Adam is none; the decay itself commutes with rescalings.
     *
     * @param decay λ, at least 0
     */
    public static Update adamW(double beta1, double beta2, double epsilon, double decay) {
        return Composition.of(
                "adamw",
                Metric.euclidean(),
                new Adam(beta1, beta2, epsilon),
                Retraction.withDecay(Retraction.euclidean(), decay));
    }

    /** A direction that takes the differential itself for the gradient, as all common optimizers do. Law: none. */
    public static Update euclidean(String name, Direction direction) {
        return Composition.of(name, Metric.euclidean(), direction, Retraction.euclidean());
    }

    /**
     * Any direction in a covariant frame: ĝ = ε∘g, d̂ what the direction makes of it, θ ← θ − η ε∘d̂ − ηλθ. Law: invariant, whatever
     * the direction; momenta and second moments are kept in the frame's coordinates.
     *
     * @param name a short name
     * @param direction such as {@link Adam}
     * @param decay λ of a decoupled weight decay, at least 0
     */
    public static Update frame(String name, Direction direction, double decay) {
        return Composition.of(name, FrameMetric.FORWARD, direction, Retraction.withDecay(FrameMetric.FORWARD, decay));
    }

    /**
     * Descent in the log metric along its geodesics, θ ← θ∘exp(−η θ∘g), which is gradient descent in y = log|θ|: no weight changes
     * its sign. Parameters that the group does not move take the Euclidean step with the same retraction's first order. Law:
     * invariant.
     *
     * @param direction in between, such as momentum, which is kept in tangent vectors
     * @param exponential whether to retract by the exponential; else θ ← θ − η θ²∘g
     */
    public static Update log(Direction direction, boolean exponential) {
        return Composition.of(
                "log-sgd", LogMetric.MOVED, direction, exponential ? new LogRetraction() : Retraction.euclidean());
    }
}
