package org.quotient.geometry;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/**
 * One pass over a network that gives every tensor a log-scale (a linear form per block) and collects the relations that the
 * operations impose. In element mode nothing is taken to be uniform over positions; otherwise convolutions assume it, and
 * the pass records where that might lose symmetries.
 */
final class Inference {
    final Network network;
    final Liveness liveness;
    final boolean elements;
    final Relations relations = new Relations();
    final ParameterScales scales;
    private final Map<Expr, List<Expr>> users;
    private final Places places;
    private final Map<Expr, BlockTensor> potentials = new IdentityHashMap<>();
    private final Map<String, String> pinned = new LinkedHashMap<>();
    private final Map<String, String> collapsed = new LinkedHashMap<>();
    private final Map<Integer, LawKind> kinds = new java.util.HashMap<>();
    private final Map<Integer, java.util.EnumSet<Tie>> ties = new java.util.HashMap<>();
    private final java.util.Set<Integer> removed = new java.util.LinkedHashSet<>();

    private Inference(Network network, Liveness liveness, boolean elements) {
        this.network = network;
        this.liveness = liveness;
        this.elements = elements;
        this.scales = new ParameterScales(network, relations);
        this.users = Graph.users(liveness.order());
        this.places = new Places(liveness.order());
    }

    static Inference run(Network network, Liveness liveness, boolean elements) {
        Inference pass = new Inference(network, liveness, elements);
        for (Expr node : liveness.order()) {
            pass.visit(node);
        }
        for (Expr output : network.outputs()) {
            pass.pin(output, liveness.mask(output));
        }
        return pass;
    }

    /** Operations that hold a scale at zero, with the reason. */
    Map<String, String> pinned() {
        return pinned;
    }

    /** Operations where the law assumed to be uniform over positions may not be the only one, with the reason. */
    Map<String, String> collapsed() {
        return collapsed;
    }

    /** What kind of operation introduced each unknown. */
    Map<Integer, LawKind> kinds() {
        return kinds;
    }

    /** How each form came to be shared, by form number. */
    Map<Integer, java.util.EnumSet<Tie>> ties() {
        return ties;
    }

    /** Forms of the scales that an operation removes: those of what a normalisation, a sign or a first maximum reads. */
    java.util.Set<Integer> removed() {
        return removed;
    }

    /** Notes that an operation removes a scale. */
    void removes(int form) {
        if (form > 0) {
            removed.add(form);
        }
    }

    void mark(int form, Tie tie) {
        if (form > 0) {
            ties.computeIfAbsent(form, k -> java.util.EnumSet.noneOf(Tie.class)).add(tie);
        }
    }

    // ---- Potentials

    /** The potential of a node: form numbers, or −1 − e for the parameter element e whose form may not be known yet. */
    BlockTensor potential(Expr node) {
        BlockTensor known = potentials.get(node);
        if (known != null) {
            return known;
        }
        if (!(node.op() instanceof Op.Variable v)) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int offset = scales.offset(scales.index(v.name()));
        int[] ids = new int[BlockTensor.product(sizes)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = -1 - offset - i;
        }
        return BlockTensor.full(sizes, ids);
    }

    /** Whether one operation alone uses a node, and only as one operand. */
    boolean usedOnce(Expr node) {
        List<Expr> uses = users.get(node);
        return uses != null && uses.size() == 1 && !network.outputs().contains(node);
    }

    /** The form behind an entry of a potential, or UNDEFINED. A buffer outside normalisation is a constant. */
    int lookup(int code) {
        if (code >= 0) {
            return code;
        }
        int element = -1 - code;
        int form = scales.get(element);
        return form == ParameterScales.UNDEFINED && element >= scales.trainable() ? 0 : form;
    }

    void define(int code, int form) {
        scales.set(-1 - code, form);
    }

    int fresh(Expr node, LawKind kind) {
        int form = relations.fresh(places.of(node));
        kinds.put(relations.form(form).unknownAt(0), kind);
        return form;
    }

    void collapse(Expr node, String reason) {
        collapsed.putIfAbsent(places.of(node), reason);
    }

    void pinnedBy(Expr node, String reason) {
        pinned.putIfAbsent(places.of(node), reason);
    }

    /** Holds some of a node's elements at scale 0; says whether one of them was free before. */
    boolean pin(Expr node, BlockTensor where) {
        BlockTensor plain = potential(node);
        BlockTensor potential = elements ? plain.expand(BlockTensor.join(plain.extents, where.extents)) : plain;
        BlockTensor mask = Masks.onto(where, potential.extents);
        boolean moved = false;
        for (int i = 0; i < potential.ids.length; i++) {
            if (mask.ids[i] == 1) {
                int form = lookup(potential.ids[i]);
                if (form < 0) {
                    define(potential.ids[i], 0);
                } else if (form != 0 && !relations.normal(form).isZero()) {
                    relations.vanish(form);
                    moved = true;
                }
            }
        }
        return moved;
    }

    private void visit(Expr node) {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        // Movements are followed even where nothing is live, so that idle parameters can be carried along; and paths
        // end at
        // a cut whatever lies behind it.
        boolean followed = node.op() instanceof Op.Variable
                || (node.op() instanceof Op.Move && !(node.op() instanceof Op.Scatter))
                || Liveness.cuts(node)
                || Liveness.isPrelu(node);
        if (!liveness.anyLive(node) && !followed) {
            potentials.put(node, BlockTensor.uniform(sizes, 0));
            return;
        }
        switch (node.op()) {
            case Op.Variable v -> {
                if (v.role() == Op.Role.INPUT) {
                    potentials.put(node, BlockTensor.uniform(sizes, 0));
                }
            }
            default -> potentials.put(node, law(node, sizes));
        }
    }

    private BlockTensor law(Expr node, int[] sizes) {
        if (Liveness.cuts(node) && !(node.op() instanceof Op.Normalise)) {
            return cut(node, sizes);
        }
        return switch (node.op()) {
            case Op.Leaf l -> BlockTensor.uniform(sizes, 0);
            case Op.Unary u ->
                u.kind() == Op.UnaryKind.SQRT
                        ? ElementwiseLaws.power(this, node, new Homogeneity.Degree(1, 2))
                        : potential(node.operand(0));
            case Op.Binary b ->
                switch (b.kind()) {
                    case ADD, SUB, MAX -> ElementwiseLaws.sum(this, node);
                    case MUL -> ElementwiseLaws.product(this, node, 1);
                    case DIV -> ElementwiseLaws.product(this, node, -1);
                    case POW ->
                        ElementwiseLaws.power(
                                this, node, Homogeneity.exponent(node).orElseThrow());
                    case PRELU -> {
                        pin(node.operand(1), liveness.sinks(node, 1));
                        yield potential(node.operand(0));
                    }
                };
            case Op.Reduce r -> ReduceLaws.reduce(this, node, r.axes());
            case Op.Einsum e -> ContractionLaws.einsum(this, node, e);
            case Op.Conv c -> ConvLaws.conv(this, node, c);
            case Op.Scatter s -> ReduceLaws.scatter(this, node, s);
            case Op.Move m -> {
                List<BlockTensor> operands = new ArrayList<>();
                node.operands().forEach(o -> operands.add(potential(o)));
                yield Moves.apply(node, m, operands, Moves.ANY);
            }
            case Op.Pool p -> ReduceLaws.pool(this, node, p);
            case Op.Standardise s -> ReduceLaws.standardise(this, node, s.axes());
            case Op.StandardiseWith s -> ReduceLaws.standardise(this, node, s.axes());
            case Op.Softmax s -> cut(node, sizes);
            case Op.Custom c -> ElementwiseLaws.custom(this, node);
        };
    }

    private BlockTensor cut(Expr node, int[] sizes) {
        boolean scaleFree =
                node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.STEP || node.op() instanceof Op.Reduce;
        if (scaleFree) {
            for (int i = 0; i < node.operands().size(); i++) {
                forgets(node.operand(i), liveness.sinks(node, i));
            }
        } else {
            boolean moved = false;
            for (int i = 0; i < node.operands().size(); i++) {
                moved |= pin(node.operand(i), liveness.sinks(node, i));
            }
            if (moved) {
                pinnedBy(node, Pinned.reason(node));
            }
        }
        return BlockTensor.uniform(sizes, 0);
    }

    private void forgets(Expr operand, BlockTensor where) {
        BlockTensor potential = potential(operand);
        BlockTensor mask = Masks.onto(where, potential.extents);
        for (int i = 0; i < potential.ids.length; i++) {
            if (mask.ids[i] == 1) {
                removes(lookup(potential.ids[i]));
            }
        }
    }
}
