package org.quotient.autodiff.data;

import java.util.Arrays;
import java.util.Iterator;

/**
 * Which samples each step of training sees: every epoch is a pass over all samples in a fresh random order, cut into batches
 * of equal size. Batch and epoch are pure functions of the step, so a run may stop and resume anywhere.
 *
 * @param seed decides the orders, see {@link Shuffle#order}
 * @param samples how many there are, at least 1
 * @param batchSize at least 1; one that exceeds the number of samples means all of them
 * @param dropLast whether the samples that remain at the end of an epoch, fewer than a batch, are left out; otherwise they
 *     are a shorter batch
 */
public record Batches(long seed, int samples, int batchSize, boolean dropLast) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public Batches {
        if (samples < 1 || batchSize < 1) {
            throw new IllegalArgumentException("Batches need one sample or more, of one or more; given " + samples
                    + " samples in batches of " + batchSize);
        }
        batchSize = Math.min(batchSize, samples);
    }

    /** Batches of which the last of an epoch may be shorter. */
    public static Batches of(long seed, int samples, int batchSize) {
        return new Batches(seed, samples, batchSize, false);
    }

    /**
     * One batch.
     *
     * @param step its number, from 0 through all epochs
     * @param epoch that it belongs to, from 0
     * @param indices of its samples
     */
    public record Batch(long step, long epoch, int[] indices) {}

    /** How many steps an epoch has. */
    public int stepsPerEpoch() {
        return dropLast ? samples / batchSize : Math.ceilDiv(samples, batchSize);
    }

    /**
     * The epoch a step belongs to, from 0.
     *
     * @throws IllegalArgumentException if the step is negative
     */
    public long epoch(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("Steps are counted from 0; given " + step);
        }
        return step / stepsPerEpoch();
    }

    /** The order of the samples in an epoch. */
    public int[] order(long epoch) {
        return Shuffle.order(seed, epoch, samples);
    }

    /**
     * The samples of one step. This draws the whole order of its epoch; {@link #from} does that once an epoch.
     *
     * @param step from 0
     */
    public int[] batch(long step) {
        return cut(order(epoch(step)), step);
    }

    private int[] cut(int[] order, long step) {
        int start = (int) (step % stepsPerEpoch()) * batchSize;
        return Arrays.copyOfRange(order, start, Math.min(samples, start + batchSize));
    }

    /**
     * The batches from a step on, without end.
     *
     * @param first the first step, from 0
     */
    public Iterator<Batch> from(long first) {
        return new Iterator<>() {
            private long step = first;
            private long epoch = epoch(first);
            private int[] order = order(epoch);

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Batch next() {
                if (epoch(step) != epoch) {
                    epoch = epoch(step);
                    order = order(epoch);
                }
                Batch batch = new Batch(step, epoch, cut(order, step));
                step++;
                return batch;
            }
        };
    }
}
