package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;

/** The kernel's gradient of each sample in a convolution, from what each tap of the kernel sees of the image. */
final class Patches {
    private Patches() {}

    /**
     * Gradients of each sample.
     *
     * @param node a convolution of an image [N, C, H, W] and a kernel [O, C/groups, kh, kw]
     * @param conv its operation
     * @param g the gradient with respect to it, [N, O, oh, ow]
     * @return [N, O, C/groups, kh, kw]
     */
    static Expr kernelGradients(Expr node, Op.Conv conv, Expr g) {
        Expr image = node.operand(0);
        Shape kernel = node.operand(1).shape();
        Window w = conv.window();
        int groups = conv.groups();
        int channels = kernel.size(1);
        int height = node.shape().size(2);
        int width = node.shape().size(3);
        Expr padded = w.padded()
                ? Ops.pad(image, List.of(0, 0, w.padTop(), w.padLeft()), List.of(0, 0, w.padBottom(), w.padRight()))
                : image;
        List<Expr> taps = new ArrayList<>();
        for (int i = 0; i < w.kernelHeight(); i++) {
            Expr rows = along(padded, 2, i * w.dilationHeight(), w.strideHeight(), height);
            for (int j = 0; j < w.kernelWidth(); j++) {
                Expr seen = along(rows, 3, j * w.dilationWidth(), w.strideWidth(), width);
                taps.add(Ops.reshape(seen, SampleGradients.batched(groups, channels, 1, height * width)));
            }
        }
        Expr deltas = Ops.reshape(g, SampleGradients.batched(groups, kernel.size(0) / groups, height * width));
        Expr all = Ops.einsum("ngop,ngctp->ngoct", deltas, Ops.concat(3, taps));
        return Ops.reshape(all, SampleGradients.batched(kernel.sizes()));
    }

    private static Expr along(Expr x, int axis, int start, int step, int count) {
        return Ops.slice(x, axis, start, start + (count - 1) * step + 1, step);
    }
}
