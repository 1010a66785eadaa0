package org.quotient.autodiff.kernel.f64;

import java.util.Collections;
import java.util.List;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** Standardisation: statistics in two passes and in double precision, then one pass that writes. */
final class Normalisations {
    private static final int LEAST_SHARD = 16_384;
    private static final int SHARDS = 16;

    private Normalisations() {}

    static List<Step> standardise(
            List<Integer> sizes, List<Integer> axes, double /*wide*/ epsilon, Place x, Place out) {
        Groups groups = Groups.of(sizes, axes);
        double /*wide*/[] mean = new double /*wide*/[groups.count()];
        double /*wide*/[] deviation = new double /*wide*/[groups.count()];
        return List.of(new Standardise(
                groups,
                epsilon,
                F64Kernels.array(x),
                x.offset(),
                F64Kernels.array(out),
                out.offset(),
                mean,
                deviation));
    }

    static List<Step> standardiseWith(
            List<Integer> sizes,
            List<Integer> axes,
            double /*wide*/ epsilon,
            Place x,
            Place mean,
            Place variance,
            Place out) {
        Groups groups = Groups.of(sizes, axes);
        return List.of(new StandardiseWith(
                groups,
                epsilon,
                F64Kernels.array(x),
                x.offset(),
                F64Kernels.array(mean),
                mean.offset(),
                F64Kernels.array(variance),
                variance.offset(),
                F64Kernels.array(out),
                out.offset()));
    }

    /**
     * The runs of a tensor by the group whose statistics they share.
     *
     * @param length of a run
     * @param along whether a run lies in one group; otherwise its elements belong to neighbouring groups
     * @param first per run its group, or that of its first element
     * @param shards the runs of each shard: those of a group are all in one shard
     * @param count number of groups
     * @param size elements of a group
     */
    private record Groups(int length, boolean along, int[] first, int[][] shards, int count, double /*wide*/ size) {
        static Groups of(List<Integer> sizes, List<Integer> axes) {
            int elements = sizes.stream().reduce(1, Math::multiplyExact);
            Chain read = new Chain(sizes, List.of(new Chain.Load(0, rowMajor(sizes))), List.of(), List.of(0));
            Space space = Space.of(read, axes.isEmpty() ? List.of(sizes.size()) : axes);
            int last = space.sizes().length - 1;
            boolean along = space.reduced()[last] || axes.isEmpty() && space.run() == 1;
            int[] first = new int[space.runs()];
            int count = along ? 1 : space.run();
            for (int axis = 0; axis < last; axis++) {
                count *= space.reduced()[axis] ? 1 : space.sizes()[axis];
            }
            for (int run = 0; run < first.length; run++) {
                int stride = along ? 1 : space.run();
                int rest = run;
                for (int axis = last - 1; axis >= 0; axis--) {
                    if (!space.reduced()[axis]) {
                        first[run] += rest % space.sizes()[axis] * stride;
                        stride *= space.sizes()[axis];
                    }
                    rest /= space.sizes()[axis];
                }
            }
            int wanted = Math.clamp(elements / LEAST_SHARD, 1, SHARDS);
            int blocks = Math.max(1, along ? count : count / space.run());
            int shards = Math.min(wanted, blocks);
            int unit = along ? 1 : space.run();
            int[][] runs = new int[shards][];
            for (int s = 0; s < shards; s++) {
                int from = (int) ((long) blocks * s / shards) * unit;
                int to = (int) ((long) blocks * (s + 1) / shards) * unit;
                runs[s] = java.util.stream.IntStream.range(0, first.length)
                        .filter(run -> first[run] >= from && first[run] < to)
                        .toArray();
            }
            return new Groups(space.run(), along, first, runs, count, (double /*wide*/) elements / Math.max(1, count));
        }

        private static List<Integer> rowMajor(List<Integer> sizes) {
            java.util.ArrayList<Integer> strides = new java.util.ArrayList<>();
            int step = 1;
            for (int axis = sizes.size() - 1; axis >= 0; axis--) {
                strides.add(step);
                step *= sizes.get(axis);
            }
            Collections.reverse(strides);
            return strides;
        }
    }

    private record Standardise(
            Groups groups,
            double /*wide*/ epsilon,
            double[] x,
            int xo,
            double[] z,
            int zo,
            double /*wide*/[] mean,
            double /*wide*/[] deviation)
            implements Step {
        @Override
        public int shards() {
            return groups.shards().length;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int[] runs = groups.shards()[shard];
            int n = groups.length();
            for (int run : runs) {
                clear(groups.first()[run]);
            }
            for (int run : runs) {
                int g = groups.first()[run];
                int at = xo + run * n;
                if (groups.along()) {
                    mean[g] += sum(at, n) / groups.size();
                } else {
                    for (int i = 0; i < n; i++) {
                        mean[g + i] += x[at + i] / groups.size();
                    }
                }
            }
            for (int run : runs) {
                int g = groups.first()[run];
                int at = xo + run * n;
                if (groups.along()) {
                    deviation[g] += squares(at, n, mean[g]) / groups.size();
                } else {
                    for (int i = 0; i < n; i++) {
                        double /*wide*/ centred = x[at + i] - mean[g + i];
                        deviation[g + i] += centred * centred / groups.size();
                    }
                }
            }
            for (int run : runs) {
                int g = groups.first()[run];
                int at = run * n;
                if (groups.along()) {
                    Loops.standardise(n, x, xo + at, mean[g], 1 / Math.sqrt(deviation[g] + epsilon), z, zo + at);
                } else {
                    for (int i = 0; i < n; i++) {
                        z[zo + at + i] =
                                (double) ((x[xo + at + i] - mean[g + i]) / Math.sqrt(deviation[g + i] + epsilon));
                    }
                }
            }
        }

        private void clear(int g) {
            int n = groups.along() ? 1 : groups.length();
            java.util.Arrays.fill(mean, g, g + n, 0);
            java.util.Arrays.fill(deviation, g, g + n, 0);
        }

        /** Sums by blocks, so that single precision stays accurate in long runs. */
        private double /*wide*/ sum(int at, int n) {
            double /*wide*/ total = 0;
            for (int i = 0; i < n; i += Frame.BLOCK) {
                total += Loops.sum(Math.min(Frame.BLOCK, n - i), x, at + i);
            }
            return total;
        }

        private double /*wide*/ squares(int at, int n, double /*wide*/ centre) {
            double /*wide*/ total = 0;
            for (int i = 0; i < n; i += Frame.BLOCK) {
                total += Loops.squares(Math.min(Frame.BLOCK, n - i), x, at + i, (double) centre);
            }
            return total;
        }
    }

    private record StandardiseWith(
            Groups groups,
            double /*wide*/ epsilon,
            double[] x,
            int xo,
            double[] mean,
            int mo,
            double[] variance,
            int vo,
            double[] z,
            int zo)
            implements Step {
        @Override
        public int shards() {
            return groups.shards().length;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int n = groups.length();
            for (int run : groups.shards()[shard]) {
                int g = groups.first()[run];
                int at = run * n;
                if (groups.along()) {
                    double /*wide*/ scale = 1 / Math.sqrt(variance[vo + g] + epsilon);
                    Loops.standardise(n, x, xo + at, mean[mo + g], scale, z, zo + at);
                } else {
                    for (int i = 0; i < n; i++) {
                        z[zo + at + i] = (double)
                                ((x[xo + at + i] - mean[mo + g + i]) / Math.sqrt(variance[vo + g + i] + epsilon));
                    }
                }
            }
        }
    }
}
