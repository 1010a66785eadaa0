package org.quotient.optimizers.zoo;

import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;

/** Short runs, and small networks of which something is known. */
final class Runs {
    /** f = u·relu(w·x), two inputs. */
    static final Network UNIT = BuiltIns.network("mlp:2-1-1,bias=false").network();

    private Runs() {}

    static Weights unit(double w1, double w2, double u) {
        return Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(1, 2), DType.F64, w1, w2),
                "fc2.weight", Tensor.of(Shape.of(1, 1), DType.F64, u)));
    }

    static Batch sample(double x1, double x2, double y) {
        return Batch.of(Tensor.of(Shape.of(1, 2), x1, x2), Tensor.of(Shape.of(1, 1), y));
    }

    /** w1, w2, u. */
    static double[] numbers(Weights weights) {
        return new double[] {
            weights.get("fc1.weight").get(0),
            weights.get("fc1.weight").get(1),
            weights.get("fc2.weight").get(0)
        };
    }

    /** Where one step from weights leads, without the update's own start. */
    static TrainingState step(Update update, Weights weights, Batch batch, double rate) {
        Training training = training(update, UNIT);
        TrainingState from = new TrainingState(new Model(UNIT, weights), update.init(training.problem(), weights), 0);
        return training.step(from, batch, rate).next();
    }

    static Training training(Update update, Network network) {
        return Training.of(network, Loss.halfSquaredError(), update);
    }

    /** The state after some steps on random batches. */
    static TrainingState after(Update update, Model model, int steps, double rate) {
        Training training = training(update, model.network());
        try (Run run = training.open(training.start(model.weights()))) {
            Samples.batches(model.network(), steps, 21).forEach(batch -> run.step(batch, rate));
            return run.state();
        }
    }

    static Tensor outputs(Network network, Weights weights) {
        return new Model(network, weights).evaluate(Samples.probe(network)).getFirst();
    }

    static double deviation(Tensor a, Tensor b) {
        double most = 0;
        for (int i = 0; i < a.size(); i++) {
            most = Math.max(most, Math.abs(a.get(i) - b.get(i)));
        }
        return most / a.maxAbs();
    }

    static Invariance invariance(Update update, Model model) {
        return Invariance.measure(
                Problem.of(model.network(), Loss.halfSquaredError()),
                update,
                model.weights(),
                Samples.batches(model.network(), 5, 13),
                Samples.probe(model.network()),
                Invariance.Settings.STANDARD);
    }

    static Invariance.Measured under(Subgroup subgroup, Update update, Model model) {
        return java.util.Objects.requireNonNull(
                invariance(update, model).measured().get(subgroup));
    }

    /** Dense layers with a normalisation over the batch with ε = 0 in between, without gains and shifts. */
    static Model normalised(boolean deep) {
        NetworkBuilder net = NetworkBuilder.named("normalised");
        Flow x = standardised(net, net.input("x", 3).dense("in", 5, false)).relu();
        x = deep ? standardised(net, x.dense("mid", 4, false)).relu() : x;
        return net.build(x.dense("out", 2, true)).model(6);
    }

    /** The same with gains and shifts, one hidden layer. */
    static Model gained() {
        NetworkBuilder net = NetworkBuilder.named("gained");
        Flow x = standardised(net, net.input("x", 3).dense("in", 4, false));
        Expr gamma = net.parameter("gamma", new org.quotient.autodiff.network.Law.Fixed(1.5), 4);
        Expr beta = net.parameter("beta", new org.quotient.autodiff.network.Law.Fixed(0.5), 4);
        Flow affine = net.flow(x.value()
                .times(org.quotient.autodiff.Layers.alongAxis(gamma, x.value(), 1))
                .plus(org.quotient.autodiff.Layers.alongAxis(beta, x.value(), 1)));
        return net.build(affine.relu().dense("out", 2, true)).model(9);
    }

    private static Flow standardised(NetworkBuilder net, Flow x) {
        return net.flow(Expr.of(new Op.Standardise(List.of(0), 0), x.value()));
    }

    /** 6 → 4 → maximum over pairs → 2, without biases (spec invariant-updates I20). */
    static Model pooled() {
        NetworkBuilder net = NetworkBuilder.named("pooled");
        Flow x = net.input("x", 6).dense("in", 4, false);
        Flow pairs = net.flow(org.quotient.autodiff.Ops.maxOver(x.value().reshape(Shape.N, 2, 2), 2));
        return net.build(pairs.dense("out", 2, false)).model(12);
    }

    /** The sum of squares of some elements. */
    static double squares(Tensor x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += x.get(i) * x.get(i);
        }
        return sum;
    }

    /** A model with a row of a weight set to zero. */
    static Model withZeroRow(Model model, String name, int row) {
        Tensor w = model.weights().get(name);
        double[] data = w.data().clone();
        int width = w.size() / w.shape().size(0);
        for (int i = 0; i < width; i++) {
            data[row * width + i] = 0;
        }
        Map<String, Tensor> all = new java.util.LinkedHashMap<>(model.weights().asMap());
        all.put(name, Tensor.of(w.shape(), w.dtype(), data));
        return model.at(Weights.of(all));
    }

    /** The model rescaled by random scales. */
    static Model rescaled(Model model, long seed) {
        var group = org.quotient.geometry.RescalingGroup.of(model.network());
        double[] z = new double[group.rank()];
        for (int k = 0; k < z.length; k++) {
            z[k] = CounterRandom.seeded(seed).normal(k);
        }
        return model.at(group.act(model.weights(), z));
    }
}
