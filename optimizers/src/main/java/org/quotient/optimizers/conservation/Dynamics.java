package org.quotient.optimizers.conservation;

/**
 * Stochastic gradient descent with coupled weight decay and heavy-ball momentum, as PyTorch writes it: m⁺ = μm + g + λθ,
 * θ⁺ = θ − ηm⁺ (Polyak 1964), m = 0 at the start.
 *
 * @param rate η
 * @param momentum μ, from 0 below 1
 * @param decay λ, not negative
 */
public record Dynamics(double rate, double momentum, double decay) {

    /** Checks the ranges. */
    public Dynamics {
        if (!Double.isFinite(rate) || !(momentum >= 0 && momentum < 1) || !(decay >= 0)) {
            throw new IllegalArgumentException(
                    "Expected a finite rate, a momentum from 0 below 1 and a decay of at least 0;" + " given " + rate
                            + ", " + momentum + " and " + decay);
        }
    }

    /** Plain gradient descent. */
    public static Dynamics sgd(double rate) {
        return new Dynamics(rate, 0, 0);
    }

    /** Gradient descent on the loss plus ½λ‖θ‖². */
    public static Dynamics withDecay(double rate, double decay) {
        return new Dynamics(rate, 0, decay);
    }

    /** Heavy ball. */
    public static Dynamics heavyBall(double rate, double momentum) {
        return new Dynamics(rate, momentum, 0);
    }

    /** The same with another rate, for a schedule. */
    public Dynamics at(double otherRate) {
        return new Dynamics(otherRate, momentum, decay);
    }
}
