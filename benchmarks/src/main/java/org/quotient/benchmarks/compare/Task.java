package org.quotient.benchmarks.compare;

import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.benchmarks.torch.TorchProgram;

/**
 * A classifier to be trained by gradient descent on the cross-entropy of one batch that is in memory: what both sides do.
 *
 * @param model network in training mode, with its first weights
 * @param loss the loss as an expression of inputs, parameters and {@link #LABELS}
 * @param x the batch
 * @param labels its labels, [N]
 * @param rate the learning rate, small: the work is to be the same in every step
 * @param seed that everything was drawn from
 */
record Task(Model model, Expr loss, Tensor x, Tensor labels, double rate, long seed) {
    /** The variable of the labels. */
    static final String LABELS = "labels";

    private static final double RATE = 1e-4;

    /** A built-in network on random data; see {@link #of(Model, int, long)}. */
    static Task of(String spec, int batch, long seed) {
        return of(BuiltIns.model(spec, seed), batch, seed);
    }

    /**
     * Random inputs and labels for a classifier.
     *
     * @param given a network with one input and one output [N, classes]
     * @param batch the number of samples
     * @param seed any number
     */
    static Task of(Model given, int batch, long seed) {
        Model model = new Model(TrainingMode.of(given.network()), given.weights());
        Expr input = model.network().inputs().get(0);
        Expr output = model.network().outputs().get(0);
        DType dtype = output.dtype();
        CounterRandom random = CounterRandom.seeded(seed);
        CounterRandom classes = random.split("labels");
        Tensor x = Tensor.fill(input.shape().bind(batch), dtype, random.split("inputs")::normal);
        int count = output.shape().size(1);
        Tensor labels = Tensor.fill(Shape.of(batch), dtype, i -> classes.below(i, count));
        Expr loss = Layers.crossEntropy(output, Expr.input(LABELS, dtype, Shape.of(Shape.N)));
        return new Task(model, loss, x, labels, RATE, seed);
    }

    /** Values of all variables by name. */
    Map<String, Tensor> values() {
        Map<String, Tensor> values = model.weights().asMap();
        model.network().buffers().forEach(b -> values.remove(Network.nameOf(b)));
        values.put(Network.nameOf(model.network().inputs().get(0)), x);
        values.put(LABELS, labels);
        return values;
    }

    /** The same work for libtorch. */
    TorchProgram torch() {
        return TorchProgram.descent(model, TorchProgram.LossKind.CROSS_ENTROPY, x, labels, rate);
    }

    /** Normal numbers that belong to a name. */
    IntToDoubleFunction random(String name) {
        return CounterRandom.seeded(seed).split(name)::normal;
    }
}
