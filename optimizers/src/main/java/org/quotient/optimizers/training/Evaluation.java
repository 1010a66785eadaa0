package org.quotient.optimizers.training;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/** Scores of a network on data, computed in double precision from its outputs. Not safe for use by several threads at a time. */
public final class Evaluation implements AutoCloseable {
    /** How many numbers of inputs or outputs go through at once. */
    private static final int BUDGET = 1 << 20;

    private final Network network;
    private final Task task;
    private final Session session;
    private final int batch;

    private Evaluation(Network network, Task task, int threads) {
        this.network = network;
        this.task = task;
        this.session = Program.of(network.outputs()).session(threads);
        int most = Math.max(
                network.inputs().getFirst().shape().bind(1).elements(),
                network.outputs().getFirst().shape().bind(1).elements());
        this.batch = Math.clamp(BUDGET / most, 1, 512);
    }

    /** Scores of a network, on so many threads. */
    public static Evaluation of(Network network, Task task, int threads) {
        return new Evaluation(network, task, threads);
    }

    /**
     * The score.
     *
     * @param weights of the network, running statistics included
     * @param part of the task's data
     */
    public Score score(Weights weights, Dataset part) {
        network.parameters().forEach(p -> set(p, weights));
        network.buffers().forEach(b -> set(b, weights));
        Tally tally = new Tally(part.classes());
        DType dtype = network.outputs().getFirst().dtype();
        for (int start = 0; start < part.size(); start += batch) {
            int[] indices =
                    IntStream.range(start, Math.min(part.size(), start + batch)).toArray();
            Batch samples = task.batch(part, indices, dtype);
            session.set(
                    Network.nameOf(network.inputs().getFirst()),
                    samples.inputs().getFirst());
            session.run();
            tally.add(
                    session.output(0),
                    samples.target(),
                    task.kind() == Task.Kind.NUMBERS ? labels(part, indices) : null);
        }
        return tally.score(task.kind());
    }

    private static double[] labels(Dataset part, int[] indices) {
        return Arrays.stream(indices).mapToDouble(part::label).toArray();
    }

    private void set(Expr variable, Weights weights) {
        String name = Network.nameOf(variable);
        if (session.program().variables().containsKey(name)) {
            session.set(name, weights.get(name));
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private static final class Tally {
        private final int classes;
        private final long[] both;
        private final long[] there;
        private final long[] said;
        private double loss;
        private long count;
        private long right;

        Tally(int classes) {
            this.classes = classes;
            this.both = new long[classes];
            this.there = new long[classes];
            this.said = new long[classes];
        }

        void add(Tensor output, Tensor target, double @org.jspecify.annotations.Nullable [] labels) {
            Shape shape = output.shape();
            int k = shape.size(1);
            int places = output.size() / (shape.size(0) * k);
            double[] f = output.data();
            double[] y = target.data();
            for (int n = 0; n < shape.size(0); n++) {
                for (int p = 0; p < places; p++) {
                    int at = n * k * places + p;
                    if (labels == null) {
                        one(f, at, places, k, (int) y[n * places + p]);
                    } else {
                        squared(f, y, at, k, (int) labels[n]);
                    }
                }
            }
        }

        private void one(double[] f, int at, int step, int k, int label) {
            if (label < 0 || label >= k) {
                return;
            }
            int best = 0;
            for (int c = 1; c < k; c++) {
                best = f[at + c * step] > f[at + best * step] ? c : best;
            }
            double most = f[at + best * step];
            double sum = 0;
            for (int c = 0; c < k; c++) {
                sum += Math.exp(f[at + c * step] - most);
            }
            loss += Math.log(sum) + most - f[at + label * step];
            judge(best, label);
        }

        private void squared(double[] f, double[] y, int at, int k, int label) {
            int best = 0;
            for (int c = 0; c < k; c++) {
                double d = f[at + c] - y[at + c];
                loss += d * d / 2;
                best = f[at + c] > f[at + best] ? c : best;
            }
            if (k == classes) {
                judge(best, label);
            } else {
                count++;
            }
        }

        private void judge(int best, int label) {
            count++;
            there[label]++;
            said[best]++;
            if (best == label) {
                right++;
                both[label]++;
            }
        }

        Score score(Task.Kind kind) {
            double iou = 0;
            int seen = 0;
            for (int c = 0; c < classes; c++) {
                long union = there[c] + said[c] - both[c];
                if (union > 0) {
                    iou += (double) both[c] / union;
                    seen++;
                }
            }
            boolean judged = Arrays.stream(there).sum() > 0;
            return new Score(
                    loss / Math.max(1, count),
                    judged ? (double) right / count : Double.NaN,
                    kind == Task.Kind.PIXELS && seen > 0 ? iou / seen : Double.NaN);
        }
    }
}
