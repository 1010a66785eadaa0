package org.quotient.experiments.moons;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/** Full-batch gradient descent on the cross-entropy, without momentum, as one compiled program on one thread. */
final class Trainer implements AutoCloseable {
    private final Network network;
    private final Session step;
    private final Session evaluation;

    /**
     * What became of a run.
     *
     * @param curve the training loss before the first step and after every so many, the last one after the last; ends early
     *     where the loss was not finite
     * @param finite whether the loss was finite all the time
     * @param trainAccuracy the fraction of training points classified rightly
     * @param testAccuracy the same for the others
     */
    record Outcome(List<Double> curve, boolean finite, double trainAccuracy, double testAccuracy) {}

    Trainer(Network network) {
        this.network = network;
        Expr scores = network.outputs().getFirst();
        Expr label = Expr.input("label", DType.F32, Shape.of(Shape.N));
        Expr rate = Expr.input("rate", DType.F32, Shape.SCALAR);
        Expr loss = Layers.crossEntropy(scores, label);
        List<Expr> gradients = Differentiation.gradient(loss, network.parameters());
        Program.Builder build = Program.builder().output(loss);
        for (int i = 0; i < gradients.size(); i++) {
            Expr w = network.parameters().get(i);
            build.update(w, w.minus(gradients.get(i).times(rate)));
        }
        step = build.build().session();
        evaluation = Program.of(loss, scores).session();
    }

    /**
     * Trains.
     *
     * @param start the weights
     * @param every after how many steps the loss is noted; divides the number of steps
     */
    Outcome train(Weights start, TwoMoons data, double rate, int steps, int every) {
        network.parameters().forEach(w -> step.set(Network.nameOf(w), start.get(w)));
        step.set("x", data.trainX());
        step.set("label", data.trainY());
        step.set("rate", Tensor.of(Shape.SCALAR, DType.F32, rate));
        List<Double> curve = new ArrayList<>();
        boolean finite = true;
        for (int t = 0; t < steps && finite; t++) {
            step.run();
            double loss = step.scalar(0);
            finite = Double.isFinite(loss);
            if (finite && t % every == 0) {
                curve.add(loss);
            }
        }
        network.parameters().forEach(w -> evaluation.set(Network.nameOf(w), step.get(Network.nameOf(w))));
        double train = accuracy(data.trainX(), data.trainY());
        double loss = evaluation.scalar(0);
        finite &= Double.isFinite(loss);
        if (finite) {
            curve.add(loss);
        }
        return new Outcome(curve, finite, train, accuracy(data.testX(), data.testY()));
    }

    private double accuracy(Tensor x, Tensor y) {
        evaluation.set("x", x);
        evaluation.set("label", y);
        evaluation.run();
        Tensor scores = evaluation.output(1);
        int right = 0;
        for (int i = 0; i < y.size(); i++) {
            int said = scores.get(2 * i + 1) > scores.get(2 * i) ? 1 : 0;
            right += said == (int) y.get(i) ? 1 : 0;
        }
        return (double) right / y.size();
    }

    @Override
    public void close() {
        step.close();
        evaluation.close();
    }
}
