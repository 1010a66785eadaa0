package org.quotient.geometry.criteria;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.PathLifting;

/** Networks with given numbers, in the order of the specification: weights row-major, then biases, layer by layer. */
final class SmallNetworks {
    private SmallNetworks() {}

    static Network dense(boolean hiddenBias, boolean outputBias, int... widths) {
        NetworkBuilder net = NetworkBuilder.named("dense");
        Flow x = net.input("x", widths[0]);
        for (int i = 1; i < widths.length; i++) {
            boolean last = i == widths.length - 1;
            x = x.dense("l" + i, widths[i], last ? outputBias : hiddenBias);
            x = last ? x : x.relu();
        }
        return net.build(x).network();
    }

    static Model model(Network network, double... theta) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int at = 0;
        for (Expr p : network.parameters()) {
            int size = p.shape().elements();
            values.put(Network.nameOf(p), Tensor.of(p.shape(), p.dtype(), Arrays.copyOfRange(theta, at, at + size)));
            at += size;
        }
        assertThat(at).isEqualTo(theta.length);
        return new Model(network, Weights.of(values));
    }

    static double[] flat(Network network, Map<String, Tensor> values) {
        return network.parameters().stream()
                .flatMapToDouble(
                        p -> Arrays.stream(values.get(Network.nameOf(p)).data()))
                .toArray();
    }

    static OrbitCriterion pathCond(Model model) {
        RescalingGroup group = RescalingGroup.of(model.network());
        return OrbitCriterion.pathCond(group, PathLifting.of(model));
    }

    /** The parameters at a minimum. */
    static double[] moved(Model model, Minimum minimum) {
        return flat(
                model.network(), minimum.rescaling().weights(model.weights()).asMap());
    }

    /** The diagonal of G at a minimum. */
    static double[] diagonal(Model model, Minimum minimum) {
        Model there = model.at(minimum.rescaling().weights(model.weights()));
        return flat(model.network(), PathLifting.of(there).diagonal());
    }

    /** The part of F that the divergence leaves out: Σ log g_i over the elements with g_i &gt; 0. */
    static double sumLog(Model model) {
        return Arrays.stream(flat(model.network(), PathLifting.of(model).diagonal()))
                .filter(g -> g > 0)
                .map(Math::log)
                .sum();
    }
}
