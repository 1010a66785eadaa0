package org.quotient.interop.onnx;

import java.util.List;
import org.quotient.autodiff.Expr;

/**
 * How an expression is written: which others must be there before, and the nodes that it becomes.
 *
 * @param needs the expressions whose values it is written from; not always its operands, as one node may stand for several
 *     expressions
 * @param emit adds the nodes
 */
record Plan(List<Expr> needs, Emit emit) {
    /** Adds nodes. */
    interface Emit {
        /** From the names of the needed values to the name of the result. */
        String to(ExportGraph graph, List<String> needed);
    }

    /** One node on the expression's operands. */
    static Plan node(Expr expr, String operator, ai.onnx.proto.OnnxMl.AttributeProto... attributes) {
        return new Plan(expr.operands(), (g, in) -> g.node(operator, expr.label(), in, attributes));
    }
}
