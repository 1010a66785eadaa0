package org.quotient.geometry.functional.sampling;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Points;

/**
 * Draws points for a network, in rounds at different distances from the origin.
 *
 * @param subject the network at θ
 * @param sampling how
 * @param needed how many points the rank needs at least
 */
public record DrawnPoints(Subject subject, Sampling sampling, int needed) {
    /** The radii of rounds, which repeat: near ones first. */
    public static final List<Double> RADII = List.of(1.0, 0.1, 10.0, 0.01, 100.0, 0.001, 1000.0);

    /** So many points along lines a round may have, or twice as many as are needed. */
    private static final int LINE_POINTS = 2_048;

    /** How many points are there at a time at most. */
    public int atOnce() {
        return Math.min(sampling.most(), Math.max(normal(), line()));
    }

    private int normal() {
        return Math.max(64, needed + needed / 8);
    }

    private int line() {
        return Math.max(LINE_POINTS, 2 * needed);
    }

    /**
     * Normal points: as many as are needed and some more.
     *
     * @param most no more than that
     */
    public Points normal(CounterRandom random, double radius, int most) {
        int count = Math.min(most, normal());
        List<Tensor> tensors = new ArrayList<>();
        for (Expr input : subject.masked().inputs()) {
            CounterRandom stream = random.split(Network.nameOf(input));
            double[] x = new double[input.shape().bind(count).elements()];
            for (int i = 0; i < x.length; i++) {
                x[i] = radius * stream.normal(i);
            }
            tensors.add(Tensor.of(input.shape().bind(count), x));
        }
        return Points.of(subject.model().network(), tensors);
    }

    /**
     * Points on both sides of every bend along random lines.
     *
     * @param most no more than that
     */
    public Points along(CounterRandom random, double radius, int most) {
        int size = subject.masked().inputs().stream()
                .mapToInt(x -> x.shape().bind(1).elements())
                .sum();
        int around = Math.min(size, 6);
        // Networks with many kinks have more pieces on a line than a round needs.
        int enough = Math.min(most, line());
        return new LineWalk(subject, random.split("lines"), sampling.lines(), radius, around).points(enough);
    }
}
