package org.quotient.geometry.functional.sampling;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;

/**
 * Walks along random lines from linear region to linear region: on a piece, the arguments of all kinks are affine along the line,
 * so their nearest zero tells where the piece ends, however thin it is. Both sides of every bend on the line are met; this is
 * what points drawn from one distribution miss (thin regions, regions far out). Where arguments are no affine functions (products
 * of activations), the ends are estimates, and the points as good as any.
 */
public final class LineWalk {
    private static final int STEPS = 400;

    private final Subject subject;
    private final CounterRandom random;
    private final int lines;
    private final int around;
    private final double[][] base;
    private final double[][] direction;
    private final List<double[][]> found = new ArrayList<>();

    /**
     * @param lines how many
     * @param radius how far from the origin the lines are drawn
     * @param around how many further points near the one in the middle of each piece
     */
    public LineWalk(Subject subject, CounterRandom random, int lines, double radius, int around) {
        this.subject = subject;
        this.random = random;
        this.lines = lines;
        this.around = around;
        int inputs = subject.masked().inputs().size();
        this.base = new double[inputs][];
        this.direction = new double[inputs][];
        for (int i = 0; i < inputs; i++) {
            int size = lines * sampleSize(i);
            base[i] = new double[size];
            direction[i] = new double[size];
            CounterRandom stream = random.split(i);
            for (int j = 0; j < size; j++) {
                base[i][j] = radius * stream.normal(2L * j);
                direction[i][j] = radius * stream.normal(2L * j + 1);
            }
        }
    }

    private int sampleSize(int input) {
        return subject.masked().inputs().get(input).shape().bind(1).elements();
    }

    /** The points found, at most so many. */
    public Points points(int most) {
        walk(1, most / 2);
        walk(-1, most);
        int inputs = base.length;
        int count = Math.min(most, found.size());
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            int size = sampleSize(i);
            double[] all = new double[count * size];
            for (int k = 0; k < count; k++) {
                System.arraycopy(found.get(k)[i], 0, all, k * size, size);
            }
            tensors.add(Tensor.of(subject.masked().inputs().get(i).shape().bind(count), all));
        }
        return Points.of(subject.model().network(), tensors);
    }

    private void walk(int sense, int most) {
        double[] t = new double[lines];
        boolean[] done = new boolean[lines];
        for (int step = 0; step < STEPS && found.size() < most; step++) {
            int[] active = java.util.stream.IntStream.range(0, lines)
                    .filter(l -> !done[l])
                    .toArray();
            if (active.length == 0) {
                return;
            }
            advance(active, t, done, sense);
        }
    }

    /** From the pieces in which the lines are at t to the next ones. */
    private void advance(int[] active, double[] t, boolean[] done, int sense) {
        Points here = at(active, t);
        Patterns patterns = subject.decider().decideQuickly(here);
        boolean[] known = new boolean[active.length];
        for (int index : patterns.indices()) {
            known[index] = true;
        }
        for (int k = 0; k < active.length; k++) {
            if (!known[k]) {
                // On a kink or too near: a small step leaves it.
                t[active[k]] += sense * leap(t[active[k]]) * 1e3;
            }
        }
        int[] lineOf =
                java.util.Arrays.stream(patterns.indices()).map(i -> active[i]).toArray();
        if (lineOf.length == 0) {
            return;
        }
        double[] step = new double[lines];
        double[] moved = t.clone();
        for (int line : lineOf) {
            step[line] = Math.max(1e-3, Math.abs(t[line]));
            moved[line] += step[line];
        }
        List<double[]> now = arguments(patterns.points(), patterns.masks());
        List<double[]> then = arguments(at(lineOf, moved), patterns.masks());
        for (int k = 0; k < lineOf.length; k++) {
            int line = lineOf[k];
            PieceEnds ends = new PieceEnds();
            for (int j = 0; j < now.size(); j++) {
                Kink kink = subject.masked().kinks().get(j);
                if (kink.perSample()) {
                    ends.narrow(kink, now.get(j), then.get(j), k, lineOf.length, step[line]);
                }
            }
            double before = t[line] + ends.before();
            double after = t[line] + ends.after();
            collect(line, before, after, t[line]);
            double next = sense > 0 ? after : before;
            done[line] = Double.isInfinite(next) || Math.abs(next) > 1e12;
            t[line] = next + sense * leap(next);
        }
    }

    private static double leap(double t) {
        return Math.max(1e-13, Math.abs(t) * 1e-11);
    }

    private void collect(int line, double before, double after, double inside) {
        double middle;
        double width;
        if (Double.isInfinite(before) && Double.isInfinite(after)) {
            middle = inside;
            width = 1;
        } else if (Double.isInfinite(after)) {
            width = 1 + Math.abs(before);
            middle = before + width;
        } else if (Double.isInfinite(before)) {
            width = 1 + Math.abs(after);
            middle = after - width;
        } else {
            width = after - before;
            middle = before + width / 2;
        }
        add(line, middle - width / 4, 0);
        add(line, middle + width / 4, 0);
        for (int i = 0; i < around; i++) {
            add(line, middle, width / 8);
        }
    }

    private void add(int line, double t, double noise) {
        double[][] point = new double[base.length][];
        long draw = found.size();
        for (int i = 0; i < base.length; i++) {
            int size = sampleSize(i);
            CounterRandom stream =
                    noise == 0 ? random : random.split("near").split(i).split(draw);
            double[] x = new double[size];
            for (int j = 0; j < size; j++) {
                double d = direction[i][line * size + j];
                double off = noise == 0 ? 0 : noise * stream.normal(j) * Math.abs(d);
                x[j] = base[i][line * size + j] + t * d + off;
            }
            point[i] = x;
        }
        for (double[] x : point) {
            for (double value : x) {
                if (!Double.isFinite(value)) {
                    return;
                }
            }
        }
        found.add(point);
    }

    private Points at(int[] which, double[] t) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < base.length; i++) {
            int size = sampleSize(i);
            double[] x = new double[which.length * size];
            for (int k = 0; k < which.length; k++) {
                for (int j = 0; j < size; j++) {
                    int from = which[k] * size + j;
                    x[k * size + j] = base[i][from] + t[which[k]] * direction[i][from];
                }
            }
            tensors.add(Tensor.of(subject.masked().inputs().get(i).shape().bind(which.length), x));
        }
        return Points.of(subject.model().network(), tensors);
    }

    /** The arguments of all kinks at points, with given masks. */
    private List<double[]> arguments(Points points, List<Tensor> masks) {
        Map<String, Tensor> given = new LinkedHashMap<>(subject.decider().parameters());
        for (int i = 0; i < base.length; i++) {
            given.put(
                    Network.nameOf(subject.masked().inputs().get(i)),
                    points.doubles().get(i));
        }
        List<Expr> wanted = new ArrayList<>();
        for (int k = 0; k < masks.size(); k++) {
            Kink kink = subject.masked().kinks().get(k);
            given.put(Network.nameOf(kink.mask()), masks.get(k));
            wanted.add(kink.argument());
        }
        return Evaluator.evaluate(wanted, given, points.count()).stream()
                .map(Tensor::data)
                .toList();
    }
}
