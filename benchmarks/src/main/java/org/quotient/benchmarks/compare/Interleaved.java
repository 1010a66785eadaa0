package org.quotient.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.quotient.benchmarks.compare.Contender.Sample;

/**
 * Contenders timed in turn, block by block, so that whatever else the machine does meets all of them alike.
 *
 * @param repetitions blocks of each
 * @param block least seconds of a block
 * @param warmUp seconds that each runs before anything counts
 * @param progress told what is going on
 */
record Interleaved(int repetitions, double block, double warmUp, Consumer<String> progress) {
    private static final int MOST_STEPS = 1 << 22;

    /**
     * What one contender did.
     *
     * @param contender who
     * @param steps of each block
     * @param samples one per repetition, in order
     * @param check the number after a few steps from the first weights
     * @param allocation bytes of heap per step, NaN if not known
     */
    record Series(String contender, int steps, List<Sample> samples, double check, double allocation) {
        /** Seconds per step by the clock on the wall, in order. */
        double[] wall() {
            return samples.stream().mapToDouble(s -> s.wall() / steps).toArray();
        }

        /** Seconds of processor time per step, in order. */
        double[] cpu() {
            return samples.stream().mapToDouble(s -> s.cpu() / steps).toArray();
        }
    }

    /** Steps after which contenders are compared: few enough that rounding has not grown. */
    private static final int CHECK_STEPS = 3;

    /** Warms all up, then times them in turn; who begins changes from repetition to repetition. */
    List<Series> measure(List<Contender> contenders) {
        int count = contenders.size();
        int[] steps = new int[count];
        double[] checks = new double[count];
        double[] allocations = new double[count];
        for (int i = 0; i < count; i++) {
            Contender contender = contenders.get(i);
            progress.accept("warming up " + contender.name());
            contender.reset();
            checks[i] = contender.run(CHECK_STEPS).value();
            steps[i] = stepsFor(contender);
            allocations[i] = contender.allocation(steps[i]);
        }
        List<List<Sample>> samples = new ArrayList<>();
        contenders.forEach(c -> samples.add(new ArrayList<>()));
        for (int r = 0; r < repetitions; r++) {
            progress.accept("repetition " + (r + 1) + " of " + repetitions);
            for (int k = 0; k < count; k++) {
                int i = (k + r) % count;
                contenders.get(i).reset();
                samples.get(i).add(contenders.get(i).run(steps[i]));
            }
        }
        List<Series> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Series(
                    contenders.get(i).name(), steps[i], List.copyOf(samples.get(i)), checks[i], allocations[i]));
        }
        return all;
    }

    /**
     * The fastest of several variants of one peer, by the least time of some blocks; the others are closed.
     *
     * @param variants at least one
     */
    Contender fastest(List<Contender> variants) {
        Contender best = variants.get(0);
        if (variants.size() == 1) {
            return best;
        }
        Interleaved trial = new Interleaved(5, block / 2, warmUp / 2, what -> progress.accept("trial: " + what));
        double least = Double.POSITIVE_INFINITY;
        List<Series> results = trial.measure(variants);
        for (int i = 0; i < variants.size(); i++) {
            double time = java.util.Arrays.stream(results.get(i).wall()).min().orElse(Double.POSITIVE_INFINITY);
            if (time < least) {
                least = time;
                best = variants.get(i);
            }
        }
        for (Contender variant : variants) {
            if (variant != best) {
                variant.close();
            }
        }
        return best;
    }

    /** Runs blocks of growing length until the warm-up is over, and gives the steps of one block. */
    private int stepsFor(Contender contender) {
        int steps = 1;
        double perStep = Double.POSITIVE_INFINITY;
        for (double spent = 0; spent < warmUp; ) {
            contender.reset();
            double wall = contender.run(steps).wall();
            spent += Math.max(wall, 1e-6);
            perStep = wall / steps;
            steps = wanted(perStep);
        }
        return wanted(perStep);
    }

    private int wanted(double perStep) {
        return (int) Math.max(1, Math.min(MOST_STEPS, Math.ceil(block / Math.max(perStep, 1e-9))));
    }
}
