package org.quotient.experiments.study;

import java.util.List;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.Numbers;
import org.quotient.optimizers.training.Schedule;

/**
 * Methods on one network, all on the same data for as long.
 *
 * @param name of the part of a study
 * @param network as pages say it
 * @param batch samples per step
 * @param epochs of every run
 * @param schedule of the learning rate, as {@link Schedule#parse} reads it
 * @param tuning methods and seeds
 */
public record Contest(String name, String network, int batch, int epochs, String schedule, Tuning tuning) {
    /** A loss is recorded before every so many steps. */
    private static final int EVERY = 10;

    /** Checks the schedule. */
    public Contest {
        Schedule.parse(schedule);
    }

    /** Where the runs of a method begin, if not at the weights drawn. */
    @FunctionalInterface
    public interface Begin {
        /** The weights to begin with, from those drawn; the method's own {@link Method#start} then follows. */
        Weights of(Method method, Weights drawn);
    }

    /**
     * Makes all runs that are not in a journal, on classes. Every run begins with the weights of its seed, or where its method then goes;
     * rates are chosen by the validation loss.
     *
     * @param drawn the network
     * @param data with a validation part
     * @param step called after each run
     * @return what a page says of the network
     */
    public Part part(InitialisedNetwork drawn, DataSplit data, Journal journal, Runnable step) {
        run(drawn, data, false, (method, weights) -> weights, Criterion.VALIDATION_LOSS, journal, step);
        return Part.of(this, drawn.network());
    }

    /**
     * Makes all runs that are not in a journal, begun where one likes, with rates chosen by a criterion.
     *
     * @param drawn the network
     * @param data with a validation part
     * @param squared whether numbers are learned by half the squared error
     * @param step called after each run
     */
    public void run(
            InitialisedNetwork drawn,
            DataSplit data,
            boolean squared,
            Begin begin,
            Criterion criterion,
            Journal journal,
            Runnable step) {
        Trial trial = Trial.of(drawn.network(), data, squared, epochs, batch, Schedule.parse(schedule), EVERY);
        tuning.run(
                journal,
                name,
                "",
                criterion,
                step,
                (method, job) -> trial.run(
                        method, begin.of(method, drawn.model(job.seed()).weights()), job));
    }

    /** The runs among those of a study. */
    public Tuned of(List<Entry> entries) {
        return of(entries, Criterion.VALIDATION_LOSS);
    }

    /** The same, with rates chosen by a criterion. */
    public Tuned of(List<Entry> entries, Criterion criterion) {
        return tuning.of(entries, name, "", criterion);
    }

    /** Batches, epochs, rates and seeds, as a page says them. */
    public String text() {
        return "batches of " + batch + ", " + epochs + " epochs, "
                + (schedule.equals("constant") ? "constant rate" : "rate as `" + schedule + "`") + ", "
                + tuning.methods().getFirst().rates().size() + " rates per method, √10 apart, chosen on "
                + (tuning.choosing().size() == 1 ? "seed " : "seeds ") + Numbers.list(tuning.choosing())
                + ", reported seeds " + Numbers.list(tuning.seeds());
    }
}
