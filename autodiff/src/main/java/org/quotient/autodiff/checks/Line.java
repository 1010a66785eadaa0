package org.quotient.autodiff.checks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/** The function along a straight line h ↦ f(x + hv), all outputs in one array. */
record Line(Subject subject, Vectors direction) {

    static Line random(Subject subject, CounterRandom random) {
        return new Line(subject, Vectors.like(subject.at(), "direction", subject, random));
    }

    /** f(x + hv). */
    double[] value(double h) {
        Map<String, Tensor> values = new HashMap<>(subject.values());
        for (int i = 0; i < subject.at().size(); i++) {
            Tensor x = subject.value(i);
            Tensor v = direction.values().get(i);
            values.put(
                    Subject.nameOf(subject.at().get(i)),
                    Tensor.fill(x.shape(), x.dtype(), k -> x.get(k) + h * v.get(k)));
        }
        return flat(Evaluator.evaluate(subject.outputs(), values, subject.batch()));
    }

    /** The derivative of an order along the line at h = 0, by forward mode. */
    double[] derivative(int order) {
        List<Expr> outputs = subject.outputs();
        for (int k = 0; k < order; k++) {
            outputs = Differentiation.jvp(outputs, subject.at(), direction.variables());
        }
        Map<String, Tensor> values = new HashMap<>(subject.values());
        values.putAll(direction.byName());
        return flat(Evaluator.evaluate(outputs, values, subject.batch()));
    }

    private static double[] flat(List<Tensor> tensors) {
        double[] all = new double[tensors.stream().mapToInt(Tensor::size).sum()];
        int to = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.data(), 0, all, to, tensor.size());
            to += tensor.size();
        }
        return all;
    }
}
