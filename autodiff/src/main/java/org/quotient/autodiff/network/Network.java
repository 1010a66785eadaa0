package org.quotient.autodiff.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;

/**
 * A network: the forward graph, before compilation, never the loss. What geometry looks at.
 *
 * @param name a short name for reports
 * @param inputs the input variables, in order; their leading axis is normally the batch
 * @param parameters the trainable variables, in order; they may also include ones that no output uses
 * @param buffers the variables that are carried along but not trained
 * @param outputs the outputs, in order
 */
public record Network(String name, List<Expr> inputs, List<Expr> parameters, List<Expr> buffers, List<Expr> outputs) {

    /**
     * Checks that every variable of the graph is listed and that names are unique.
     *
     * @throws IllegalArgumentException otherwise
     */
    public Network {
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
        buffers = List.copyOf(buffers);
        outputs = List.copyOf(outputs);
        Set<String> names = new HashSet<>();
        for (List<Expr> group : List.of(inputs, parameters, buffers)) {
            for (Expr variable : group) {
                if (!(variable.op() instanceof Op.Variable v)) {
                    throw new IllegalArgumentException("A network lists variables; given " + variable.describe());
                }
                if (!names.add(v.name())) {
                    throw new IllegalArgumentException("Two variables are called '" + v.name() + "'");
                }
            }
        }
        for (Expr node : Graph.topological(outputs)) {
            if (node.op() instanceof Op.Variable v && !names.contains(v.name())) {
                throw new IllegalArgumentException(
                        "The outputs use the variable '" + v.name() + "', which the network does not list");
            }
        }
    }

    /** The name of a variable. */
    public static String nameOf(Expr variable) {
        if (variable.op() instanceof Op.Variable v) {
            return v.name();
        }
        throw new IllegalArgumentException("Not a variable: " + variable.describe());
    }

    /** The number of trainable numbers. */
    public long parameterCount() {
        return parameters.stream().mapToLong(p -> p.shape().elements()).sum();
    }

    /** The same network under other outputs (of a rewritten graph over the same variables). */
    public Network withOutputs(List<Expr> others) {
        return new Network(name, inputs, parameters, buffers, others);
    }
}
