package org.quotient.optimizers.training;

import java.util.List;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.FunctionalDimension;

/**
 * Takes ranks before a training and after its epochs. The network is prepared, and the first readings are taken, before training begins:
 * what cannot be computed is refused then. Batch normalisation is taken as it runs at inference, with the statistics of the moment.
 */
public final class RankRecorder {
    private final List<RankMetric> metrics;
    private final Task task;
    private final Network network;
    private final int stepsPerEpoch;
    private final long steps;
    private final FunctionalDimension prepared;
    private RankSeries series;

    private RankRecorder(List<RankMetric> metrics, Task task, Trainer trainer, Model start, RankSeries known) {
        this.metrics = List.copyOf(metrics);
        this.task = task;
        this.network = start.network();
        this.stepsPerEpoch = trainer.stepsPerEpoch();
        this.steps = trainer.steps();
        this.prepared = FunctionalDimension.of(start);
        this.series = known;
    }

    /**
     * Prepares, and takes the readings of the start if they are not known.
     *
     * @param metrics at least one
     * @param task whose data may be the points
     * @param trainer that will train
     * @param from where the training begins or goes on
     * @param known readings of the training so far, as a checkpoint kept them
     * @throws IllegalArgumentException if a metric cannot be computed for this network and data; the message says why
     */
    public static RankRecorder of(
            List<RankMetric> metrics, Task task, Trainer trainer, Progress from, RankSeries known) {
        boolean begins = from.state().steps() == 0;
        RankRecorder recorder;
        try {
            recorder =
                    new RankRecorder(metrics, task, trainer, from.state().model(), begins ? RankSeries.EMPTY : known);
        } catch (IllegalArgumentException e) {
            throw refused(metrics.getFirst(), e);
        }
        if (begins) {
            recorder.take(0, from.state().model().weights());
        }
        return recorder;
    }

    private static IllegalArgumentException refused(RankMetric metric, IllegalArgumentException why) {
        return new IllegalArgumentException(
                "The metric '" + metric.text() + "' cannot be had here: " + why.getMessage(), why);
    }

    private void take(int epoch, Weights weights) {
        // Other buffers are another function of the parameters.
        FunctionalDimension now = network.buffers().isEmpty()
                ? prepared.moveTo(weights)
                : FunctionalDimension.of(new Model(network, weights));
        for (RankMetric metric : metrics) {
            if (epoch % metric.every() == 0 || epoch == steps / stepsPerEpoch) {
                try {
                    series = series.with(new RankSeries.Entry(epoch, metric.text(), metric.read(now, network, task)));
                } catch (IllegalArgumentException e) {
                    throw refused(metric, e);
                }
            }
        }
    }

    /** What was read so far. */
    public RankSeries series() {
        return series;
    }

    /**
     * Reads at the end of epochs, before the listener hears of them.
     *
     * @param next is told everything
     */
    public Trainer.Listener before(Trainer.Listener next) {
        return new Relay(next) {
            @Override
            public void step(long step, double loss, Run run) {
                if (step % stepsPerEpoch == 0) {
                    take(Math.toIntExact(step / stepsPerEpoch), run.weights());
                }
                super.step(step, loss, run);
            }
        };
    }
}
