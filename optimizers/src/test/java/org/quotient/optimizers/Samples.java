package org.quotient.optimizers;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.optimizers.training.Batch;

/** Small networks of all families, and random batches for them. */
public final class Samples {
    private Samples() {}

    /** Networks in double precision whose parameters are edges. */
    public static List<Model> edges() {
        return List.of(
                BuiltIns.model("mlp:3-5-4-2", 1),
                BuiltIns.model("mlp:3-4-4-2,bias=false,activation=leaky:0.1", 2),
                BuiltIns.model("mlp:4-6-3", 3),
                BuiltIns.model("rnn:2-3-2,steps=3", 3),
                residualConvolution());
    }

    /** The same, and one with normalisations. */
    public static List<Model> all() {
        List<Model> all = new ArrayList<>(edges());
        all.add(normalised());
        return all;
    }

    /**
     * Two normalisations by the statistics of the batch, one with gain and shift before a ReLU, as in training. Their ε is so small
     * that scales before them are symmetries to rounding.
     */
    public static Model normalised() {
        NetworkBuilder net = NetworkBuilder.named("normalised");
        Flow x = net.input("x", 3).dense("a", 5, false);
        Flow h = normalised(net, x, "a").relu().dense("b", 4, false);
        return net.build(normalised(net, h, "b").relu().dense("c", 2)).model(6);
    }

    private static Flow normalised(NetworkBuilder net, Flow x, String name) {
        int width = x.shape().size(1);
        Expr gain = net.parameter(
                name + ".gain", new org.quotient.autodiff.network.Law.Among(List.of(0.7, 1.3, -0.8, 1.1)), width);
        Expr shift = net.parameter(name + ".shift", new org.quotient.autodiff.network.Law.Uniform(0.5), width);
        return new Flow(net, Layers.batchNorm(x.value(), gain, shift, 1e-60));
    }

    /** A stem, a residual block that ties its channels, max-pooling and a dense head. */
    public static Model residualConvolution() {
        NetworkBuilder net = NetworkBuilder.named("residual convolution");
        Flow x = net.input("x", 2, 4, 4).conv("stem", 3, Window.square(3, 1, 1)).relu();
        Flow branch = x.conv("a", 4, Window.square(3, 1, 1)).relu().conv("b", 3, Window.square(3, 1, 1));
        return net.build(x.add(branch).relu().maxPool(2).flatten().dense("head", 2))
                .model(4);
    }

    /** Activations that multiply: its parameters are no edges. */
    public static Model gated() {
        NetworkBuilder net = NetworkBuilder.named("gated");
        Flow x = net.input("x", 3).dense("in", 4).prelu("slope");
        return net.build(x.dense("up", 5).times(x.dense("gate", 5).relu()).dense("down", 2))
                .model(5);
    }

    /** Batches of normal inputs and targets of the output's shape, four samples each. */
    public static List<Batch> batches(Network network, int steps, long seed) {
        List<Batch> batches = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            CounterRandom random = CounterRandom.seeded(seed).split(t);
            List<Tensor> inputs = new ArrayList<>();
            for (Expr input : network.inputs()) {
                inputs.add(normal(input, random.split(Network.nameOf(input))));
            }
            batches.add(new Batch(inputs, normal(network.outputs().getFirst(), random.split("target"))));
        }
        return batches;
    }

    /** Normal inputs, ten samples. */
    public static List<Tensor> probe(Network network) {
        CounterRandom random = CounterRandom.seeded(99);
        return network.inputs().stream()
                .map(input ->
                        Tensor.fill(input.shape().bind(10), input.dtype(), random.split(Network.nameOf(input))::normal))
                .toList();
    }

    private static Tensor normal(Expr like, CounterRandom random) {
        return Tensor.fill(like.shape().bind(4), like.dtype(), random::normal);
    }
}
