package org.quotient.experiments.study;

import java.util.function.ToDoubleFunction;

/** By which a learning rate is chosen; less is better, and a run that diverged is infinitely bad. Never by the test part. */
public enum Criterion {
    /** The last validation loss: which rate generalises. */
    VALIDATION_LOSS("validation loss", Outcome::validationLoss),

    /** The mean training loss of the last epoch: which rate trains fast, where that is the question. */
    TRAINING_LOSS("training loss", Outcome::trainLoss);

    private final String text;
    private final ToDoubleFunction<Outcome> of;

    Criterion(String text, ToDoubleFunction<Outcome> of) {
        this.text = text;
        this.of = of;
    }

    /** As pages say it. */
    public String text() {
        return text;
    }

    /** Of a run. */
    public double of(Outcome run) {
        return of.applyAsDouble(run);
    }
}
