package org.quotient.geometry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/**
 * A lower bound of rank A by counting, in time linear in the number of channels: live parameters minus the classes of
 * channels that fixed edges tie together and not to ground (Theorem 1 of the dimension count for graphs without reuse of
 * weights).
 *
 * <p>It applies when every trainable element is one edge of the channel multigraph and when channels are the right vertices:
 * by induction from the inputs, the live positions of each channel must be tied together by shared taps. Each operation
 * checks its own part; where one fails, the bound says so and gives no number.
 */
final class ChannelBound {
    /**
     * The result.
     *
     * @param applies whether the conditions hold
     * @param lower the bound on live − generators, if they do
     * @param failure which operation fails and why, if they do not
     */
    record Result(boolean applies, long lower, String failure) {}

    private static final class Inapplicable extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Expr node;

        Inapplicable(Expr node, String reason) {
            super(reason);
            this.node = node;
        }
    }

    private final Liveness liveness;
    private final Map<Expr, List<Expr>> users;
    private final Map<Expr, BlockTensor> vertices = new IdentityHashMap<>();
    private final UnionFind classes = new UnionFind();

    private ChannelBound(Liveness liveness) {
        this.liveness = liveness;
        this.users = Graph.users(liveness.order());
        classes.add();
    }

    static Result of(Network network, Liveness liveness) {
        ChannelBound bound = new ChannelBound(liveness);
        try {
            for (Expr node : liveness.order()) {
                bound.visit(node);
            }
            for (Expr output : network.outputs()) {
                bound.ground(output, liveness.mask(output));
            }
        } catch (Inapplicable failure) {
            return new Result(false, 0, new Places(liveness.order()).of(failure.node) + ": " + failure.getMessage());
        }
        return new Result(true, liveness.liveCount() - bound.freeClasses(), "");
    }

    private long freeClasses() {
        Set<Integer> roots = new HashSet<>();
        for (Map.Entry<Expr, BlockTensor> entry : vertices.entrySet()) {
            BlockTensor ids = entry.getValue();
            int[] live = Masks.onto(liveness.mask(entry.getKey()), ids.extents).ids;
            for (int i = 0; i < live.length; i++) {
                if (live[i] == 1) {
                    roots.add(classes.root(ids.ids[i]));
                }
            }
        }
        roots.remove(classes.root(0));
        return roots.size();
    }

    private void visit(Expr node) throws Inapplicable {
        if (ParameterViews.isView(node)) {
            return;
        }
        BlockTensor out =
                liveness.anyLive(node) ? vertex(node) : BlockTensor.uniform(BlockTensor.sizesOf(node.shape()), 0);
        vertices.put(node, out);
    }

    private BlockTensor of(Expr node) throws Inapplicable {
        BlockTensor known = vertices.get(node);
        if (known == null) {
            throw new Inapplicable(node, "a parameter is used other than as a weight, gain or shift of one layer");
        }
        return known;
    }

    private BlockTensor edges(Expr view) throws Inapplicable {
        return ParameterViews.edges(view, users)
                .orElseThrow(() -> new Inapplicable(view, "a parameter is used more than once"));
    }

    private void checkWithin(Expr node, Expr operand, int[] extents) throws Inapplicable {
        if (!Masks.within(liveness.mask(operand), extents)) {
            throw new Inapplicable(node, "not all positions of a block are live");
        }
    }

    private BlockTensor freshWhereLive(Expr node, int[] extents) {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int[] live = Masks.onto(liveness.mask(node), extents).ids;
        int[] out = new int[live.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = live[i] == 1 ? classes.add() : 0;
        }
        return new BlockTensor(sizes, extents, out);
    }

    private void ground(Expr node, BlockTensor where) throws Inapplicable {
        if (ParameterViews.isView(node)) {
            return;
        }
        BlockTensor ids = of(node);
        int[] live = Masks.onto(where, ids.extents).ids;
        for (int i = 0; i < live.length; i++) {
            if (live[i] == 1) {
                classes.union(0, ids.ids[i]);
            }
        }
    }

    private BlockTensor vertex(Expr node) throws Inapplicable {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        BlockTensor zero = BlockTensor.uniform(sizes, 0);
        if (Liveness.cuts(node) && !(node.op() instanceof Op.Normalise)) {
            boolean scaleFree = node.op() instanceof Op.Reduce
                    || (node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.STEP);
            for (int i = 0; i < node.operands().size() && !scaleFree; i++) {
                ground(node.operand(i), liveness.sinks(node, i));
            }
            return zero;
        }
        return switch (node.op()) {
            case Op.Leaf l -> zero;
            case Op.Unary u -> {
                if (u.kind() == Op.UnaryKind.SQRT) {
                    throw new Inapplicable(node, "a square root changes the degree");
                }
                yield of(node.operand(0));
            }
            case Op.Binary b ->
                switch (b.kind()) {
                    case ADD, SUB, MAX -> sum(node);
                    case MUL -> product(node);
                    case PRELU -> {
                        ground(node.operand(1), liveness.sinks(node, 1));
                        yield of(node.operand(0));
                    }
                    case DIV -> {
                        if (!ElementwiseLaws.isConstant(node.operand(1))) {
                            throw new Inapplicable(node, "a quotient of activations");
                        }
                        yield of(node.operand(0));
                    }
                    case POW -> throw new Inapplicable(node, "a power changes the degree");
                };
            case Op.Reduce r -> group(node, node.operand(0), liveness.mask(node.operand(0)), r.axes());
            case Op.Einsum e -> einsum(node, e);
            case Op.Conv c -> conv(node, c);
            case Op.Scatter s -> throw new Inapplicable(node, "a scatter adds");
            case Op.Move m -> {
                List<BlockTensor> operands = new ArrayList<>();
                for (Expr operand : node.operands()) {
                    operands.add(of(operand));
                }
                yield Moves.apply(node, m, operands, Moves.ANY);
            }
            case Op.Pool p -> {
                Expr x = node.operand(node.operands().size() - 1);
                BlockTensor ids = of(x);
                if (ids.varies(2) || ids.varies(3)) {
                    throw new Inapplicable(node, "its input has scales that differ between positions");
                }
                yield new BlockTensor(sizes, ids.extents, ids.ids);
            }
            case Op.Softmax s -> {
                ground(node.operand(0), liveness.sinks(node, 0));
                yield zero;
            }
            case Op.Standardise s -> {
                group(node, node.operand(0), liveness.sinks(node, 0), s.axes());
                yield zero;
            }
            case Op.StandardiseWith s -> {
                group(node, node.operand(0), liveness.sinks(node, 0), s.axes());
                yield zero;
            }
            case Op.Custom c -> throw new Inapplicable(node, "a custom operation");
        };
    }

    private BlockTensor sum(Expr node) throws Inapplicable {
        Expr x = node.operand(0);
        Expr y = node.operand(1);
        if (ParameterViews.isView(x) || ParameterViews.isView(y)) {
            Expr view = ParameterViews.isView(x) ? x : y;
            Expr other = view == x ? y : x;
            BlockTensor edges = edges(view);
            BlockTensor ids = of(other);
            int[] extents = BlockTensor.join(edges.extents, ids.extents);
            if (!Masks.within(liveness.mask(node), extents) || !Masks.within(liveness.mask(other), extents)) {
                throw new Inapplicable(node, "not all positions of a block are live");
            }
            boolean shared = !java.util.Arrays.equals(edges.extents, extents);
            int[] live = Masks.onto(liveness.mask(other), extents).ids;
            int[] shifted = Masks.onto(liveness.mask(view), extents).ids;
            int[] out = ids.expand(extents).ids.clone();
            for (int i = 0; i < out.length; i++) {
                if (live[i] == 0 && shifted[i] == 1) {
                    if (shared) {
                        throw new Inapplicable(node, "a parameter element stands alone at several places");
                    }
                    out[i] = classes.add();
                }
                shifted[i] &= live[i];
            }
            if (shared) {
                uniteAlong(ids.expand(extents), edges.extents, shifted);
            }
            return new BlockTensor(ids.sizes, extents, out);
        }
        BlockTensor a = of(x);
        BlockTensor b = of(y);
        int[] extents = BlockTensor.join(a.extents, b.extents);
        checkWithin(node, x, extents);
        checkWithin(node, y, extents);
        int[] u = a.expand(extents).ids;
        int[] v = b.expand(extents).ids;
        int[] liveX = Masks.onto(liveness.mask(x), extents).ids;
        int[] liveY = Masks.onto(liveness.mask(y), extents).ids;
        int[] out = new int[u.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = liveX[i] == 1 ? u[i] : liveY[i] == 1 ? v[i] : 0;
            if (liveX[i] == 1 && liveY[i] == 1) {
                classes.union(u[i], v[i]);
            }
        }
        return new BlockTensor(a.sizes, extents, out);
    }

    /** One shift added to several entries ties them. */
    private void uniteAlong(BlockTensor ids, int[] coarse, int[] live) {
        BlockTensor slots = BlockTensor.filled(ids.sizes, coarse, -1);
        int[] step = slots.strides();
        BlockTensor.walk(ids.extents, step, 0, (i, slot) -> {
            if (live[i] == 1) {
                if (slots.ids[slot] >= 0) {
                    classes.union(slots.ids[slot], ids.ids[i]);
                }
                slots.ids[slot] = ids.ids[i];
            }
        });
    }

    private BlockTensor product(Expr node) throws Inapplicable {
        Expr x = node.operand(0);
        Expr y = node.operand(1);
        if (ElementwiseLaws.isConstant(x) || ElementwiseLaws.isConstant(y)) {
            return of(ElementwiseLaws.isConstant(x) ? y : x);
        }
        if (ParameterViews.isView(x) == ParameterViews.isView(y)) {
            throw new Inapplicable(node, "activations are multiplied");
        }
        Expr other = ParameterViews.isView(x) ? y : x;
        BlockTensor edges = edges(ParameterViews.isView(x) ? x : y);
        int[] extents = edges.extents;
        BlockTensor ids = of(other);
        if (!java.util.Arrays.equals(extents, BlockTensor.join(extents, ids.extents))) {
            throw new Inapplicable(node, "one factor multiplies several scales");
        }
        checkWithin(node, node, extents);
        return freshWhereLive(node, extents);
    }

    private BlockTensor group(Expr node, Expr x, BlockTensor mask, List<Integer> axes) throws Inapplicable {
        BlockTensor ids = of(x);
        if (!Masks.within(mask, ids.extents)) {
            throw new Inapplicable(node, "not all positions of a block are live");
        }
        int[] live = Masks.onto(mask, ids.extents).ids;
        BlockTensor reduced = Masks.any(ids, axes);
        BlockTensor slots = BlockTensor.filled(reduced.sizes, reduced.extents, -1);
        int[] strides = slots.strides();
        int[] step = new int[ids.extents.length];
        for (int i = 0, k = 0; i < step.length; i++) {
            step[i] = axes.contains(i) ? 0 : strides[k++];
        }
        BlockTensor.walk(ids.extents, step, 0, (i, slot) -> {
            if (live[i] == 1) {
                if (slots.ids[slot] >= 0) {
                    classes.union(slots.ids[slot], ids.ids[i]);
                }
                slots.ids[slot] = ids.ids[i];
            }
        });
        for (int i = 0; i < slots.ids.length; i++) {
            slots.ids[i] = Math.max(0, slots.ids[i]);
        }
        return slots;
    }

    private BlockTensor einsum(Expr node, Op.Einsum e) throws Inapplicable {
        boolean left = ParameterViews.isView(node.operand(0));
        boolean right = ParameterViews.isView(node.operand(1));
        if (left == right) {
            throw new Inapplicable(node, left ? "parameters are multiplied" : "activations are multiplied");
        }
        String weight = left ? e.left() : e.right();
        String other = left ? e.right() : e.left();
        Expr input = node.operand(left ? 1 : 0);
        BlockTensor edges = edges(node.operand(left ? 0 : 1));
        for (int i = 0; i < edges.extents.length; i++) {
            if (edges.extents[i] != edges.sizes[i]) {
                throw new Inapplicable(node, "a parameter element is used at several places");
            }
        }
        BlockTensor x = of(input);
        int[] inputExtents = x.extents.clone();
        for (int i = 0; i < other.length(); i++) {
            boolean shared = weight.indexOf(other.charAt(i)) >= 0;
            if (!shared && x.varies(i)) {
                throw new Inapplicable(node, "its input has scales that differ between positions");
            }
            inputExtents[i] = shared ? x.sizes[i] : 1;
        }
        checkWithin(node, input, inputExtents);
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int[] extents = new int[sizes.length];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = weight.indexOf(e.out().charAt(i)) >= 0 ? sizes[i] : 1;
        }
        checkWithin(node, node, extents);
        return freshWhereLive(node, extents);
    }

    private BlockTensor conv(Expr node, Op.Conv c) throws Inapplicable {
        boolean forward = c.form() == Op.ConvForm.FORWARD;
        if (c.form() == Op.ConvForm.KERNEL_ADJOINT || !ParameterViews.isView(node.operand(1))) {
            throw new Inapplicable(node, "its kernel is not a parameter of its own");
        }
        BlockTensor input = of(node.operand(0));
        edges(node.operand(1));
        if (input.varies(2) || input.varies(3)) {
            throw new Inapplicable(node, "its input has scales that differ between positions");
        }
        Expr image = forward ? node.operand(0) : node;
        Expr place = forward ? node : node.operand(0);
        if (!PositionTies.connected(liveness, c, image, node.operand(1), place)) {
            throw new Inapplicable(node, "its positions need not share one scale");
        }
        return freshWhereLive(node, new int[] {1, node.shape().size(1), 1, 1});
    }
}
