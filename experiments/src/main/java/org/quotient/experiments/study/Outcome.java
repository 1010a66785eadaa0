package org.quotient.experiments.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run showed.
 *
 * @param steps how many were taken, the failing one included
 * @param diverged whether a loss, in training or validation, was not finite, or ended above twice the first one
 * @param losses on the batches before every so many steps
 * @param epochs what is known after each
 * @param testLoss NaN if the test part was not looked at or the run diverged
 * @param testAccuracy likewise
 * @param bits a checksum of every bit of all losses and scores
 * @param testMeanIou the mean over classes of intersection over union of pixels, where those are classified; null elsewhere
 */
public record Outcome(
        long steps,
        boolean diverged,
        List<Double> losses,
        List<Epoch> epochs,
        double testLoss,
        double testAccuracy,
        String bits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double testMeanIou) {
    /** Copies the lists. */
    public Outcome {
        losses = List.copyOf(losses);
        epochs = List.copyOf(epochs);
    }

    /** A run in which no pixels are classified. */
    public Outcome(
            long steps,
            boolean diverged,
            List<Double> losses,
            List<Epoch> epochs,
            double testLoss,
            double testAccuracy,
            String bits) {
        this(steps, diverged, losses, epochs, testLoss, testAccuracy, bits, null);
    }

    /**
     * After an epoch.
     *
     * @param trainLoss the mean over the epoch, each batch before its step
     * @param validationLoss after it
     * @param validationAccuracy after it
     */
    public record Epoch(double trainLoss, double validationLoss, double validationAccuracy) {}

    /** The same without the losses of single steps. */
    public Outcome withoutSteps() {
        return new Outcome(steps, diverged, List.of(), epochs, testLoss, testAccuracy, bits, testMeanIou);
    }

    /** The last validation loss; infinite for a run that diverged. */
    public double validationLoss() {
        return diverged || epochs.isEmpty()
                ? Double.POSITIVE_INFINITY
                : epochs.getLast().validationLoss();
    }

    /** The last validation error, from 0 to 1; infinite for a run that diverged. */
    public double validationError() {
        return diverged || epochs.isEmpty()
                ? Double.POSITIVE_INFINITY
                : 1 - epochs.getLast().validationAccuracy();
    }

    /** The mean training loss of the last epoch; infinite for a run that diverged. */
    public double trainLoss() {
        return diverged || epochs.isEmpty()
                ? Double.POSITIVE_INFINITY
                : epochs.getLast().trainLoss();
    }

    /** The mean intersection over union on the test part; NaN where it was not looked at, the run diverged, or there are no pixels. */
    public double meanIou() {
        return testMeanIou == null ? Double.NaN : testMeanIou;
    }

    /** The largest difference of two runs' losses at the steps that both list; 0 for the same bits, else infinite if one diverged. */
    public double difference(Outcome other) {
        if (bits.equals(other.bits)) {
            return 0;
        }
        if (diverged || other.diverged) {
            return Double.POSITIVE_INFINITY;
        }
        double most = 0;
        for (int i = 0; i < Math.min(losses.size(), other.losses.size()); i++) {
            most = Math.max(most, Math.abs(losses.get(i) - other.losses.get(i)));
        }
        return most;
    }
}
