package org.quotient.autodiff.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Fresh variables shaped like given nodes, with random values uniform on [−1, 1]. */
record Vectors(List<Expr> variables, List<Tensor> values) {

    static Vectors like(List<Expr> nodes, String name, Subject subject, CounterRandom random) {
        List<Expr> variables = new ArrayList<>();
        List<Tensor> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Expr node = nodes.get(i);
            CounterRandom stream = random.split(i);
            // A name that no other variable of the subject has.
            variables.add(Expr.input(name + "#" + subject.values().size() + "." + i, node.dtype(), node.shape()));
            Shape shape = node.shape().bind(subject.batch());
            values.add(Tensor.fill(shape, node.dtype(), k -> 2 * stream.uniform(k) - 1));
        }
        return new Vectors(variables, values);
    }

    Map<String, Tensor> byName() {
        Map<String, Tensor> map = new LinkedHashMap<>();
        for (int i = 0; i < variables.size(); i++) {
            map.put(Subject.nameOf(variables.get(i)), values.get(i));
        }
        return map;
    }
}
