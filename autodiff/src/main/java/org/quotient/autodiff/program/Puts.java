package org.quotient.autodiff.program;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;

/**
 * A few elements replaced: {@code x∘m + scatter(v)}, where m is a constant of 0 and 1 and is 0 exactly where v goes. It is done by
 * writing v over x, without a pass over all elements. The bits are the same, except for the sign of zeros, for finite x.
 */
final class Puts {
    /**
     * One of them.
     *
     * @param x what most elements are
     * @param values the others
     * @param places where they go, row-major
     */
    record Put(Expr x, Expr values, List<Integer> places) {}

    private final Map<Expr, Put> puts = new IdentityHashMap<>();
    private final Map<Expr, Boolean> parts = new IdentityHashMap<>();

    private Puts() {}

    /** None. */
    static Puts none() {
        return new Puts();
    }

    static Puts of(List<Expr> nodes, Set<Expr> kept, Set<Expr> fixed, Lowering lowering) {
        Puts found = new Puts();
        Map<Expr, List<Expr>> users = Graph.users(nodes);
        for (Expr node : nodes) {
            if (node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.ADD && !fixed.contains(node)) {
                for (int i = 0; i < 2 && !found.puts.containsKey(node); i++) {
                    found.match(node, node.operand(i), node.operand(1 - i), users, kept, fixed, lowering);
                }
            }
        }
        return found;
    }

    private void match(
            Expr node,
            Expr masked,
            Expr added,
            Map<Expr, List<Expr>> users,
            Set<Expr> kept,
            Set<Expr> fixed,
            Lowering lowering) {
        Expr scattered = added.op() instanceof Op.Reshape ? added.operand(0) : added;
        if (!(masked.op() instanceof Op.Binary b)
                || b.kind() != Op.BinaryKind.MUL
                || !(scattered.op() instanceof Op.Scatter s)
                || scattered.shape().rank() != 1
                || kept.contains(masked)
                || users.getOrDefault(masked, List.of()).size() != 1) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            Expr mask = masked.operand(i);
            if (fixed.contains(mask)
                    && !fixed.contains(masked.operand(1 - i))
                    && isComplement(lowering.value(mask), s.indices())) {
                puts.put(node, new Put(masked.operand(1 - i), scattered.operand(0), s.indices()));
                parts.put(masked, true);
                for (Expr part : List.of(added, scattered)) {
                    if (!kept.contains(part)
                            && users.getOrDefault(part, List.of()).size() == 1) {
                        parts.put(part, true);
                    }
                }
                return;
            }
        }
    }

    private static boolean isComplement(Tensor mask, List<Integer> places) {
        boolean[] replaced = new boolean[mask.size()];
        for (int place : places) {
            if (place >= replaced.length || replaced[place]) {
                return false;
            }
            replaced[place] = true;
        }
        double[] data = mask.data();
        return data.length == replaced.length
                && Arrays.stream(data).allMatch(m -> m == 0 || m == 1)
                && java.util.stream.IntStream.range(0, data.length).allMatch(i -> (data[i] == 0) == replaced[i]);
    }

    /** What a node replaces, or null if it is another operation. */
    @Nullable
    Put of(Expr node) {
        return puts.get(node);
    }

    /** Whether a node is only a part of such an expression and needs no value. */
    boolean isPart(Expr node) {
        return parts.containsKey(node);
    }

    /** Whether a node belongs to no elementwise pass, since it is computed in this way. */
    boolean isApart(Expr node) {
        return puts.containsKey(node) || parts.containsKey(node);
    }
}
