package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The layout of a graph as formulas: what is used several times, or would make a line too long, gets a name and a line of its
 * own. Works node by node in topological order, so that the depth of a graph is no limit and no text is copied twice.
 *
 * @param lines named subexpressions, each using only earlier names
 * @param outputs the texts of the outputs
 */
record Formula(List<Line> lines, List<String> outputs) {

    /** A named subexpression. */
    record Line(String name, String text) {}

    /** A text and how strongly its outermost operator binds. */
    record Piece(String text, Strength strength) {
        static Piece atom(String text) {
            return new Piece(text, Strength.ATOM);
        }
    }

    /** From the weakest to the strongest. */
    enum Strength {
        SUM,
        /** Elementwise products and quotients: weaker than matrix products, so that no reader mistakes one for the other. */
        ELEMENTWISE,
        PRODUCT,
        PREFIX,
        POWER,
        ATOM
    }

    /** How operations and names are written. */
    interface Notation {
        /** A node over the pieces of its operands (and, for broadcasts that go without saying, of theirs). */
        Piece render(Expr node, Function<Expr, Piece> pieces);

        /** A name as it appears in a formula. */
        String name(String name);

        /** Subexpressions of more characters than this get a line of their own. */
        int width();
    }

    static Formula of(List<Expr> outputs, Notation notation) {
        List<Expr> order = Graph.topological(outputs);
        Map<Expr, Integer> uses = uses(order, outputs);
        Set<String> taken = new HashSet<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable v) {
                taken.add(v.name());
            }
        }
        Map<Expr, Piece> pieces = new IdentityHashMap<>();
        Map<Expr, Boolean> roots = new IdentityHashMap<>();
        outputs.forEach(o -> roots.put(o, true));
        List<Line> lines = new ArrayList<>();
        int counter = 0;
        for (Expr node : order) {
            Piece piece = notation.render(node, operand -> lookup(pieces, operand));
            int count = uses.getOrDefault(node, 0);
            boolean tooLong = piece.text().length() > notation.width() && !roots.containsKey(node);
            if (!silent(node) && (count > 1 || tooLong)) {
                String name = node.label();
                while (name.isEmpty() || !taken.add(name)) {
                    name = "t" + ++counter;
                }
                lines.add(new Line(notation.name(name), piece.text()));
                piece = Piece.atom(notation.name(name));
            }
            pieces.put(node, piece);
        }
        return new Formula(
                lines, outputs.stream().map(o -> lookup(pieces, o).text()).toList());
    }

    private static Piece lookup(Map<Expr, Piece> pieces, Expr node) {
        Piece piece = pieces.get(node);
        if (piece == null) {
            throw new IllegalStateException("No text yet for " + node.describe());
        }
        return piece;
    }

    /** Leaves and broadcasts are written again at each use; a broadcast's uses are uses of what it repeats. */
    private static boolean silent(Expr node) {
        return node.operands().isEmpty() || node.op() instanceof Op.Broadcast;
    }

    private static Map<Expr, Integer> uses(List<Expr> order, List<Expr> outputs) {
        Map<Expr, Integer> uses = new IdentityHashMap<>();
        outputs.forEach(o -> uses.merge(o, 1, Integer::sum));
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            int weight = silent(node) ? Math.min(2, uses.getOrDefault(node, 1)) : 1;
            for (Expr operand : node.operands()) {
                uses.merge(operand, weight, Integer::sum);
            }
        }
        return uses;
    }

    /**
     * Operand i of an elementwise operation as a reader would write it: without the broadcast, where NumPy's rules make it from
     * the other operand's shape.
     */
    static Expr plain(Expr node, int i) {
        Expr operand = node.operand(i);
        Expr other = node.operand(1 - i);
        if (!(operand.op() instanceof Op.Broadcast b)) {
            return operand;
        }
        int offset = b.to().rank() - b.axes().size();
        boolean trailing = true;
        for (int k = 0; k < b.axes().size(); k++) {
            trailing &= b.axes().get(k) == offset + k;
        }
        boolean given = !(other.op() instanceof Op.Broadcast) && !(other.op() instanceof Op.Constant);
        return trailing && given ? operand.operand(0) : operand;
    }

    /** A number as short as it is exact: 2, 0.5, 1e-05. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return value == 0 ? "0" : String.valueOf((long) value);
        }
        return Double.toString(value).replace("E", "e").replace(".0e", "e");
    }
}
