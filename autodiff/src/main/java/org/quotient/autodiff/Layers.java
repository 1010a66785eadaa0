package org.quotient.autodiff;

import java.util.List;
import java.util.stream.IntStream;

/** Normalisation layers and losses, as expressions. */
public final class Layers {
    private Layers() {}

    /**
     * Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015): per channel (axis 1), over all other
     * axes, then γ·x̂ + β.
     *
     * @param x [N, C, ...]
     * @param gamma [C]
     * @param beta [C]
     * @param epsilon added to the (biased) variance
     */
    public static Expr batchNorm(Expr x, Expr gamma, Expr beta, double epsilon) {
        return affine(Expr.of(new Op.Standardise(allButChannel(x), epsilon), x), gamma, beta, 1);
    }

    /** Batch normalisation with running statistics, as at inference; mean and variance are [C]. */
    public static Expr batchNorm(Expr x, Expr gamma, Expr beta, Expr mean, Expr variance, double epsilon) {
        return affine(Expr.of(new Op.StandardiseWith(allButChannel(x), epsilon), x, mean, variance), gamma, beta, 1);
    }

    /** Layer normalisation over the last axis (Ba, Kiros and Hinton 2016); γ and β have its size. */
    public static Expr layerNorm(Expr x, Expr gamma, Expr beta, double epsilon) {
        int last = x.shape().rank() - 1;
        return affine(Expr.of(new Op.Standardise(List.of(last), epsilon), x), gamma, beta, last);
    }

    private static List<Integer> allButChannel(Expr x) {
        return IntStream.range(0, x.shape().rank()).filter(i -> i != 1).boxed().toList();
    }

    private static Expr affine(Expr x, Expr gamma, Expr beta, int axis) {
        return alongAxis(gamma, x, axis).times(x).plus(alongAxis(beta, x, axis));
    }

    /** A vector repeated to the shape of {@code like} so that it runs along one axis. */
    public static Expr alongAxis(Expr vector, Expr like, int axis) {
        return Expr.of(new Op.Broadcast(like.shape(), List.of(axis)), vector);
    }

    /** Mean over the batch of ½‖f − y‖². */
    public static Expr halfSquaredError(Expr prediction, Expr target) {
        Expr difference = prediction.minus(target);
        Expr total = difference.times(difference).sum().times(0.5);
        return total.over(Ops.count(prediction, List.of(0)));
    }

    /**
     * Mean over the batch of −log softmax(logits)[label].
     *
     * @param logits [N, K]
     * @param labels [N], whole numbers from 0 to K − 1
     */
    public static Expr crossEntropy(Expr logits, Expr labels) {
        Expr hot = Ops.oneHot(labels, logits.shape().size(1));
        return hot.times(Ops.logSoftmax(logits, 1)).sum().neg().over(Ops.count(logits, List.of(0)));
    }
}
