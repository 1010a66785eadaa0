package org.quotient.optimizers.training;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** A loss of a prediction and a target. It is no part of the network: geometry looks at the function, not at the loss. */
public interface Loss {

    /** The shape of the target for a prediction, with the batch axis. */
    Shape target(Shape prediction);

    /**
     * The loss.
     *
     * @param prediction the network's output
     * @param target of the shape that {@link #target} tells
     * @return a scalar
     */
    Expr value(Expr prediction, Expr target);

    /**
     * Checks a target, before the loss is computed from it.
     *
     * @param target of the shape that {@link #target} tells
     * @param prediction the shape of the network's output for the batch
     * @throws IllegalArgumentException that names the first number that is no target
     */
    default void check(Tensor target, Shape prediction) {}

    /** Mean over the batch of ½‖f − y‖²; y has the shape of f. */
    static Loss halfSquaredError() {
        return new Loss() {
            @Override
            public Shape target(Shape prediction) {
                return prediction;
            }

            @Override
            public Expr value(Expr prediction, Expr target) {
                return Layers.halfSquaredError(prediction, target);
            }
        };
    }

    /** Mean over the batch of −log softmax(f)[y]; f is [N, K], y is [N], whole numbers from 0 to K − 1. */
    static Loss crossEntropy() {
        return new Loss() {
            @Override
            public Shape target(Shape prediction) {
                if (prediction.rank() != 2) {
                    throw new IllegalArgumentException(
                            "Cross-entropy needs outputs [N, classes]; the network's are " + prediction);
                }
                return Shape.of(Shape.N);
            }

            @Override
            public void check(Tensor target, Shape prediction) {
                int classes = prediction.size(1);
                for (int i = 0; i < target.size(); i++) {
                    double label = target.get(i);
                    if (!(label >= 0 && label < classes && label == Math.rint(label))) {
                        throw new IllegalArgumentException("Cross-entropy takes classes as whole numbers from 0 to "
                                + (classes - 1) + "; target " + i + " is " + label);
                    }
                }
            }

            @Override
            public Expr value(Expr prediction, Expr target) {
                return Layers.crossEntropy(prediction, target);
            }
        };
    }

    /**
     * Mean over all pixels that have a class of −log softmax(f)[y]; f is [N, K, H, W], y is [N, H, W], whole numbers from 0 to K − 1,
     * any other number for no class (void). A batch without any such pixel has loss 0.
     */
    static Loss pixelCrossEntropy() {
        return new Loss() {
            @Override
            public Shape target(Shape prediction) {
                if (prediction.rank() != 4) {
                    throw new IllegalArgumentException(
                            "A loss per pixel needs outputs [N, classes, H, W]; the network's are " + prediction);
                }
                return Shape.of(Shape.N, prediction.size(2), prediction.size(3));
            }

            @Override
            public Expr value(Expr prediction, Expr target) {
                Expr hot = Ops.oneHot(target, prediction.shape().size(1)).transpose(0, 3, 1, 2);
                Expr total = hot.times(Ops.logSoftmax(prediction, 1)).sum().neg();
                Expr count = hot.sum();
                return total.over(Ops.max(count, Ops.fullLike(count, 1)));
            }
        };
    }
}
