package org.quotient.experiments.dimension;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.Law;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.initialisation.Layered;
import org.quotient.geometry.functional.pattern.Points;

/**
 * A chain of dense layers with ReLU between, weights N(0, 2/fan-in) as He et al. 2015 draw them, and normal biases.
 *
 * @param widths n_0, ..., n_d
 * @param biasDeviation s_b, the standard deviation of the biases, positive
 */
public record Chain(List<Integer> widths, double biasDeviation) {
    /** Copies the list. */
    public Chain {
        widths = List.copyOf(widths);
    }

    /** The network with its laws; layers fc1, fc2, ... */
    InitialisedNetwork network() {
        List<Law> weights = new ArrayList<>();
        List<Law> biases = new ArrayList<>();
        for (int l = 1; l < widths.size(); l++) {
            weights.add(new Law.Normal(Math.sqrt(2.0 / widths.get(l - 1))));
            biases.add(new Law.Normal(biasDeviation));
        }
        return new Layered(text(), widths, weights, biases).network();
    }

    /** The widths, such as 2-3-3-1. */
    String text() {
        return String.join("-", widths.stream().map(String::valueOf).toList());
    }

    /** D: weights and biases. */
    int parameters() {
        int sum = 0;
        for (int l = 1; l < widths.size(); l++) {
            sum += widths.get(l) * (widths.get(l - 1) + 1);
        }
        return sum;
    }

    /** N(0, I) points times a radius, as the published experiment draws them for radius 1. */
    static Points normal(Network network, int count, double radius, long seed) {
        int inputs = network.inputs().getFirst().shape().bind(1).elements();
        CounterRandom random = CounterRandom.seeded(seed).split("normal points");
        double[] x = new double[count * inputs];
        for (int i = 0; i < x.length; i++) {
            x[i] = radius * random.normal(i);
        }
        return joined(network, List.of(x));
    }

    /** Points one after the other, each list row-major. */
    static Points joined(Network network, List<double[]> rows) {
        int inputs = network.inputs().getFirst().shape().bind(1).elements();
        double[] x = rows.stream().flatMapToDouble(DoubleStream::of).toArray();
        return Points.of(network, List.of(Tensor.of(Shape.of(x.length / inputs, inputs), DType.F64, x)));
    }

    /**
     * Units that are off at all points of a set, and units that are on at all of them.
     *
     * @param dead off everywhere
     * @param alwaysOn on everywhere
     */
    record Idle(int dead, int alwaysOn) {}

    /** Counts, in floating point: for a description, not for a proof. */
    Idle idle(Weights weights, Points points) {
        double[] x = points.doubles().getFirst().data();
        int count = points.count();
        int dead = 0;
        int alwaysOn = 0;
        for (int l = 1; l < widths.size() - 1; l++) {
            double[] w = weights.get("fc" + l + ".weight").data();
            double[] b = weights.get("fc" + l + ".bias").data();
            int in = widths.get(l - 1);
            int out = widths.get(l);
            double[] y = new double[count * out];
            for (int unit = 0; unit < out; unit++) {
                int on = 0;
                for (int n = 0; n < count; n++) {
                    double sum = b[unit];
                    for (int i = 0; i < in; i++) {
                        sum += w[unit * in + i] * x[n * in + i];
                    }
                    on += sum > 0 ? 1 : 0;
                    y[n * out + unit] = Math.max(0, sum);
                }
                dead += on == 0 ? 1 : 0;
                alwaysOn += on == count ? 1 : 0;
            }
            x = y;
        }
        return new Idle(dead, alwaysOn);
    }
}
