package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

class IncidenceTest {
    private static final List<String> EDGES = List.of(
            "mlp:3-4-2",
            "mlp:3-4-3-2,bias=false",
            "lenet-5,width=0.5",
            "resnet-18,width=0.0625,input=3x8x8",
            "resnet-18,width=0.0625,bn=true,input=3x8x8",
            "densenet-tiny",
            "segnet-tiny",
            "rnn:2-3-1,steps=3",
            "tied-autoencoder:4-2-4",
            "cifar-nv,width=0.03125,input=3x16x16");

    @Test
    void theEdgesGiveBackEveryRowOfB() {
        for (String spec : EDGES) {
            RescalingGroup group = RescalingGroup.of(BuiltIns.model(spec, 1).network());
            Incidence incidence = Incidence.of(group);
            assertThat(incidence.irregular()).as(spec).isEmpty();
            double[] z = numbers(group.rank());
            Map<String, double[]> logs = group.logScales(z);
            for (Expr p : group.network().parameters()) {
                double[] expected = logs.get(Network.nameOf(p));
                for (int i = 0; i < expected.length; i++) {
                    int head = incidence.head(Network.nameOf(p), i);
                    int tail = incidence.tail(Network.nameOf(p), i);
                    assertThat((head < 0 ? 0 : z[head]) - (tail < 0 ? 0 : z[tail]))
                            .isEqualTo(expected[i], org.assertj.core.api.Assertions.within(1e-12));
                }
            }
        }
    }

    @Test
    void sumsAndSpreadNumbersAreThoseOfTheElements() {
        for (String spec : EDGES) {
            Network network = BuiltIns.model(spec, 1).network();
            Weights weights = BuiltIns.model(spec, 1).weights();
            RescalingGroup group = RescalingGroup.of(network);
            Incidence incidence = Incidence.of(group);
            int k = group.rank();
            double[] in = new double[k];
            double[] out = new double[k];
            double[] numbers = numbers(k);
            Map<String, Expr> values = new LinkedHashMap<>();
            for (Expr p : network.parameters()) {
                String name = Network.nameOf(p);
                Tensor w = weights.get(p);
                values.put(name, Expr.constant(w));
                for (int i = 0; i < w.size(); i++) {
                    if (incidence.head(name, i) >= 0) {
                        in[incidence.head(name, i)] += w.get(i);
                    }
                    if (incidence.tail(name, i) >= 0) {
                        out[incidence.tail(name, i)] += w.get(i);
                    }
                }
            }
            assertThat(value(incidence.incoming(values, DType.F64)).data())
                    .as(spec)
                    .containsExactly(in, org.assertj.core.api.Assertions.within(1e-9));
            assertThat(value(incidence.outgoing(values, DType.F64)).data())
                    .as(spec)
                    .containsExactly(out, org.assertj.core.api.Assertions.within(1e-9));
            Expr vector = Expr.constant(Tensor.of(Shape.of(k), numbers.clone()));
            for (Expr p : network.parameters()) {
                String name = Network.nameOf(p);
                Tensor w = weights.get(p);
                Tensor moved =
                        value(incidence.timesTail(name, incidence.timesHead(name, Expr.constant(w), vector), vector));
                for (int i = 0; i < w.size(); i++) {
                    int head = incidence.head(name, i);
                    int tail = incidence.tail(name, i);
                    assertThat(moved.get(i))
                            .isEqualTo(w.get(i) * (head < 0 ? 1 : numbers[head]) * (tail < 0 ? 1 : numbers[tail]));
                }
            }
        }
    }

    @Test
    void aParameterThatIsNoEdgeIsNamed() {
        RescalingGroup group = RescalingGroup.of(
                BuiltIns.model("rnn:2-3-1,steps=3,inputs=first", 0).network());
        Incidence incidence = Incidence.of(group);
        assertThat(incidence.irregular()).isNotEmpty();
        assertThatThrownBy(() -> incidence.requireEdges("The frame"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The frame")
                .hasMessageContaining(incidence.irregular().keySet().iterator().next());
    }

    private static Tensor value(Expr e) {
        return Evaluator.evaluate(List.of(e), Map.of(), 1).get(0);
    }

    private static double[] numbers(int k) {
        double[] z = new double[k];
        CounterRandom random = CounterRandom.seeded(3);
        for (int i = 0; i < k; i++) {
            z[i] = 0.5 + random.uniform(i);
        }
        return z;
    }
}
