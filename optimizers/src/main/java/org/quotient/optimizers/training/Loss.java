package org.quotient.optimizers.training;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;

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
                return Shape.of(Shape.N);
            }

            @Override
            public Expr value(Expr prediction, Expr target) {
                return Layers.crossEntropy(prediction, target);
            }
        };
    }
}
