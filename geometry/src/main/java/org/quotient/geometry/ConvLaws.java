package org.quotient.geometry;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ConvForm;

/**
 * The scaling law of convolutions. Their three tensors, image [N, C, H, W], kernel [O, C/groups, kh, kw] and place
 * [N, O, oh, ow], are related term by term; which of them is the result depends on the form. By channels, scales do not
 * depend on the position; by elements, every position has its own.
 */
final class ConvLaws {
    private ConvLaws() {}

    /** The nodes that play image, kernel and place. */
    private record Roles(Expr image, Expr kernel, Expr place) {
        static Roles of(Expr node, Op.Conv c) {
            return switch (c.form()) {
                case FORWARD -> new Roles(node.operand(0), node.operand(1), node);
                case INPUT_ADJOINT -> new Roles(node, node.operand(1), node.operand(0));
                case KERNEL_ADJOINT -> new Roles(node.operand(0), node, node.operand(1));
            };
        }
    }

    static BlockTensor conv(Inference pass, Expr node, Op.Conv c) {
        Roles roles = Roles.of(node, c);
        return pass.elements ? byElements(pass, node, c, roles) : byChannels(pass, node, c, roles);
    }

    private static BlockTensor byElements(Inference pass, Expr node, Op.Conv c, Roles roles) {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        Joiner out = new Joiner(pass, node, BlockTensor.product(sizes), LawKind.POSITION);
        int[] left = pass.potential(node.operand(0)).expandAll().ids;
        int[] right = pass.potential(node.operand(1)).expandAll().ids;
        WindowMasks.of(c)
                .triples(
                        pass.liveness.mask(roles.image()),
                        pass.liveness.mask(roles.kernel()),
                        pass.liveness.mask(roles.place()),
                        c.groups(),
                        (i, k, p) -> {
                            switch (c.form()) {
                                case FORWARD -> out.joinProduct(p, left[i], right[k], 1);
                                case INPUT_ADJOINT -> out.joinProduct(i, left[p], right[k], 1);
                                case KERNEL_ADJOINT -> out.joinProduct(k, left[i], right[p], 1);
                            }
                        });
        return BlockTensor.full(sizes, out.forms());
    }

    private static BlockTensor byChannels(Inference pass, Expr node, Op.Conv c, Roles roles) {
        for (Expr operand : node.operands()) {
            if (operand != roles.kernel()) {
                uniform(pass, node, operand);
            }
        }
        if (c.form() != ConvForm.KERNEL_ADJOINT
                && !PositionTies.connected(pass.liveness, c, roles.image(), roles.kernel(), roles.place())) {
            pass.collapse(node, "its positions need not share one scale");
        }
        if (c.form() == ConvForm.KERNEL_ADJOINT) {
            pass.collapse(node, "a kernel computed from activations is taken position by position");
        }
        int fresh = ContractionLaws.freshOperand(pass, node);
        if (fresh == 1 && c.form() != ConvForm.KERNEL_ADJOINT) {
            return structured(pass, node, c);
        }
        return tapByTap(pass, node, c, roles);
    }

    /** Makes an operand's scale uniform over positions, by relations if need be. */
    private static void uniform(Inference pass, Expr node, Expr operand) {
        BlockTensor potential = pass.potential(operand);
        if (!potential.varies(2) && !potential.varies(3)) {
            return;
        }
        BlockTensor mask = Masks.onto(pass.liveness.mask(operand), potential.extents);
        int plane = potential.extents[2] * potential.extents[3];
        boolean differ = false;
        Joiner joined = new Joiner(pass, node, potential.extents[1], LawKind.PARAMETER);
        for (int i = 0; i < potential.ids.length; i++) {
            if (mask.ids[i] == 1) {
                int channel = i / plane % potential.extents[1];
                int form = pass.lookup(potential.ids[i]);
                differ |= joined.isSet(channel)
                        && (form < 0
                                || !pass.relations
                                        .normal(pass.relations.plus(form, joined.open(channel), -1))
                                        .isZero());
                joined.join(channel, potential.ids[i]);
            }
        }
        if (differ) {
            pass.collapse(node, "its input has scales that differ between positions");
        }
    }

    /** The potential of an image or place by channel: [1, C, 1, 1], after {@link #uniform}. */
    private static BlockTensor channels(Inference pass, Expr operand) {
        BlockTensor potential = pass.potential(operand);
        BlockTensor mask = Masks.onto(pass.liveness.mask(operand), potential.extents);
        int plane = potential.extents[2] * potential.extents[3];
        int[] ids = new int[potential.extents[1]];
        boolean[] set = new boolean[ids.length];
        for (int i = 0; i < potential.ids.length; i++) {
            int channel = i / plane % ids.length;
            if (!set[channel] && mask.ids[i] == 1) {
                ids[channel] = Math.max(0, pass.lookup(potential.ids[i]));
                set[channel] = true;
            }
        }
        return new BlockTensor(potential.sizes, new int[] {1, ids.length, 1, 1}, ids);
    }

    private static int[] channelLive(Inference pass, Expr node) {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        return Masks.onto(pass.liveness.mask(node), new int[] {1, sizes[1], 1, 1}).ids;
    }

    private static BlockTensor structured(Inference pass, Expr node, Op.Conv c) {
        Expr kernel = node.operand(1);
        int[] kernelSizes = BlockTensor.sizesOf(kernel.shape());
        int[] sizes = BlockTensor.sizesOf(node.shape());
        BlockTensor input = channels(pass, node.operand(0));
        int[] live = channelLive(pass, node);
        int[] out = new int[live.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = live[i] == 1 ? pass.fresh(node, LawKind.CHANNEL) : 0;
        }
        BlockTensor result = new BlockTensor(sizes, new int[] {1, out.length, 1, 1}, out);
        boolean forward = c.form() == ConvForm.FORWARD;
        BlockTensor place = forward ? result : input;
        BlockTensor image = forward ? input : result;
        BlockTensor byOutput = new BlockTensor(kernelSizes, new int[] {place.ids.length, 1, 1, 1}, place.ids);
        BlockTensor byInput = kernelInputs(image.ids, kernelSizes, c.groups());
        int sign = forward ? 1 : -1;
        pass.scales.structure(
                pass.scales.index(((Op.Variable) kernel.op()).name()),
                List.of(new ParameterScales.Addend(sign, byOutput), new ParameterScales.Addend(-sign, byInput)));
        return result;
    }

    /** The image channels that the entries (o, c) of a kernel read. */
    private static BlockTensor kernelInputs(int[] image, int[] kernelSizes, int groups) {
        if (image.length == 1) {
            return new BlockTensor(kernelSizes, new int[] {1, 1, 1, 1}, image);
        }
        if (groups == 1) {
            return new BlockTensor(kernelSizes, new int[] {1, image.length, 1, 1}, image);
        }
        int[] ids = new int[kernelSizes[0] * kernelSizes[1]];
        for (int i = 0; i < ids.length; i++) {
            int o = i / kernelSizes[1];
            ids[i] = image[o / (kernelSizes[0] / groups) * kernelSizes[1] + i % kernelSizes[1]];
        }
        return new BlockTensor(kernelSizes, new int[] {kernelSizes[0], kernelSizes[1], 1, 1}, ids);
    }

    private static BlockTensor tapByTap(Inference pass, Expr node, Op.Conv c, Roles roles) {
        int[] kernelSizes = BlockTensor.sizesOf(roles.kernel().shape());
        int taps = kernelSizes[2] * kernelSizes[3];
        int perGroup = kernelSizes[0] / c.groups();
        int[] sizes = BlockTensor.sizesOf(node.shape());
        int[] kernelLive = pass.liveness.mask(roles.kernel()).expandAll().ids;
        int[] imageLive = channelLive(pass, roles.image());
        int[] placeLive = channelLive(pass, roles.place());
        boolean kernelResult = c.form() == ConvForm.KERNEL_ADJOINT;
        int[] extents = kernelResult ? sizes : new int[] {1, sizes[1], 1, 1};
        Joiner out = new Joiner(
                pass, node, BlockTensor.product(extents), kernelResult ? LawKind.PARAMETER : LawKind.CHANNEL);
        int[] kernel =
                kernelResult ? new int[0] : pass.potential(roles.kernel()).expandAll().ids;
        int[] image = c.form() == ConvForm.INPUT_ADJOINT ? new int[0] : spread(channels(pass, roles.image()));
        int[] place = c.form() == ConvForm.FORWARD ? new int[0] : spread(channels(pass, roles.place()));
        for (int o = 0; o < kernelSizes[0]; o++) {
            for (int i = 0; i < kernelSizes[1]; i++) {
                int channel = o / perGroup * kernelSizes[1] + i;
                for (int t = 0; t < taps && imageLive[channel] == 1 && placeLive[o] == 1; t++) {
                    int k = (o * kernelSizes[1] + i) * taps + t;
                    if (kernelLive[k] == 1) {
                        switch (c.form()) {
                            case FORWARD -> out.joinProduct(o, image[channel], kernel[k], 1);
                            case INPUT_ADJOINT -> out.joinProduct(channel, place[o], kernel[k], 1);
                            case KERNEL_ADJOINT -> out.joinProduct(k, image[channel], place[o], 1);
                        }
                    }
                }
            }
        }
        return new BlockTensor(sizes, extents, out.forms());
    }

    private static int[] spread(BlockTensor channels) {
        int[] out = new int[channels.sizes[1]];
        for (int i = 0; i < out.length; i++) {
            out[i] = channels.ids[channels.ids.length == 1 ? 0 : i];
        }
        return out;
    }
}
