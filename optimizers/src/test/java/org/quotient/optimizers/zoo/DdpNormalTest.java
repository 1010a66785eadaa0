package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Loss;

class DdpNormalTest {
    @Test
    void everyUnitHasPathNormOneFromTheInputsAndTheFunctionIsTheSame() {
        for (Model model : Samples.all()) {
            Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
            Update update = Optimizers.of("ddp-normal+sgd");
            Weights start = update.start(problem, model.weights());
            Map<String, Expr> theta = new LinkedHashMap<>();
            start.asMap().forEach((name, w) -> theta.put(name, Expr.constant(w)));
            Tensor scales = Evaluator.evaluate(
                            List.of(Frame.of(problem.group(), problem.incidence(), start)
                                    .squaredScales(theta)),
                            Map.of(),
                            1)
                    .getFirst();
            for (int k = 0; k < scales.size(); k++) {
                assertThat(scales.get(k)).isCloseTo(1, within(1e-12));
            }
            List<Tensor> probe = Samples.probe(model.network());
            assertThat(model.at(start).evaluate(probe).getFirst().data())
                    .containsExactly(model.evaluate(probe).getFirst().data(), within(1e-10));
        }
    }
}
