package org.quotient.geometry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * A covariant frame: a unit ε_e(θ) &gt; 0 for every parameter that scales as the parameter does, ε(gθ) = χ·ε(θ). In units of it
 * gradients and steps are numbers that no rescaling changes, and any optimizer that works on them is invariant.
 *
 * <p>Each generator v has a forward scale, s_v² = Σ w_uv²·s_u² over what enters it (biases from a source with s = 1), s = 1 at
 * inputs, outputs and all else that no rescaling moves; an edge u → v has ε = s_v/s_u. Parameters are taken in the order in
 * which the network uses them: where a class of units is entered at several places, as in a residual stream, what leaves it in
 * between counts what has entered so far, and its own scale is that of all. A unit whose scale is 0, because all that enters it
 * is 0, gets its backward scale instead, t_u² = Σ w_uv²·t_v², s = 1/t; where that is 0 too the unit is frozen: ε = 0.
 */
public final class Frame {
    private final Incidence incidence;
    private final List<String> order;
    private final Tensor backward;
    private final List<Integer> frozen;

    private Frame(Incidence incidence, List<String> order, Tensor backward, List<Integer> frozen) {
        this.incidence = incidence;
        this.order = order;
        this.backward = backward;
        this.frozen = frozen;
    }

    /**
     * The frame of a network, for weights near given ones.
     *
     * @param group of the network
     * @param incidence of the group
     * @param weights decide which units have a forward scale and which need the backward one
     * @throws IllegalArgumentException if a parameter is no edge, see {@link Incidence#requireEdges}
     */
    public static Frame of(RescalingGroup group, Incidence incidence, Weights weights) {
        incidence.requireEdges("The frame");
        List<String> order = forwardOrder(group.network());
        Frame forward =
                new Frame(incidence, order, Tensor.of(Shape.of(incidence.generators()), zeros(incidence)), List.of());
        Map<String, Expr> values = new LinkedHashMap<>();
        for (Expr p : group.network().parameters()) {
            values.put(Network.nameOf(p), Expr.constant(weights.get(p).cast(DType.F64)));
        }
        List<Tensor> scales =
                Evaluator.evaluate(List.of(forward.forward(values), forward.backward(values)), Map.of(), 1);
        double[] mask = zeros(incidence);
        List<Integer> frozen = new ArrayList<>();
        for (int k = 0; k < mask.length; k++) {
            if (scales.get(0).get(k) == 0) {
                if (scales.get(1).get(k) == 0) {
                    frozen.add(k);
                } else {
                    mask[k] = 1;
                }
            }
        }
        return new Frame(incidence, order, Tensor.of(Shape.of(mask.length), mask), List.copyOf(frozen));
    }

    /**
     * The frame with the units of {@link #backwardUnits} of another frame of the same group.
     *
     * @param backwardUnits [k], 1 for units that take the backward scale
     */
    public static Frame of(RescalingGroup group, Incidence incidence, Tensor backwardUnits) {
        incidence.requireEdges("The frame");
        return new Frame(incidence, forwardOrder(group.network()), backwardUnits, List.of());
    }

    private static double[] zeros(Incidence incidence) {
        return new double[incidence.generators()];
    }

    private static List<String> forwardOrder(Network network) {
        Map<String, Integer> used = new HashMap<>();
        List<Expr> nodes = Graph.topological(network.outputs());
        for (int i = 0; i < nodes.size(); i++) {
            for (Expr operand : nodes.get(i).operands()) {
                if (network.parameters().contains(operand)) {
                    used.putIfAbsent(Network.nameOf(operand), i);
                }
            }
        }
        return network.parameters().stream()
                .map(Network::nameOf)
                .filter(used::containsKey)
                .sorted(java.util.Comparator.comparing(used::get))
                .toList();
    }

    /** [k], 1 for generators that take the backward scale, since all that entered them was 0. */
    public Tensor backwardUnits() {
        return backward;
    }

    /** Generators that have no scale at the weights given: all that enters and all that leaves them is 0. */
    public List<Integer> frozen() {
        return frozen;
    }

    /**
     * The squared scales s².
     *
     * @param theta the parameters by name
     * @return [k]; 0 for units that are frozen
     */
    public Expr squaredScales(Map<String, Expr> theta) {
        Expr forward = forward(theta);
        if (backward.maxAbs() == 0) {
            return forward;
        }
        Expr mask = Expr.constant(backward.cast(forward.dtype()));
        Expr keep = Expr.constant(Tensor.fill(backward.shape(), forward.dtype(), i -> 1 - backward.get(i)));
        return forward.times(keep).plus(inverse(backward(theta)).times(mask));
    }

    private Expr forward(Map<String, Expr> theta) {
        return accumulate(theta, order, true);
    }

    private Expr backward(Map<String, Expr> theta) {
        return accumulate(theta, order.reversed(), false);
    }

    private Expr accumulate(Map<String, Expr> theta, List<String> parameters, boolean forward) {
        DType dtype = theta.values().iterator().next().dtype();
        Expr scales = null;
        for (String name : parameters) {
            Expr w = java.util.Objects.requireNonNull(theta.get(name));
            Expr square = w.times(w);
            Expr known =
                    scales == null ? Ops.broadcastTo(Ops.scalar(0, dtype), Shape.of(incidence.generators())) : scales;
            Expr energy = forward ? incidence.timesTail(name, square, known) : incidence.timesHead(name, square, known);
            if (forward
                    ? incidence.atHead(name, known, 0).isPresent()
                    : incidence.atTail(name, known, 0).isPresent()) {
                Expr part = forward
                        ? incidence.incoming(Map.of(name, energy), dtype)
                        : incidence.outgoing(Map.of(name, energy), dtype);
                scales = scales == null ? part : scales.plus(part);
            }
        }
        return scales == null ? Ops.broadcastTo(Ops.scalar(0, dtype), Shape.of(incidence.generators())) : scales;
    }

    /** 1/x, and 0 where x is 0. */
    private static Expr inverse(Expr x) {
        Expr positive = Ops.step(x);
        Expr one = Ops.fullLike(x, 1);
        return positive.over(x.plus(one.minus(positive)));
    }

    /**
     * The squared units ε².
     *
     * @param theta the parameters by name
     * @return by name, of their shapes; 1 for what no rescaling moves, 0 for what is frozen
     */
    public Map<String, Expr> squaredUnits(Map<String, Expr> theta) {
        return units(theta, squaredScales(theta));
    }

    /** The units ε; see {@link #squaredUnits}. */
    public Map<String, Expr> units(Map<String, Expr> theta) {
        return units(theta, Ops.sqrt(squaredScales(theta)));
    }

    private Map<String, Expr> units(Map<String, Expr> theta, Expr scales) {
        Expr inverse = inverse(scales);
        Map<String, Expr> out = new LinkedHashMap<>();
        theta.forEach((name, w) -> {
            Expr unit = incidence.atHead(name, scales, 1).orElse(null);
            Expr tail = incidence.atTail(name, inverse, 1).orElse(null);
            out.put(
                    name,
                    unit == null
                            ? (tail == null ? Ops.fullLike(w, 1) : tail)
                            : (tail == null ? unit : unit.times(tail)));
        });
        return out;
    }
}
