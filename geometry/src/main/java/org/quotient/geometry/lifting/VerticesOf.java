package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.lifting.Summands.Factor;
import org.quotient.geometry.lifting.Summands.Summand;
import org.quotient.geometry.paths.ConfirmedDegrees;

/**
 * Reads one node of a network that {@link PathSum} accepts: the same conventions, written a second time element by element from
 * the definitions.
 *
 * @param offsets by parameter, the number of its first element
 * @param cutName what a cut is called
 */
record VerticesOf(Map<String, Integer> offsets, String cutName) {

    Vertices read(Expr node) {
        return switch (node.op()) {
            case Op.Variable v -> variable(v);
            case Op.Constant c -> new Vertices.Constant(c.value());
            case Op.BatchSize b -> new Vertices.Constant(Tensor.scalar(1));
            case Op.Unary u -> unary(u.kind(), node);
            case Op.Binary b -> binary(b.kind(), node);
            case Op.Reduce r ->
                r.kind() == Op.ReduceKind.FIRST_MAX
                        ? cut()
                        : new Vertices.Sum(
                                LinearSummands.reduce(r, shape(node.operand(0))), r.kind() == Op.ReduceKind.MAX);
            case Op.Einsum e -> plain(LinearSummands.einsum(e, shape(node.operand(0)), shape(node.operand(1))));
            case Op.Conv c ->
                plain(WindowSummands.conv(c, shape(node.operand(0)), shape(node.operand(1)), shape(node)));
            case Op.Move m ->
                plain(MoveSummands.of(
                        m, node.operands().stream().map(VerticesOf::shape).toList(), shape(node)));
            case Op.Pool p ->
                new Vertices.Sum(
                        WindowSummands.pool(p),
                        switch (p.kind()) {
                            case SUM, SUM_ADJOINT -> false;
                            case MAX, MAX_SELECT, MAX_SCATTER -> true;
                        });
            case Op.Normalise n -> cut();
            case Op.Custom c ->
                ConfirmedDegrees.of(node).map(VerticesOf::homogeneous).orElseGet(this::cut);
        };
    }

    private static Shape shape(Expr node) {
        return node.shape().bind(1);
    }

    private static Vertices plain(Summands summands) {
        return new Vertices.Sum(summands, false);
    }

    private Vertices cut() {
        return new Vertices.Source(Endpoint.Kind.CUT, cutName);
    }

    private Vertices variable(Op.Variable v) {
        Integer offset = offsets.get(v.name());
        if (v.role() == Op.Role.PARAMETER && offset != null) {
            return new Vertices.Parameter(v.name(), offset);
        }
        boolean input = v.role() == Op.Role.INPUT;
        return new Vertices.Source(input ? Endpoint.Kind.INPUT : Endpoint.Kind.BUFFER, v.name());
    }

    private Vertices unary(Op.UnaryKind kind, Expr node) {
        return switch (kind) {
            case NEG -> plain(Summands.same(-1));
            case DETACH -> plain(Summands.same(1));
            case ABS, RELU -> new Vertices.Sum(Summands.same(1), true);
            case SQRT -> new Vertices.Constant(PathSum.value(node));
            case STEP, EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF ->
                PathSum.isFixed(node) ? new Vertices.Constant(PathSum.value(node)) : cut();
        };
    }

    private Vertices binary(Op.BinaryKind kind, Expr node) {
        if (PathSum.isFixed(node)) {
            return new Vertices.Constant(PathSum.value(node));
        }
        return switch (kind) {
            case ADD -> plain(Summands.either(1));
            case SUB -> plain(Summands.either(-1));
            case MAX -> new Vertices.Sum(Summands.either(1), true);
            case MUL -> plain(new Summands(1, (e, k) -> Summand.product(e, e)));
            case DIV -> plain(quotients(PathSum.value(node.operand(1))));
            case POW -> PathSum.isFixed(node.operand(1)) ? plain(powers(PathSum.value(node.operand(1)))) : cut();
            case PRELU -> new Vertices.Sum(Summands.same(1), true);
        };
    }

    /** Element by element a product of powers, times what the operation makes of it: 0 or 1 for an activation. */
    private static Vertices homogeneous(List<Integer> degrees) {
        return new Vertices.Sum(
                new Summands(1, (e, k) -> {
                    List<Factor> factors = new ArrayList<>();
                    for (int operand = 0; operand < degrees.size(); operand++) {
                        factors.addAll(Collections.nCopies(degrees.get(operand), new Factor(operand, e)));
                    }
                    return new Summand(factors, 1);
                }),
                true);
    }

    private static Summands quotients(Tensor divisor) {
        return new Summands(1, (e, k) -> new Summand(List.of(new Factor(0, e)), 1 / divisor.get(e)));
    }

    private static Summands powers(Tensor exponents) {
        int n = exponents.size() == 0 ? 1 : (int) exponents.get(0);
        return new Summands(1, (e, k) -> new Summand(Collections.nCopies(n, new Factor(0, e)), 1));
    }
}
