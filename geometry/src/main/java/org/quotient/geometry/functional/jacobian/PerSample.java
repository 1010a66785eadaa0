package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/**
 * Gives each sample its own copy of the parameters: every node that depends on parameters but not on the sample gets a leading
 * batch axis. The gradient of a sum over samples with respect to the copies holds one gradient per sample, for all samples in one
 * pass. One rule for each operation of the normal form of masked networks.
 */
final class PerSample {
    private final Map<Expr, Expr> images = new IdentityHashMap<>();
    private final Set<Expr> lifted = new HashSet<>();

    private PerSample() {}

    /**
     * Copies parameters.
     *
     * @param outputs with the batch as leading axis
     * @param parameters without a batch axis
     * @param copies for each parameter a node [N, shape of the parameter], filled with nodes that repeat it
     * @return the outputs as functions of the copies
     */
    static List<Expr> of(List<Expr> outputs, List<Expr> parameters, List<Expr> copies) {
        PerSample pass = new PerSample();
        for (Expr parameter : parameters) {
            Expr copy = repeated(parameter);
            copies.add(copy);
            pass.images.put(parameter, copy);
            pass.lifted.add(parameter);
        }
        for (Expr node : Graph.topological(outputs)) {
            if (!pass.images.containsKey(node)) {
                pass.visit(node);
            }
        }
        return outputs.stream().map(pass::image).toList();
    }

    private Expr image(Expr node) {
        Expr image = images.get(node);
        if (image == null) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        return image;
    }

    private void visit(Expr node) {
        List<Expr> operands = node.operands().stream().map(this::image).toList();
        boolean any = node.operands().stream().anyMatch(lifted::contains);
        if (!any) {
            images.put(node, node.withOperands(operands));
        } else if (node.shape().isSymbolic()) {
            images.put(node, meeting(node, operands));
        } else {
            images.put(node, copied(node, operands));
            lifted.add(node);
        }
    }

    /** A tensor repeated along a new leading batch axis. */
    private static Expr repeated(Expr x) {
        return Expr.of(new Op.Broadcast(leading(x.shape()), shifted(x.shape().rank())), x);
    }

    private static Shape leading(Shape shape) {
        int[] sizes = new int[shape.rank() + 1];
        sizes[0] = Shape.N;
        System.arraycopy(shape.sizes(), 0, sizes, 1, shape.rank());
        return Shape.of(sizes);
    }

    /** 1, 2, ..., rank. */
    private static List<Integer> shifted(int rank) {
        return IntStream.rangeClosed(1, rank).boxed().toList();
    }

    private static List<Integer> shifted(List<Integer> axes) {
        return axes.stream().map(a -> a + 1).toList();
    }

    private static List<Integer> after(int first, List<Integer> rest) {
        List<Integer> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return List.copyOf(all);
    }

    /** An operation where copies meet values that depend on the sample. */
    private Expr meeting(Expr node, List<Expr> operands) {
        return switch (node.op()) {
            case Op.Broadcast b -> broadcast(b, operands.get(0));
            case Op.Einsum e -> {
                boolean left = lifted.contains(node.operand(0));
                Expr other = node.operand(left ? 1 : 0);
                String letters = left ? e.right() : e.left();
                char sample = letters.charAt(batchAxis(other));
                yield Expr.of(
                        new Op.Einsum(
                                left ? sample + e.left() : e.left(), left ? e.right() : sample + e.right(), e.out()),
                        operands);
            }
            default -> throw new IllegalStateException("Not in a masked graph: " + node.describe());
        };
    }

    private static int batchAxis(Expr x) {
        for (int i = 0; i < x.shape().rank(); i++) {
            if (x.shape().size(i) == Shape.N) {
                return i;
            }
        }
        throw new IllegalStateException("No batch axis: " + x.describe());
    }

    private static Expr broadcast(Op.Broadcast b, Expr copies) {
        int batch = 0;
        while (b.to().size(batch) != Shape.N) {
            batch++;
        }
        TreeSet<Integer> axes = new TreeSet<>(b.axes());
        axes.add(batch);
        List<Integer> sorted = List.copyOf(axes);
        int at = sorted.indexOf(batch);
        int[] order = new int[sorted.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i == at ? 0 : i < at ? i + 1 : i;
        }
        Expr placed = at == 0
                ? copies
                : Expr.of(new Op.Transpose(IntStream.of(order).boxed().toList()), copies);
        return sorted.size() == b.to().rank() ? placed : Expr.of(new Op.Broadcast(b.to(), sorted), placed);
    }

    /** An operation on copies, and perhaps constants. */
    private Expr copied(Expr node, List<Expr> operands) {
        return switch (node.op()) {
            case Op.Elementwise e -> Expr.of(e, allCopied(node, operands));
            case Op.Reduce r -> Expr.of(new Op.Reduce(r.kind(), shifted(r.axes())), operands);
            case Op.Einsum e -> einsum(node, e, operands);
            case Op.Concat c -> Expr.of(new Op.Concat(c.axis() + 1), allCopied(node, operands));
            case Op.Move m -> Expr.of(moved(m), operands);
            default -> throw new IllegalStateException("Not in a masked graph: " + node.describe());
        };
    }

    private List<Expr> allCopied(Expr node, List<Expr> operands) {
        List<Expr> all = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            all.add(lifted.contains(node.operand(i)) ? operands.get(i) : repeated(operands.get(i)));
        }
        return all;
    }

    private Expr einsum(Expr node, Op.Einsum e, List<Expr> operands) {
        char fresh = 'a';
        while ((e.left() + e.right()).indexOf(fresh) >= 0) {
            fresh++;
        }
        boolean left = lifted.contains(node.operand(0));
        boolean right = lifted.contains(node.operand(1));
        return Expr.of(
                new Op.Einsum(
                        left ? fresh + e.left() : e.left(), right ? fresh + e.right() : e.right(), fresh + e.out()),
                operands);
    }

    private static Op moved(Op.Move move) {
        return switch (move) {
            case Op.Reshape r -> new Op.Reshape(leading(r.to()));
            case Op.Transpose t -> new Op.Transpose(after(0, shifted(t.order())));
            case Op.Broadcast b -> new Op.Broadcast(leading(b.to()), after(0, shifted(b.axes())));
            case Op.Slice s -> new Op.Slice(after(0, s.starts()), after(Shape.N, s.stops()), after(1, s.steps()));
            case Op.Pad p -> new Op.Pad(after(0, p.before()), after(0, p.after()), after(0, p.interior()));
            case Op.Concat c -> new Op.Concat(c.axis() + 1);
            case Op.Gather g -> new Op.Gather(g.axis() + 1, g.indices());
            case Op.Scatter s -> new Op.Scatter(s.axis() + 1, s.indices(), s.size());
        };
    }
}
