package org.quotient.geometry;

import java.util.Arrays;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/**
 * Whether the positions of a convolution's result are forced to share one scale per channel, given inputs that are uniform
 * over positions: each tap ties the positions where it meets a live cell of one input channel, and all live positions must be
 * tied together (directly or in a chain).
 */
final class PositionTies {
    private final WindowMasks relation;
    private final boolean forward;
    private final Planes image;
    private final Planes place;
    private final Planes kernel;
    private final int[] parent;
    private final Planes result;

    private PositionTies(Op.Conv c, boolean forward, Planes image, Planes kernel, Planes place) {
        this.relation = WindowMasks.of(c);
        this.forward = forward;
        this.image = image;
        this.kernel = kernel;
        this.place = place;
        this.result = forward ? place : image;
        this.parent = new int[result.size];
    }

    /** The last two axes of a mask, expanded, with the offset of each index of the axes before. */
    private static final class Planes {
        private final BlockTensor mask;
        private final int[] ids;
        private final int size;

        Planes(BlockTensor source) {
            int[] extents = source.extents.clone();
            extents[2] = source.sizes[2];
            extents[3] = source.sizes[3];
            mask = source.expand(extents);
            ids = mask.ids;
            size = source.sizes[2] * source.sizes[3];
        }

        int offset(int first, int second) {
            return ((mask.varies(0) ? first : 0) * mask.extents[1] + (mask.varies(1) ? second : 0)) * size;
        }
    }

    /**
     * Checks every channel of a forward or transposed convolution.
     *
     * @param imageNode the node that plays the image [N, C, H, W]
     * @param kernelNode the kernel [O, C/groups, kh, kw]
     * @param placeNode the node that plays the place [N, O, oh, ow]
     */
    static boolean connected(Liveness liveness, Op.Conv c, Expr imageNode, Expr kernelNode, Expr placeNode) {
        boolean forward = c.form() == Op.ConvForm.FORWARD;
        BlockTensor image = liveness.mask(imageNode);
        BlockTensor place = liveness.mask(placeNode);
        BlockTensor kernel = liveness.mask(kernelNode);
        PositionTies ties = new PositionTies(c, forward, new Planes(image), new Planes(kernel), new Planes(place));
        boolean sameChannels = !image.varies(1) && !place.varies(1) && !kernel.varies(0) && !kernel.varies(1);
        int outputs = kernel.sizes[0] / c.groups();
        int inputs = kernel.sizes[1];
        int results = sameChannels ? 1 : c.groups() * (forward ? outputs : inputs);
        for (int r = 0; r < results; r++) {
            int group = r / (forward ? outputs : inputs);
            if (!ties.tied(r, group, sameChannels ? 1 : forward ? inputs : outputs, inputs, outputs)) {
                return false;
            }
        }
        return true;
    }

    private boolean tied(int channel, int group, int terms, int inputs, int outputs) {
        Arrays.setAll(parent, i -> i);
        int start = result.offset(0, channel);
        for (int t = 0; t < terms; t++) {
            int o = forward ? channel : group * outputs + t;
            int i = forward ? t : channel % inputs;
            link(start, image.offset(0, group * inputs + i), place.offset(0, o), kernel.offset(o, i));
            if (single(start)) {
                return true;
            }
        }
        return single(start);
    }

    private void link(int start, int cells, int places, int taps) {
        int[] first = new int[kernel.size];
        Arrays.fill(first, -1);
        relation.forEach((cell, tap, at) -> {
            int position = forward ? at : cell;
            int live = image.ids[cells + cell]
                    & place.ids[places + at]
                    & kernel.ids[taps + tap]
                    & result.ids[start + position];
            if (live == 1) {
                if (first[tap] < 0) {
                    first[tap] = position;
                } else {
                    parent[root(position)] = root(first[tap]);
                }
            }
        });
    }

    private int root(int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private boolean single(int start) {
        int found = -1;
        for (int i = 0; i < parent.length; i++) {
            if (result.ids[start + i] == 1) {
                int root = root(i);
                if (found >= 0 && root != found) {
                    return false;
                }
                found = root;
            }
        }
        return true;
    }
}
