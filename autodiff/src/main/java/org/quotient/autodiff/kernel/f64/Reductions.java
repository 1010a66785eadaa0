package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Sums and maxima over axes of a chain. Sums along a run go by blocks, each summed in lanes, and block sums are added in
 * double precision; sums across runs are kept in double precision too. The order depends on sizes only.
 */
final class Reductions {
    private static final int LEAST_SHARD = 32_768;
    private static final int SHARDS = 8;

    /** Runs of products of at least this length are summed each for itself. */
    static final int LONG = 128;

    private Reductions() {}

    static List<Step> steps(Op.ReduceKind kind, Chain chain, List<Integer> axes, List<Place> in, Place out) {
        Space space = Space.of(chain, axes);
        int last = space.sizes().length - 1;
        int results = 1;
        for (int axis = 0; axis <= last; axis++) {
            results *= space.reduced()[axis] ? 1 : space.sizes()[axis];
        }
        int wanted = Math.clamp(chain.elements() / LEAST_SHARD, 1, SHARDS);
        // Shards take runs in turn; each has partial results of its own, added in the order of the shards.
        int shards = Math.max(1, Math.min(wanted, space.runs()));
        if (space.runs() == 1 && wanted > 1) {
            shards = wanted;
        }
        if ((long) shards * results > chain.elements()) {
            shards = 1;
        }
        ColumnSums columns = kind == Op.ReduceKind.SUM ? ColumnSums.of(chain, space, in, out, wanted) : null;
        if (columns != null) {
            return List.of(columns);
        }
        Summed product = product(kind, chain, space);
        if (product != null && product.instructions() == chain.code().size() && RowSums.fits(space)) {
            return List.of(new RowSums(
                    space,
                    product,
                    chain.loads().stream().map(load -> in.get(load.operand())).toList(),
                    out,
                    Math.min(wanted, space.runs())));
        }
        double /*wide*/[][] partial = new double /*wide*/[shards][results];
        Space values = Space.of(chain);
        Frame[] frames = new Frame[shards];
        int stored = chain.stores().get(0);
        for (int s = 0; s < shards; s++) {
            frames[s] = new Frame(chain, values, in, List.of(), product == null ? 0 : product.instructions());
        }
        Part part = new Part(kind, space, values.run(), frames, partial, stored, product);
        Finish finish = new Finish(kind, partial, F64Kernels.array(out), out.offset());
        return shards == 1 ? List.of(new Both(part, finish)) : List.of(part, finish);
    }

    /**
     * A product that is summed along runs, and not made first.
     *
     * @param x register of a factor
     * @param y register of another
     * @param z register of what the product of both is multiplied by, or −1
     */
    record Summed(int x, int y, int z) {
        /** How many instructions of the chain this replaces, the last ones. */
        int instructions() {
            return z < 0 ? 1 : 2;
        }

        /** Whether there is a square and nothing else. */
        boolean isSquare() {
            return z < 0 && x == y;
        }

        /** Whether a square is multiplied by something. */
        boolean isWeightedSquare() {
            return z >= 0 && x == y;
        }

        double sum(int n, Frame frame, int done) {
            return z < 0
                    ? Loops.dot(n, frame.array(x), frame.offset(x) + done, frame.array(y), frame.offset(y) + done)
                    : Loops.dot(
                            n,
                            frame.array(x),
                            frame.offset(x) + done,
                            frame.array(y),
                            frame.offset(y) + done,
                            frame.array(z),
                            frame.offset(z) + done);
        }
    }

    /** The product that is summed along runs; null if it is another reduction. */
    private static @Nullable Summed product(Op.ReduceKind kind, Chain chain, Space space) {
        int loads = chain.loads().size();
        int count = chain.code().size();
        if (count == 0
                || kind != Op.ReduceKind.SUM
                || !space.reduced()[space.sizes().length - 1]
                || chain.stores().get(0) != loads + count - 1
                || !(chain.code().getLast() instanceof Chain.Binary last && last.kind() == Op.BinaryKind.MUL)) {
            return null;
        }
        if (count == 2
                && chain.code().getFirst() instanceof Chain.Binary first
                && first.kind() == Op.BinaryKind.MUL
                && Math.max(first.x(), first.y()) < loads
                && Math.min(last.x(), last.y()) < loads
                && Math.max(last.x(), last.y()) == loads) {
            return new Summed(first.x(), first.y(), Math.min(last.x(), last.y()));
        }
        return new Summed(last.x(), last.y(), -1);
    }

    private record Both(Part part, Finish finish) implements Step {
        @Override
        public int shards() {
            return 1;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            part.run(0, scratch);
            finish.run(0, scratch);
        }
    }

    /** The partial results of a range of elements; those of one run of values are computed together. */
    private record Part(
            Op.ReduceKind kind,
            Space space,
            int values,
            Frame[] frames,
            double /*wide*/[][] partial,
            int stored,
            @Nullable Summed product)
            implements Step {
        @Override
        public int shards() {
            return frames.length;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            double /*wide*/[] results = partial[shard];
            Arrays.fill(results, kind == Op.ReduceKind.MAX ? Double.NEGATIVE_INFINITY : 0);
            Frame frame = frames[shard];
            int length = space.run();
            long all = (long) space.runs() * length;
            boolean whole = space.runs() > 1;
            long first = whole ? (long) space.runs() * shard / frames.length * length : all * shard / frames.length;
            long last = whole
                    ? (long) space.runs() * (shard + 1) / frames.length * length
                    : all * (shard + 1) / frames.length;
            frame.begin((int) (last - first), scratch);
            for (long at = first; at < last; ) {
                int run = (int) (at / values);
                int from = (int) (at - (long) run * values);
                int most = frame.isInPlace(length) ? Integer.MAX_VALUE : Frame.BLOCK;
                if (product != null && length >= LONG) {
                    most = (int) Math.min(most, length - at % length);
                } else {
                    most = Math.min(most, Frame.BLOCK);
                }
                int n = (int) Math.min(Math.min(most, values - from), last - at);
                frame.compute(run, from, n, -1, scratch);
                if (product != null) {
                    dots(results, at, n, frame, product);
                } else {
                    reduce(results, at, n, frame.array(stored), frame.offset(stored));
                }
                at += n;
            }
        }

        /** Brings products of elements at, ..., at + n − 1 to their results. */
        private void dots(double /*wide*/[] results, long at, int n, Frame frame, Summed of) {
            int length = space.run();
            int run = (int) (at / length);
            int from = (int) (at - (long) run * length);
            for (int done = 0; done < n; run++, from = 0) {
                int count = Math.min(length - from, n - done);
                results[result(run)] += of.sum(count, frame, done);
                done += count;
            }
        }

        /** Brings elements at, ..., at + n − 1 to their results. */
        private void reduce(double /*wide*/[] results, long at, int n, double[] x, int xo) {
            int length = space.run();
            boolean inner = space.reduced()[space.sizes().length - 1];
            int run = (int) (at / length);
            int from = (int) (at - (long) run * length);
            for (int done = 0; done < n; run++, from = 0) {
                int count = Math.min(length - from, n - done);
                int to = result(run) + (inner ? 0 : from);
                if (inner) {
                    results[to] = along(results[to], count, x, xo + done);
                } else if (kind == Op.ReduceKind.SUM && repeats(run, to, from, n - done)) {
                    four(results, to, length, x, xo + done);
                    run += 3;
                    count = 4 * length;
                } else {
                    across(results, to, count, x, xo + done);
                }
                done += count;
            }
        }

        /** Whether this and the next three runs, all there, have the same results. */
        private boolean repeats(int run, int to, int from, int left) {
            return from == 0
                    && left >= 4 * space.run()
                    && result(run + 1) == to
                    && result(run + 2) == to
                    && result(run + 3) == to;
        }

        /** Four runs at a time, in the same order. */
        private static void four(double /*wide*/[] results, int to, int n, double[] x, int xo) {
            for (int i = 0; i < n; i++) {
                double /*wide*/ sum = results[to + i] + x[xo + i];
                sum += x[xo + n + i];
                sum += x[xo + 2 * n + i];
                results[to + i] = sum + x[xo + 3 * n + i];
            }
        }

        private double /*wide*/ along(double /*wide*/ before, int n, double[] x, int xo) {
            if (kind == Op.ReduceKind.SUM) {
                return before + Loops.sum(n, x, xo);
            }
            double /*wide*/ most = before;
            for (int i = 0; i < n; i++) {
                most = Math.max(most, x[xo + i]);
            }
            return most;
        }

        private void across(double /*wide*/[] results, int to, int n, double[] x, int xo) {
            if (kind == Op.ReduceKind.SUM) {
                for (int i = 0; i < n; i++) {
                    results[to + i] += x[xo + i];
                }
            } else {
                for (int i = 0; i < n; i++) {
                    results[to + i] = Math.max(results[to + i], x[xo + i]);
                }
            }
        }

        /** Index of the (first) result of a run. */
        private int result(int run) {
            int last = space.sizes().length - 1;
            int stride = space.reduced()[last] ? 1 : space.run();
            int at = 0;
            int rest = run;
            for (int axis = last - 1; axis >= 0; axis--) {
                if (!space.reduced()[axis]) {
                    at += rest % space.sizes()[axis] * stride;
                    stride *= space.sizes()[axis];
                }
                rest /= space.sizes()[axis];
            }
            return at;
        }
    }

    /** Partial results put together. */
    private record Finish(Op.ReduceKind kind, double /*wide*/[][] partial, double[] out, int offset) implements Step {
        @Override
        public int shards() {
            return 1;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            for (int i = 0; i < partial[0].length; i++) {
                double /*wide*/ total = partial[0][i];
                for (int s = 1; s < partial.length; s++) {
                    total = kind == Op.ReduceKind.SUM ? total + partial[s][i] : Math.max(total, partial[s][i]);
                }
                out[offset + i] = (double) total;
            }
        }
    }

    static List<Step> firstMaximum(List<Integer> sizes, List<Integer> axes, Place xPlace, Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        int[] best = new int[results(sizes, axes)];
        double[] x = F64Kernels.array(xPlace);
        double[] to = F64Kernels.array(out);
        Whole all = () -> {
            Arrays.fill(best, -1);
            Arrays.fill(to, out.offset(), out.offset() + elements, 0);
            for (int e = 0; e < elements; e++) {
                int group = result(sizes, axes, e);
                double candidate = x[xPlace.offset() + e];
                if (best[group] < 0 || beats(candidate, x[xPlace.offset() + best[group]])) {
                    best[group] = e;
                }
            }
            for (int e : best) {
                if (e >= 0) {
                    to[out.offset() + e] = 1;
                }
            }
        };
        return List.of(all);
    }

    /** Whether a later element takes the place of the best so far: a larger one, or the first NaN. */
    static boolean beats(double candidate, double best) {
        return candidate > best || Double.isNaN(candidate) && !Double.isNaN(best);
    }

    static int results(List<Integer> sizes, List<Integer> axes) {
        int count = 1;
        for (int axis = 0; axis < sizes.size(); axis++) {
            count *= axes.contains(axis) ? 1 : sizes.get(axis);
        }
        return count;
    }

    /** Index, among the results, of what an element is reduced to. */
    static int result(List<Integer> sizes, List<Integer> axes, int element) {
        int at = 0;
        int stride = 1;
        int rest = element;
        for (int axis = sizes.size() - 1; axis >= 0; axis--) {
            if (!axes.contains(axis)) {
                at += rest % sizes.get(axis) * stride;
                stride *= sizes.get(axis);
            }
            rest /= sizes.get(axis);
        }
        return at;
    }
}
