package org.quotient.optimizers.zoo;

import org.quotient.autodiff.Expr;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;

/**
 * One factor per weight: ds² = Σ_l ‖dW_l‖²/‖W_l‖_F², so W_l ← W_l − η‖W_l‖_F²g (Rangamani, Nguyen, Kumar, Phan, Chin and Tran 2019).
 * It feels every rescaling that is not one number per layer.
 *
 * @param own whether vectors, such as biases and gains, take their own squared norm too. Then one scale per layer is not felt with
 *     biases either, but biases that are zero stay zero. Otherwise they take plain steps, as in the publication's networks, which
 *     have none
 */
public record TensorwiseMetric(boolean own) implements Metric {

    /**
     * Descent in this metric.
     *
     * @param own whether vectors take their own squared norm, see {@link TensorwiseMetric}
     * @param direction from gradients to steps, the identity for none
     */
    public static Update of(boolean own, Direction direction) {
        return Composition.of("tensorwise", new TensorwiseMetric(own), direction, Retraction.euclidean());
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        return differential.zip(at.theta(), (g, w) -> {
            boolean vector = w.shape().rank() <= 1;
            Expr norm = w.times(w).sum();
            return vector && !own ? g : g.times(norm);
        });
    }

    @Override
    public Law law() {
        return own
                ? Law.under(Subgroup.LAYER_UNIFORM, Subgroup.LAYER_UNIFORM_WITHOUT_BIASES)
                : Law.under(Subgroup.LAYER_UNIFORM_WITHOUT_BIASES);
    }
}
