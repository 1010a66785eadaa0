package org.quotient.autodiff.checks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * A function at a point: what a derivative check looks at.
 *
 * @param name for reports
 * @param outputs the values of the function, at least one
 * @param at the variables that are its arguments; other variables of the graph are held fixed
 * @param values the point: values of all variables by name, away from kinks
 */
public record Subject(String name, List<Expr> outputs, List<Expr> at, Map<String, Tensor> values) {

    /**
     * Checks that the arguments are variables with a value.
     *
     * @throws IllegalArgumentException otherwise, or if there are no outputs or no arguments
     */
    public Subject {
        outputs = List.copyOf(outputs);
        at = List.copyOf(at);
        values = Map.copyOf(values);
        if (outputs.isEmpty() || at.isEmpty()) {
            throw new IllegalArgumentException("A check of '" + name + "' needs an output and an argument; given "
                    + outputs.size() + " outputs and " + at.size() + " arguments");
        }
        for (Expr argument : at) {
            if (!values.containsKey(nameOf(argument))) {
                throw new IllegalArgumentException("A check of '" + name + "' needs a value for '" + nameOf(argument)
                        + "'; given " + values.keySet().stream().sorted().toList());
            }
        }
    }

    /** A function with one output. */
    public static Subject of(String name, Expr output, List<Expr> at, Map<String, Tensor> values) {
        return new Subject(name, List.of(output), at, values);
    }

    /** The dtype of the first output. */
    DType dtype() {
        return outputs.get(0).dtype();
    }

    /** The value of argument i. */
    Tensor value(int i) {
        Tensor value = values.get(nameOf(at.get(i)));
        if (value == null) {
            throw new IllegalStateException("No value for argument " + i);
        }
        return value;
    }

    /** The batch size that the values of the graph's variables show, or 0 if none has a batch axis. */
    int batch() {
        List<Expr> all = new ArrayList<>(at);
        all.addAll(outputs);
        for (Expr node : Graph.topological(all)) {
            if (node.op() instanceof Op.Variable v && values.get(v.name()) instanceof Tensor value) {
                for (int axis = 0;
                        axis < Math.min(v.shape().rank(), value.shape().rank());
                        axis++) {
                    if (v.shape().size(axis) == Shape.N) {
                        return value.shape().size(axis);
                    }
                }
            }
        }
        return 0;
    }

    /** The same with further variables. */
    Subject with(String suffix, List<Expr> newOutputs, List<Expr> newAt, Map<String, Tensor> more) {
        Map<String, Tensor> all = new HashMap<>(values);
        all.putAll(more);
        return new Subject(name + suffix, newOutputs, newAt, all);
    }

    static String nameOf(Expr variable) {
        if (variable.op() instanceof Op.Variable v) {
            return v.name();
        }
        throw new IllegalArgumentException("Arguments of a check are variables; given " + variable.describe());
    }
}
