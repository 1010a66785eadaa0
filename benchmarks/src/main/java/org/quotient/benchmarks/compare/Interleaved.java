package org.quotient.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.quotient.benchmarks.compare.Contender.Sample;

/**
 * Contenders timed in turn, block by block, so that whatever else the machine does meets all of them alike.
 *
 * @param repetitions blocks of each
 * @param block least seconds of a block
 * @param warmUp seconds that each runs before anything counts, more while it still gets faster
 * @param progress told what is going on
 */
public record Interleaved(int repetitions, double block, double warmUp, Consumer<String> progress) {
    private static final int MOST_STEPS = 1 << 22;
    private static final int MOST_ROUNDS = 6;

    /**
     * What one contender did.
     *
     * @param contender who
     * @param steps of each block
     * @param samples one per repetition, in order
     * @param check the number after a few steps from the first weights
     * @param allocation bytes of heap per step, NaN if not known
     */
    public record Series(String contender, int steps, List<Sample> samples, double check, double allocation) {
        /** Seconds per step by the clock on the wall, in order. */
        public double[] wall() {
            return samples.stream().mapToDouble(s -> s.wall() / steps).toArray();
        }

        /** Seconds of processor time per step, in order. */
        public double[] cpu() {
            return samples.stream().mapToDouble(s -> s.cpu() / steps).toArray();
        }
    }

    /** Steps after which contenders are compared: few enough that rounding has not grown. */
    private static final int CHECK_STEPS = 3;

    /** Warms all up, then times them in turn; who begins changes from repetition to repetition. */
    public List<Series> measure(List<Contender> contenders) {
        int count = contenders.size();
        double[] checks = new double[count];
        for (int i = 0; i < count; i++) {
            contenders.get(i).reset();
            checks[i] = contenders.get(i).run(CHECK_STEPS).value();
        }
        double[] perStep = warm(contenders);
        int[] steps = new int[count];
        double[] allocations = new double[count];
        for (int i = 0; i < count; i++) {
            steps[i] = wanted(perStep[i]);
            allocations[i] = contenders.get(i).allocation(steps[i]);
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
    public Contender fastest(List<Contender> variants) {
        Contender best = variants.get(0);
        if (variants.size() == 1) {
            return best;
        }
        Interleaved trial = new Interleaved(5, block / 2, warmUp / 2, what -> progress.accept("trial: " + what));
        double least = Double.POSITIVE_INFINITY;
        List<Series> results = trial.measure(variants);
        for (int i = 0; i < variants.size(); i++) {
            double time = Arrays.stream(results.get(i).wall()).min().orElse(Double.POSITIVE_INFINITY);
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

    /**
     * Warms up in rounds, each contender for half of its time, at least twice and until a round makes nobody a tenth faster:
     * Java compiles in the background, and a code that it has not compiled yet looks steady.
     *
     * @return the least seconds per step of each
     */
    private double[] warm(List<Contender> contenders) {
        double[] best = new double[contenders.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        boolean faster = true;
        for (int round = 1; faster && round <= MOST_ROUNDS; round++) {
            faster = false;
            for (int i = 0; i < best.length; i++) {
                progress.accept("warming up " + contenders.get(i).name());
                double now = warm(contenders.get(i), wanted(best[i]));
                faster |= now < 0.9 * best[i];
                best[i] = Math.min(best[i], now);
            }
        }
        return best;
    }

    /** Runs blocks of growing length for half of the warm-up; the least seconds per step of one that was long enough. */
    private double warm(Contender contender, int first) {
        int steps = first;
        double least = Double.POSITIVE_INFINITY;
        double spent = 0;
        do {
            contender.reset();
            double wall = contender.run(steps).wall();
            spent += Math.max(wall, 1e-6);
            least = Math.min(least, wall / steps);
            steps = wanted(wall / steps);
        } while (spent < warmUp / 2);
        return least;
    }

    private int wanted(double perStep) {
        return (int) Math.max(1, Math.min(MOST_STEPS, Math.ceil(block / Math.max(perStep, 1e-9))));
    }
}
