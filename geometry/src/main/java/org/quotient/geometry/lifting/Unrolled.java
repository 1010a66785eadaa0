package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.lifting.Summands.Factor;
import org.quotient.geometry.lifting.Summands.Summand;

/**
 * The unrolled forward graph of a network for one sample, element by element: where paths begin, branch and end, and which
 * elements any path reaches. Stores one bit per element; the edges are computed when asked for.
 */
final class Unrolled {
    private final List<Expr> nodes;
    private final Map<Expr, Integer> numbers = new IdentityHashMap<>();
    private final List<Vertices> vertices = new ArrayList<>();
    private final List<BitSet> present = new ArrayList<>();
    private final BitSet sourced = new BitSet();
    private final List<Expr> parameters;
    private final Map<String, Integer> offsets = new HashMap<>();
    private final List<End> ends = new ArrayList<>();

    /**
     * A tensor at whose elements paths end.
     *
     * @param node number of the node
     * @param kind an output or a cut
     * @param name of the output or cut
     * @param where the elements
     */
    record End(int node, Endpoint.Kind kind, String name, BitSet where) {}

    Unrolled(Liveness liveness) {
        Network network = liveness.network();
        parameters = network.parameters();
        int offset = 0;
        for (Expr parameter : parameters) {
            offsets.put(Network.nameOf(parameter), offset);
            offset = Math.addExact(offset, parameter.shape().elements());
        }
        nodes = Graph.topological(network.outputs());
        Map<Expr, String> cuts = cutNames();
        BitSet idle = liveness.idle();
        for (Expr node : nodes) {
            int number = vertices.size();
            numbers.put(node, number);
            String name = Objects.requireNonNull(cuts.get(node));
            Vertices read = new VerticesOf(offsets, name).read(node);
            vertices.add(read);
            present.add(presence(number, read, idle));
            sourced.set(
                    number,
                    read instanceof Vertices.Source
                            || read instanceof Vertices.Sum
                                    && node.operands().stream().anyMatch(o -> sourced.get(number(o))));
        }
        for (int k = 0; k < network.outputs().size(); k++) {
            Expr output = network.outputs().get(k);
            String name = network.outputs().size() == 1 ? "output" : "output" + k;
            addEnd(number(output), Endpoint.Kind.OUTPUT, name, present.get(number(output)));
        }
        for (Expr node : nodes) {
            if (vertices.get(number(node)) instanceof Vertices.Source(Endpoint.Kind kind, String name)
                    && kind == Endpoint.Kind.CUT) {
                cutEnds(liveness, node, name);
            }
        }
    }

    /** A name for every node, by label or operation, that no other node has. */
    private Map<Expr, String> cutNames() {
        Map<Expr, String> names = new IdentityHashMap<>();
        Set<String> taken = new HashSet<>();
        for (Expr node : nodes) {
            String plain = node.label().isEmpty() ? Names.of(node.op()) : node.label();
            String name = plain;
            for (int k = 2; !taken.add(name); k++) {
                name = plain + "#" + k;
            }
            names.put(node, name);
        }
        return names;
    }

    private BitSet presence(int number, Vertices read, BitSet idle) {
        int size = nodes.get(number).shape().bind(1).elements();
        BitSet bits = new BitSet(size);
        switch (read) {
            case Vertices.Source s -> bits.set(0, size);
            case Vertices.Parameter p -> {
                for (int i = 0; i < size; i++) {
                    bits.set(i, !idle.get(p.offset() + i));
                }
            }
            case Vertices.Constant c -> {
                for (int i = 0; i < size; i++) {
                    bits.set(i, c.value().get(i) != 0);
                }
            }
            case Vertices.Sum s -> {
                for (int i = 0; i < size; i++) {
                    bits.set(i, next(number, s, i, 0) >= 0);
                }
            }
        }
        return bits;
    }

    private void cutEnds(Liveness liveness, Expr node, String name) {
        for (int i = 0; i < node.operands().size(); i++) {
            Expr operand = node.operand(i);
            if (i > 0 && node.op() instanceof Op.StandardiseWith && PathSum.isGiven(operand)) {
                continue;
            }
            Tensor mask = liveness.sinkMask(node, i);
            BitSet where = new BitSet();
            for (int e = 0; e < mask.size(); e++) {
                where.set(e, mask.get(e) != 0);
            }
            where.and(present.get(number(operand)));
            addEnd(number(operand), Endpoint.Kind.CUT, i == 0 ? name : name + "." + i, where);
        }
    }

    private void addEnd(int node, Endpoint.Kind kind, String name, BitSet where) {
        if (!where.isEmpty()) {
            ends.add(new End(node, kind, name, where));
        }
    }

    /** The number of a node. */
    int number(Expr node) {
        return Objects.requireNonNull(numbers.get(node), node::describe);
    }

    /** The nodes, operands first. */
    List<Expr> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** Where paths end: outputs first, then cuts in topological order. */
    List<End> ends() {
        return Collections.unmodifiableList(ends);
    }

    Vertices vertices(int node) {
        return vertices.get(node);
    }

    /** A parameter element by its name and row-major position. */
    ParameterElement element(String parameter, int position) {
        return new ParameterElement(
                parameter,
                position,
                Endpoint.indexOf(position, parameter(parameter).shape()));
    }

    /** The given parameter elements, numbered by the network's parameters one after the other, row-major. */
    List<ParameterElement> elements(BitSet numbers) {
        List<ParameterElement> list = new ArrayList<>();
        for (Expr parameter : parameters) {
            String name = Network.nameOf(parameter);
            int offset = offset(name);
            int end = offset + parameter.shape().elements();
            for (int i = numbers.nextSetBit(offset); i >= 0 && i < end; i = numbers.nextSetBit(i + 1)) {
                list.add(element(name, i - offset));
            }
        }
        return list;
    }

    private Expr parameter(String name) {
        return parameters.stream()
                .filter(p -> Network.nameOf(p).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no parameter '" + name + "'; there are "
                        + parameters.stream().map(Network::nameOf).toList()));
    }

    /** The number of a parameter's first element. */
    int offset(String parameter) {
        return Objects.requireNonNull(offsets.get(parameter), parameter);
    }

    /**
     * A parameter element by one index per axis.
     *
     * @throws IllegalArgumentException if there is no such parameter, or the index does not fit its shape
     */
    ParameterElement element(String parameter, int[] index) {
        Shape shape = parameter(parameter).shape();
        boolean fits = index.length == shape.rank();
        for (int axis = 0; fits && axis < index.length; axis++) {
            fits = index[axis] >= 0 && index[axis] < shape.size(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "'" + parameter + "' has the shape " + shape + " and no element " + Arrays.toString(index));
        }
        int position = 0;
        for (int axis = 0; axis < index.length; axis++) {
            position = position * shape.size(axis) + index[axis];
        }
        return element(parameter, position);
    }

    /** Whether an input, buffer or cut lies to the left of an operand; otherwise only parameters and constants do. */
    boolean sourced(int node, Factor factor) {
        return sourced.get(operand(node, factor));
    }

    /** The number of the node that a factor belongs to. */
    int operand(int node, Factor factor) {
        return number(nodes.get(node).operand(factor.operand()));
    }

    /** What a node's elements are sums of. */
    Vertices.Sum sum(int node) {
        if (vertices.get(node) instanceof Vertices.Sum sum) {
            return sum;
        }
        throw new IllegalStateException(
                "Paths do not branch at " + nodes.get(node).describe());
    }

    /** The first summand from k on that paths go through; −1 if there is none. */
    int next(int node, int element, int k) {
        return next(node, sum(node), element, k);
    }

    private int next(int node, Vertices.Sum sum, int element, int k) {
        for (int i = k; i < sum.summands().count(); i++) {
            Summand summand = sum.summands().of(element, i);
            if (summand != null && isPresent(node, summand)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isPresent(int node, Summand summand) {
        for (Factor factor : summand.factors()) {
            if (!present.get(operand(node, factor)).get(factor.element())) {
                return false;
            }
        }
        return true;
    }
}
