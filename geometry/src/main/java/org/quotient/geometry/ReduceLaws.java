package org.quotient.geometry;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** Scaling laws of operations that add or compare several elements of one tensor. */
final class ReduceLaws {
    private ReduceLaws() {}

    private static int[] extents(Inference pass, Expr operand) {
        int[] extents = pass.potential(operand).extents;
        return pass.elements ? BlockTensor.join(extents, pass.liveness.mask(operand).extents) : extents;
    }

    private static void checkWithin(Inference pass, Expr node, BlockTensor live, int[] extents) {
        if (!Masks.within(live, extents)) {
            pass.collapse(node, "not all positions of a block are live");
        }
    }

    /** Sum or maximum over axes: all live elements of a group have one scale. */
    static BlockTensor reduce(Inference pass, Expr node, List<Integer> axes) {
        Expr x = node.operand(0);
        int[] extents = extents(pass, x);
        BlockTensor live = pass.liveness.mask(x);
        checkWithin(pass, node, live, extents);
        // The positions of one channel are no group of units.
        boolean spatial = extents.length == 4 && axes.stream().allMatch(a -> a >= 2);
        return group(pass, node, x, live, extents, axes, spatial ? Tie.POSITIONS : Tie.POOL);
    }

    private static BlockTensor group(
            Inference pass, Expr node, Expr x, BlockTensor mask, int[] extents, List<Integer> axes, Tie tie) {
        BlockTensor potential = pass.potential(x).expand(extents);
        int[] live = Masks.onto(mask, extents).ids;
        int kept = extents.length - axes.size();
        int[] sizes = new int[kept];
        int[] outExtents = new int[kept];
        for (int i = 0, k = 0; i < extents.length; i++) {
            if (!axes.contains(i)) {
                sizes[k] = potential.sizes[i];
                outExtents[k++] = extents[i];
            }
        }
        BlockTensor shape = BlockTensor.filled(sizes, outExtents, 0);
        int[] strides = shape.strides();
        int[] step = new int[extents.length];
        for (int i = 0, k = 0; i < step.length; i++) {
            step[i] = axes.contains(i) ? 0 : strides[k++];
        }
        Joiner out = new Joiner(pass, node, shape.ids.length, LawKind.PARAMETER);
        BlockTensor.walk(extents, step, 0, (i, slot) -> {
            if (live[i] == 1) {
                if (tie == Tie.NORMALISATION || out.isSet(slot)) {
                    pass.mark(potential.ids[i], tie);
                }
                out.join(slot, potential.ids[i]);
            }
        });
        return new BlockTensor(sizes, outExtents, out.forms());
    }

    /**
     * Normalisation: within a group of shared statistics all elements have one scale, which is free (exactly for ε = 0); the
     * running mean follows it and the running variance its double (of the first use, where several share them: the group is
     * that of batch statistics). The output has scale 0.
     */
    static BlockTensor standardise(Inference pass, Expr node, List<Integer> axes) {
        Expr x = node.operand(0);
        BlockTensor live = pass.liveness.sinks(node, 0);
        int[] extents = pass.potential(x).extents;
        extents = pass.elements ? BlockTensor.join(extents, live.extents) : extents;
        checkWithin(pass, node, live, extents);
        BlockTensor groups = group(pass, node, x, live, extents, axes, Tie.NORMALISATION);
        Arrays.stream(groups.ids).forEach(pass::removes);
        for (int k = 1; k < node.operands().size(); k++) {
            Expr statistic = node.operand(k);
            BlockTensor target = pass.potential(statistic);
            int[] joint = BlockTensor.join(target.extents, groups.extents);
            int[] codes = target.expand(joint).ids;
            int[] forms = groups.expand(joint).ids;
            for (int i = 0; i < codes.length; i++) {
                carryStatistic(pass, codes[i], pass.relations.times(forms[i], k));
            }
        }
        return BlockTensor.uniform(BlockTensor.sizesOf(node.shape()), 0);
    }

    private static void carryStatistic(Inference pass, int code, int form) {
        boolean buffer = code < 0 && -1 - code >= pass.scales.trainable();
        boolean known = code >= 0 || pass.scales.get(-1 - code) != ParameterScales.UNDEFINED;
        if (!known) {
            pass.define(code, form);
        } else if (!buffer) {
            pass.relations.equate(pass.lookup(code), form);
        }
    }

    /** The adjoint of a gather: entries that meet have one scale. */
    static BlockTensor scatter(Inference pass, Expr node, Op.Scatter s) {
        Expr x = node.operand(0);
        int[] spread = extents(pass, x).clone();
        int[] sizes = BlockTensor.sizesOf(node.shape());
        spread[s.axis()] = BlockTensor.sizesOf(x.shape())[s.axis()];
        int[] codes = pass.potential(x).expand(spread).ids;
        int[] live = Masks.onto(pass.liveness.mask(x), spread).ids;
        int[] extents = spread.clone();
        extents[s.axis()] = sizes[s.axis()];
        Joiner out = new Joiner(pass, node, BlockTensor.product(extents), LawKind.PARAMETER);
        int inner = 1;
        for (int k = s.axis() + 1; k < extents.length; k++) {
            inner *= extents[k];
        }
        int count = s.indices().size();
        for (int i = 0; i < codes.length; i++) {
            int slot = (i / inner / count * s.size() + s.indices().get(i / inner % count)) * inner + i % inner;
            if (live[i] == 1) {
                out.join(slot, codes[i]);
            }
        }
        return new BlockTensor(sizes, extents, out.forms());
    }

    /** Windows: what one window sees has one scale. */
    static BlockTensor pool(Inference pass, Expr node, Op.Pool p) {
        Expr x = node.operand(node.operands().size() - 1);
        boolean toPlaces = switch (p.kind()) {
            case SUM, MAX, MAX_SELECT -> true;
            case SUM_ADJOINT, MAX_SCATTER -> false;
        };
        BlockTensor potential = pass.potential(x);
        int[] sizes = BlockTensor.sizesOf(node.shape());
        if (!potential.varies(2) && !potential.varies(3)) {
            return new BlockTensor(sizes, potential.extents, potential.ids);
        }
        BlockTensor mask = pass.liveness.mask(x);
        boolean perChannel = potential.varies(1)
                || mask.varies(1)
                || pass.liveness.mask(node).varies(1);
        int channels = perChannel ? sizes[1] : 1;
        int[] spread = {1, channels, potential.sizes[2], potential.sizes[3]};
        int[] codes = potential.expand(spread).ids;
        int[] live = Masks.onto(mask, spread).ids;
        int[] extents = {1, channels, sizes[2], sizes[3]};
        int[] wanted = Masks.onto(pass.liveness.mask(node), extents).ids;
        Joiner out = new Joiner(pass, node, channels * sizes[2] * sizes[3], LawKind.PARAMETER);
        int from = spread[2] * spread[3];
        int to = sizes[2] * sizes[3];
        for (int c = 0; c < channels; c++) {
            int channel = c;
            WindowMasks.of(p).forEach((cell, tap, place) -> {
                int source = channel * from + (toPlaces ? cell : place);
                int slot = channel * to + (toPlaces ? place : cell);
                if (live[source] == 1 && wanted[slot] == 1) {
                    out.join(slot, codes[source]);
                }
            });
        }
        return new BlockTensor(sizes, extents, out.forms());
    }
}
