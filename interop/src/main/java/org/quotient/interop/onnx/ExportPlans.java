package org.quotient.interop.onnx;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.interop.InteropException;

/** Says for each operation how it is written, a layer as a whole where the graph shows one. */
final class ExportPlans {
    private final Map<Expr, Integer> uses = new IdentityHashMap<>();

    ExportPlans(List<Expr> order, List<Expr> outputs) {
        order.forEach(node -> node.operands().forEach(o -> uses.merge(o, 1, Integer::sum)));
        outputs.forEach(o -> uses.merge(o, 1, Integer::sum));
    }

    /** Whether nothing else uses an expression, so that it may disappear into the layer around it. */
    boolean single(Expr expr) {
        return uses.getOrDefault(expr, 0) == 1;
    }

    Plan of(Expr node) {
        return ExportLayers.match(node, this).orElseGet(() -> plain(node));
    }

    private Plan plain(Expr node) {
        return switch (node.op()) {
            case Op.Variable v -> new Plan(List.of(), (g, in) -> v.name());
            case Op.Constant c -> new Plan(List.of(), (g, in) -> g.constant(c.value()));
            case Op.BatchSize b ->
                new Plan(List.of(), (g, in) -> {
                    String scalar = g.helper("Squeeze", List.of(g.batch(), g.ints(0)));
                    return g.node("Cast", node.label(), List.of(scalar), ExportMoves.castTo(b.dtype()));
                });
            case Op.Unary u -> unary(node, u);
            case Op.Binary b -> binary(node, b);
            case Op.Reduce r -> reduce(node, r);
            case Op.Einsum e -> ExportContractions.einsum(node, e);
            case Op.Conv c -> ExportContractions.conv(node, c);
            case Op.Move m -> ExportMoves.of(node, m);
            case Op.Pool p -> ExportPools.of(node, p);
            case Op.Standardise s -> ExportNormalisations.standardise(node, s);
            case Op.StandardiseWith s -> ExportNormalisations.standardiseWith(node, s);
            case Op.Softmax s -> Plan.node(node, "Softmax", Attributes.of("axis", s.axis()));
            case Op.Custom c -> throw refused(node, "is defined outside the primitives");
        };
    }

    static InteropException refused(Expr node, String why) {
        return new InteropException("The operation " + Names.of(node.op()) + " of " + node.describe() + " " + why
                + ", so it cannot be exported to ONNX. Export the forward network only.");
    }

    private static Plan unary(Expr node, Op.Unary u) {
        return switch (u.kind()) {
            case NEG -> Plan.node(node, "Neg");
            case EXP -> Plan.node(node, "Exp");
            case LOG -> Plan.node(node, "Log");
            case SQRT -> Plan.node(node, "Sqrt");
            case ABS -> Plan.node(node, "Abs");
            case RELU -> Plan.node(node, "Relu");
            case TANH -> Plan.node(node, "Tanh");
            case SIGMOID -> Plan.node(node, "Sigmoid");
            case SOFTPLUS -> Plan.node(node, "Softplus");
            case ERF -> Plan.node(node, "Erf");
            case DETACH -> Plan.node(node, "Identity");
            case STEP ->
                new Plan(node.operands(), (g, in) -> g.node("Relu", node.label(), List.of(g.helper("Sign", in))));
        };
    }

    private static Plan reduce(Expr node, Op.Reduce r) {
        return switch (r.kind()) {
            case SUM ->
                new Plan(
                        node.operands(),
                        (g, in) -> g.node(
                                "ReduceSum",
                                node.label(),
                                List.of(in.get(0), g.ints(r.axes())),
                                Attributes.of("keepdims", 0)));
            case MAX -> Plan.node(node, "ReduceMax", Attributes.of("axes", r.axes()), Attributes.of("keepdims", 0));
            case FIRST_MAX -> throw refused(node, "occurs only in derivatives");
        };
    }

    // ---- Functions of two numbers: ONNX repeats operands itself

    private static Plan binary(Expr node, Op.Binary b) {
        String operator = switch (b.kind()) {
            case ADD -> "Add";
            case SUB -> "Sub";
            case MUL -> "Mul";
            case DIV -> "Div";
            case POW -> "Pow";
            case MAX -> "Max";
            case PRELU -> "PRelu";
        };
        Expr x = node.operand(0);
        Expr y = node.operand(1);
        boolean stretchX = b.kind() != Op.BinaryKind.PRELU && x.op() instanceof Op.Broadcast && covers(y, x);
        boolean stretchY = y.op() instanceof Op.Broadcast && (stretchX ? disjointCover(x, y) : true);
        Expr coreX = stretchX ? x.operand(0) : x;
        Expr coreY = stretchY ? y.operand(0) : y;
        return new Plan(
                List.of(coreX, coreY),
                (g, in) -> g.node(
                        operator,
                        node.label(),
                        List.of(
                                stretchX ? ExportMoves.aligned(g, x, in.get(0)) : in.get(0),
                                stretchY ? ExportMoves.aligned(g, y, in.get(1)) : in.get(1))));
    }

    /** Whether every axis that {@code stretched} repeats along is one that the core of {@code other} has. */
    private static boolean covers(Expr other, Expr stretched) {
        List<Integer> own = axes(stretched);
        List<Integer> others = axes(other);
        return IntStream.range(0, stretched.shape().rank())
                .allMatch(i -> stretched.shape().size(i) == 1 || own.contains(i) || others.contains(i));
    }

    private static boolean disjointCover(Expr x, Expr y) {
        return covers(x, y) && rankCovered(x, y);
    }

    /** Whether the leading axis is one that a core has, so that the result keeps its rank. */
    private static boolean rankCovered(Expr x, Expr y) {
        return x.shape().rank() == 0 || axes(x).contains(0) || axes(y).contains(0);
    }

    private static List<Integer> axes(Expr x) {
        return x.op() instanceof Op.Broadcast b
                ? b.axes()
                : new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
    }
}
