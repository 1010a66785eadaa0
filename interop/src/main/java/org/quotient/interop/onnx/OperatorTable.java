package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.quotient.autodiff.Expr;
import org.quotient.interop.InteropException;

/** The operators that can be read, by name. */
final class OperatorTable {
    /** What an operator does: from a node to the values of its outputs. */
    interface Rule {
        List<Value> apply(Node node);
    }

    private static final SortedMap<String, Rule> RULES = rules();

    private OperatorTable() {}

    private static SortedMap<String, Rule> rules() {
        SortedMap<String, Rule> all = new TreeMap<>();
        for (Map<String, Rule> family : List.of(
                ArithmeticOperators.rules(),
                ActivationOperators.rules(),
                LinearOperators.rules(),
                WindowOperators.rules(),
                NormalisationOperators.rules(),
                ReductionOperators.rules(),
                ShapeOperators.rules(),
                SelectionOperators.rules(),
                PaddingOperators.rules(),
                ConstantOperators.rules())) {
            all.putAll(family);
        }
        return java.util.Collections.unmodifiableSortedMap(all);
    }

    /** The names of the operators that can be read. */
    static SortedSet<String> supported() {
        return new TreeSet<>(RULES.keySet());
    }

    /**
     * Applies the rule of a node's operator.
     *
     * @throws InteropException naming the operator, the node and the supported list, if there is none
     */
    static List<Value> apply(Node node, NodeProto proto) {
        String domain = proto.getDomain();
        boolean standard = domain.isEmpty() || domain.equals("ai.onnx");
        Rule rule = RULES.get(proto.getOpType());
        if (!standard || rule == null) {
            throw new InteropException("The operator " + (standard ? "" : domain + ".") + proto.getOpType()
                    + " of the node '" + NodeOrder.name(proto) + "' is not supported. Supported are: "
                    + String.join(", ", RULES.keySet()) + ".");
        }
        return rule.apply(node);
    }

    /** A rule with one output. */
    static Rule real(Function<Node, Expr> function) {
        return node -> List.of(new Value.Real(function.apply(node)));
    }

    /** A rule with one output of any kind. */
    static Rule value(Function<Node, Value> function) {
        return node -> List.of(function.apply(node));
    }
}
