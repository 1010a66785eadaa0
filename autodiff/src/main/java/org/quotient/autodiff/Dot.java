package org.quotient.autodiff;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Expression graphs in the language of Graphviz: {@code dot -Tsvg}. */
public final class Dot {
    private Dot() {}

    /** The graph of an expression. */
    public static String of(Expr expr) {
        return of(List.of(expr));
    }

    /**
     * The graph of several expressions: variables are boxes, constants are plain, outputs have a double border, and edges of
     * operations with several operands carry the operand's number.
     */
    public static String of(List<Expr> outputs) {
        StringBuilder text =
                new StringBuilder("digraph expression {\n  rankdir=BT;\n  node [fontname=\"Helvetica\"];\n");
        Map<Expr, Integer> number = new IdentityHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            int id = number.size();
            number.put(node, id);
            boolean output = outputs.stream().anyMatch(o -> o == node);
            text.append("  n")
                    .append(id)
                    .append(" [label=\"")
                    .append(escaped(label(node)))
                    .append("\\n");
            text.append(node.shape()).append("\", ").append(style(node.op()));
            text.append(output ? ", peripheries=2" : "").append("];\n");
            for (int i = 0; i < node.operands().size(); i++) {
                text.append("  n")
                        .append(number.get(node.operand(i)))
                        .append(" -> n")
                        .append(id);
                text.append(node.operands().size() > 1 ? " [label=\"" + i + "\"]" : "")
                        .append(";\n");
            }
        }
        return text.append("}\n").toString();
    }

    private static String label(Expr node) {
        String what = node.op() instanceof Op.Constant c && c.value().size() == 1
                ? Formula.number(c.value().item())
                : Names.of(node.op());
        return node.label().isEmpty() ? what : node.label() + ": " + what;
    }

    private static String style(Op op) {
        return switch (op) {
            case Op.Variable v ->
                switch (v.role()) {
                    case INPUT -> "shape=box";
                    case PARAMETER -> "shape=box, style=filled, fillcolor=lightblue";
                    case BUFFER -> "shape=box, style=dashed";
                };
            case Op.Constant c -> "shape=plaintext";
            default -> "shape=ellipse";
        };
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }
}
