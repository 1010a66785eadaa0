package org.quotient.geometry.functional;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.functional.pattern.Points;

/** The rank of a built-in on normal points, as a program of its own: its exit status says what became of it. */
final class WithinMemory {
    static final int FINISHED = 0;
    static final int REFUSED = 3;
    static final int RAN_OUT = 4;

    private WithinMemory() {}

    public static void main(String[] arguments) {
        int status = FINISHED;
        try {
            rank(arguments[0], Integer.parseInt(arguments[1]));
        } catch (IllegalArgumentException e) {
            status = String.valueOf(e.getMessage()).contains("GiB") ? REFUSED : 1;
        } catch (OutOfMemoryError e) {
            status = RAN_OUT;
        }
        System.exit(status);
    }

    private static void rank(String network, int count) {
        Model model = BuiltIns.model(network, 1);
        Shape shape = model.network().inputs().get(0).shape().bind(count);
        double[] x = new double[shape.elements()];
        CounterRandom random = CounterRandom.seeded(1);
        for (int i = 0; i < x.length; i++) {
            x[i] = random.normal(i);
        }
        FunctionalDimension.of(model).batch(Points.of(model.network(), List.of(Tensor.of(shape, x))));
    }
}
