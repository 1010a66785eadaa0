package org.quotient.optimizers;

import org.quotient.autodiff.Tensor;

/**
 * The metric {@code Σ_l ‖dW_l‖²/‖W_l‖²} with one norm per parameter tensor, P = ‖W_l‖_F² (Rangamani et al. 2019). It respects
 * rescalings that multiply each tensor by one number, and no others. A tensor that is zero stays zero.
 */
public record TensorwiseMetric() implements Metric {
    @Override
    public ParameterVector gradient(ParameterVector theta, ParameterVector differential) {
        return theta.mapTensors(e -> {
            Tensor x = e.getValue();
            Tensor g = differential.get(e.getKey());
            double squares = 0;
            for (int i = 0; i < x.size(); i++) {
                squares += x.get(i) * x.get(i);
            }
            double squaredNorm = squares;
            return Tensor.fill(x.shape(), x.dtype(), i -> squaredNorm * g.get(i));
        });
    }

    @Override
    public Law law() {
        return Law.UNIFORM_PER_TENSOR;
    }
}
