package org.quotient.optimizers.training;

/** The loss of a training left the finite numbers. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;

    DivergedException(String update, long step, double learningRate, double loss) {
        super("Training with '" + update + "' diverged: the loss at step " + step + " is " + loss
                + ". The learning rate was " + learningRate
                + "; take a smaller one, or check the data and the weights");
        this.step = step;
    }

    /** The first step whose loss was not finite, from 1. */
    public long step() {
        return step;
    }
}
