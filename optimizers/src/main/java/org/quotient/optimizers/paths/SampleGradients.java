package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Network;

/**
 * Gradients of each sample of a batch, in one backward pass: the pass is taken to the values where a parameter meets the batch (a
 * summation, a broadcast, a convolution), and the last step, which would sum over samples, is not summed. Parameters may come there as
 * they are, or transposed or under another shape.
 */
final class SampleGradients {
    private final Network network;
    private final Map<Expr, List<Meeting>> meetings = new LinkedHashMap<>();

    /** A node in which the operand number {@code which} is a parameter, possibly moved. */
    private record Meeting(Expr node, int which) {}

    private SampleGradients(Network network) {
        this.network = network;
    }

    /**
     * Prepares the samples' gradients.
     *
     * @param network whose samples do not influence each other
     * @param what the method that needs them, for messages
     * @throws IllegalArgumentException naming the operation, if samples influence each other or a parameter meets the batch in
     *     another way
     */
    static SampleGradients of(Network network, String what) {
        SampleGradients made = new SampleGradients(network);
        network.parameters().forEach(p -> made.meetings.put(p, new ArrayList<>()));
        Map<Expr, Expr> source = new IdentityHashMap<>();
        network.parameters().forEach(p -> source.put(p, p));
        for (Expr node : Graph.topological(network.outputs())) {
            if (SampleCoupling.couples(node)) {
                throw new IllegalArgumentException(what + " needs samples that do not influence each other; "
                        + node.describe() + " of '" + network.name() + "' computes with several samples at a time");
            }
            for (int i = 0; i < node.operands().size(); i++) {
                Expr parameter = source.get(node.operand(i));
                if (parameter == null) {
                    continue;
                }
                if (node.shape().isSymbolic()) {
                    if (!(node.op() instanceof Op.Broadcast
                            || node.op() instanceof Op.Einsum
                            || node.op() instanceof Op.Conv c && c.form() == Op.ConvForm.FORWARD && i == 1)) {
                        throw unsupported(what, node, parameter);
                    }
                    made.parameterMeetings(parameter).add(new Meeting(node, i));
                } else if (node.op() instanceof Op.Reshape || node.op() instanceof Op.Transpose) {
                    source.put(node, parameter);
                } else {
                    throw unsupported(what, node, parameter);
                }
            }
        }
        return made;
    }

    private static IllegalArgumentException unsupported(String what, Expr node, Expr parameter) {
        return new IllegalArgumentException(what
                + " needs gradients of each sample, known for parameters that enter sums of products, broadcasts and convolutions"
                + " (as they are, transposed or reshaped); '" + Network.nameOf(parameter) + "' enters "
                + Names.of(node.op()) + " in " + node.describe());
    }

    private List<Meeting> parameterMeetings(Expr parameter) {
        return java.util.Objects.requireNonNull(meetings.get(parameter));
    }

    /**
     * Per parameter the gradients of each sample.
     *
     * @param outputs values with the batch axis
     * @param cotangents one per output, of its shape
     */
    Result of(List<Expr> outputs, List<Expr> cotangents) {
        List<Expr> nodes = meetings.values().stream()
                .flatMap(List::stream)
                .map(Meeting::node)
                .distinct()
                .toList();
        List<Expr> gradients = Differentiation.vjp(outputs, cotangents, nodes);
        Map<Expr, Expr> at = new IdentityHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            at.put(nodes.get(i), gradients.get(i));
        }
        Map<String, List<Expr>> parts = new LinkedHashMap<>();
        meetings.forEach((parameter, all) -> parts.put(
                Network.nameOf(parameter),
                all.stream()
                        .map(m -> toParameter(
                                m.node.operand(m.which), local(m, java.util.Objects.requireNonNull(at.get(m.node)))))
                        .toList()));
        return new Result(network, parts);
    }

    /**
     * Gradients of each sample.
     *
     * @param parts per parameter the terms of its gradient, [N, shape of the parameter] each
     */
    record Result(Network network, Map<String, List<Expr>> parts) {

        /** The gradient, [N, shape]; empty if the parameter has no influence. */
        Optional<Expr> gradient(String parameter) {
            return all(parameter).stream().reduce(Expr::plus);
        }

        private List<Expr> all(String parameter) {
            return java.util.Objects.requireNonNull(parts.get(parameter));
        }

        /** Σ over samples of the square of the gradient, of the parameter's shape; empty if it has no influence. */
        Optional<Expr> squares(String parameter) {
            List<Expr> terms = all(parameter);
            return terms.size() == 1
                    ? Optional.of(summedSquare(terms.getFirst()))
                    : gradient(parameter).map(g -> g.times(g).sum(0));
        }

        /** Without a gradient for each sample where that is an outer product: Σ_n (δ_n h_n)² = Σ_n δ_n² h_n². */
        private static Expr summedSquare(Expr gradient) {
            if (gradient.op() instanceof Op.Einsum e
                    && e.left().chars().allMatch(c -> e.out().indexOf(c) >= 0)
                    && e.right().chars().allMatch(c -> e.out().indexOf(c) >= 0)
                    && e.left().indexOf(e.out().charAt(0)) >= 0
                    && e.right().indexOf(e.out().charAt(0)) >= 0) {
                Expr left = gradient.operand(0);
                Expr right = gradient.operand(1);
                return Expr.of(
                        new Op.Einsum(e.left(), e.right(), e.out().substring(1)), left.times(left), right.times(right));
            }
            if (gradient.op() instanceof Op.Transpose t && t.order().getFirst() == 0) {
                int[] order = t.order().stream().skip(1).mapToInt(a -> a - 1).toArray();
                return Ops.transpose(summedSquare(gradient.operand(0)), order);
            }
            return gradient.times(gradient).sum(0);
        }
    }

    /** The gradient of each sample with respect to the operand as it enters the node. */
    private static Expr local(Meeting meeting, Expr g) {
        Expr node = meeting.node;
        return switch (node.op()) {
            case Op.Broadcast b -> {
                int[] repeated = IntStream.range(1, node.shape().rank())
                        .filter(i -> !b.axes().contains(i))
                        .toArray();
                yield repeated.length == 0 ? g : Ops.sum(g, repeated);
            }
            case Op.Einsum e -> {
                boolean right = meeting.which == 1;
                String own = right ? e.right() : e.left();
                String other = right ? e.left() : e.right();
                yield Expr.of(new Op.Einsum(e.out(), other, e.out().charAt(0) + own), g, node.operand(right ? 0 : 1));
            }
            case Op.Conv c -> Patches.kernelGradients(node, c, g);
            default -> throw new IllegalStateException("No meeting of parameter and batch: " + node.describe());
        };
    }

    /** Back through what moved the parameter before it met the batch. */
    private static Expr toParameter(Expr moved, Expr gradient) {
        Expr node = moved;
        Expr g = gradient;
        while (!(node.op() instanceof Op.Variable)) {
            int[] sizes = node.operand(0).shape().sizes();
            if (node.op() instanceof Op.Transpose t) {
                int[] back = new int[t.order().size() + 1];
                for (int i = 0; i < t.order().size(); i++) {
                    back[1 + t.order().get(i)] = 1 + i;
                }
                g = Ops.transpose(g, back);
            } else {
                g = Ops.reshape(g, batched(sizes));
            }
            node = node.operand(0);
        }
        return g;
    }

    /** [N, sizes]. */
    static Shape batched(int... sizes) {
        int[] all = new int[sizes.length + 1];
        all[0] = Shape.N;
        System.arraycopy(sizes, 0, all, 1, sizes.length);
        return Shape.of(all);
    }
}
