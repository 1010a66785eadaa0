package org.quotient.optimizers.training;

/** A listener that tells another one everything; a subclass does something of its own besides. */
abstract class Relay implements Trainer.Listener {
    private final Trainer.Listener next;

    Relay(Trainer.Listener next) {
        this.next = next;
    }

    @Override
    public void step(long step, double loss, Run run) {
        next.step(step, loss, run);
    }

    @Override
    public boolean observes() {
        return next.observes();
    }

    @Override
    public void epoch(Progress.Epoch epoch) {
        next.epoch(epoch);
    }

    @Override
    public boolean wantsProgress(long step) {
        return next.wantsProgress(step);
    }

    @Override
    public void progress(Progress progress) {
        next.progress(progress);
    }
}
