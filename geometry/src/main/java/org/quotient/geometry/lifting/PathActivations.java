package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.lifting.Summands.Factor;
import org.quotient.geometry.lifting.Summands.Summand;

/**
 * The path activations a_p(θ, x) of a model at one sample: the product over the path of 1 or 0 for a ReLU whose argument is
 * positive or not, 1 or the slope for a leaky one, the sign for an absolute value, and 1 or 0 where a maximum selects this
 * entrant or another (the first of several equal ones), so that each element where paths end is Σ_p Φ_p · a_p · start_p over
 * the paths that end there (Gonon et al. 2023, Theorem 2.1 for outputs of networks without cuts; here with the values at cuts).
 * The conventions at kinks are those of {@link Evaluator}. For one thread at a time.
 */
public final class PathActivations {
    private final Unrolled graph;
    private final List<Tensor> values;
    private final Map<Expr, int[]> winners = new HashMap<>();

    private PathActivations(Unrolled graph, List<Tensor> values) {
        this.graph = graph;
        this.values = values;
    }

    static PathActivations of(Model model, Unrolled graph, List<Tensor> inputs) {
        List<Expr> variables = model.network().inputs();
        if (inputs.size() != variables.size()) {
            throw new IllegalArgumentException(
                    "The network has " + variables.size() + " inputs; given " + inputs.size() + " tensors");
        }
        for (int i = 0; i < inputs.size(); i++) {
            Shape one = variables.get(i).shape().bind(1);
            if (!inputs.get(i).shape().equals(one)) {
                throw new IllegalArgumentException("Path activations are those of one sample: "
                        + variables.get(i).describe() + " needs the shape " + one + "; given "
                        + inputs.get(i).shape());
            }
        }
        Map<Expr, Tensor> observed = new IdentityHashMap<>();
        Evaluator.observe(model.network().outputs(), model.weights().with(variables, inputs), observed::put);
        List<Tensor> values = new ArrayList<>();
        graph.nodes().forEach(node -> values.add(Objects.requireNonNull(observed.get(node))));
        return new PathActivations(graph, values);
    }

    /**
     * a_p, 0 or 1 for ReLU networks.
     *
     * @throws IllegalArgumentException if the path is not one of those that were asked for these activations
     */
    public double of(Path path) {
        check(path);
        double product = 1;
        for (Step step : path.steps()) {
            if (step instanceof Step.Gate gate) {
                product *= factor(gate);
                if (product == 0) {
                    return 0;
                }
            }
        }
        return product;
    }

    /** The value where a path begins: of the input, the constant 1 or what a cut yields; their product for a tree. */
    public double start(Path path) {
        check(path);
        double product = 1;
        for (Step step : path.steps()) {
            if (step instanceof Step.Begin begin) {
                product *= values.get(begin.node()).get(begin.element());
            }
        }
        return product;
    }

    /** Φ_p · a_p · start_p: what a path adds to the value where it ends. */
    public double contribution(Path path) {
        double active = of(path);
        return active == 0 ? 0 : path.value() * active * start(path);
    }

    /** The value of the element where a path ends, as the network computes it. */
    public double end(Path path) {
        check(path);
        return values.get(path.endNode()).get(path.end().element());
    }

    private void check(Path path) {
        if (path.graph() != graph) {
            throw new IllegalArgumentException("The path " + path
                    + " is of another enumeration: take paths and activations from one Paths.of(model)");
        }
    }

    private double value(Expr node, int operand, int element) {
        return values.get(graph.number(node.operand(operand))).get(element);
    }

    private double factor(Step.Gate gate) {
        Expr node = graph.nodes().get(gate.node());
        int e = gate.element();
        return switch (node.op()) {
            case Op.Unary u ->
                u.kind() == Op.UnaryKind.ABS ? Math.signum(value(node, 0, e)) : value(node, 0, e) > 0 ? 1 : 0;
            case Op.Binary b ->
                b.kind() == Op.BinaryKind.PRELU
                        ? value(node, 0, e) > 0 ? 1 : value(node, 1, e)
                        : first(value(node, 0, e), value(node, 1, e)) == (gate.summand() == 0) ? 1 : 0;
            case Op.Pool p -> winner(node)[window(gate, p)] == entrant(gate, p) ? 1 : 0;
            case Op.Custom c -> custom(gate, node);
            default -> winner(node)[e] == factorElement(gate) ? 1 : 0;
        };
    }

    /** What a homogeneous custom operation makes of the product of powers that paths take it for. */
    private double custom(Step.Gate gate, Expr node) {
        double product = 1;
        Summand summand = graph.sum(gate.node()).summands().of(gate.element(), gate.summand());
        for (Factor factor : Objects.requireNonNull(summand).factors()) {
            product *= value(node, factor.operand(), factor.element());
        }
        return product == 0 ? 0 : values.get(gate.node()).get(gate.element()) / product;
    }

    private static boolean first(double x, double y) {
        return x >= y || Double.isNaN(x);
    }

    private int factorElement(Step.Gate gate) {
        Summand summand = graph.sum(gate.node()).summands().of(gate.element(), gate.summand());
        return Objects.requireNonNull(summand).factors().get(0).element();
    }

    /** The window of a pool that decides on a gate: where the path comes from if it enters windows, else where it goes. */
    private int window(Step.Gate gate, Op.Pool p) {
        return p.kind() == Op.PoolKind.MAX_SCATTER ? factorElement(gate) : gate.element();
    }

    private int entrant(Step.Gate gate, Op.Pool p) {
        return p.kind() == Op.PoolKind.MAX_SCATTER ? gate.element() : factorElement(gate);
    }

    /** For each element of a maximum over an axis or window which element of operand 0 it selects. */
    private int[] winner(Expr node) {
        int[] known = winners.get(node);
        if (known == null) {
            known = select(node);
            winners.put(node, known);
        }
        return known;
    }

    private int[] select(Expr node) {
        Tensor x = values.get(graph.number(node.operand(0)));
        Summands entrants = node.op() instanceof Op.Pool p
                ? WindowSummands.entrants(p)
                : graph.sum(graph.number(node)).summands();
        boolean scatter = node.op() instanceof Op.Pool p && p.kind() == Op.PoolKind.MAX_SCATTER;
        int size = (scatter ? values.get(graph.number(node.operand(1))) : values.get(graph.number(node))).size();
        int[] selected = new int[size];
        for (int e = 0; e < size; e++) {
            int best = -1;
            for (int k = 0; k < entrants.count(); k++) {
                Summand summand = entrants.of(e, k);
                if (summand != null) {
                    Factor factor = summand.factors().get(0);
                    best = best < 0 || beats(x.get(factor.element()), x.get(best)) ? factor.element() : best;
                }
            }
            selected[e] = best;
        }
        return selected;
    }

    /** Whether a later entrant replaces the maximum so far: it is larger, or the first NaN. */
    private static boolean beats(double later, double best) {
        return later > best || (Double.isNaN(later) && !Double.isNaN(best));
    }
}
