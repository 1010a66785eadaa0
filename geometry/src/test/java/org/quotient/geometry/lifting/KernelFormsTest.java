package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** Quadratic forms of K and G, and pullbacks to the parameters, against sums over enumerated paths. */
class KernelFormsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-2-3-2",
                "mlp:2-3-2,activation=prelu",
                "mlp:2-3-2,bn=true",
                "resnet-18,width=0.01,input=1x2x2,classes=1,bn=true",
                "rnn:2-2-2,steps=4,bias=true",
                "tied-autoencoder:4-2-4",
                "transformer-tiny,width=0.125,tokens=2,classes=1"
            })
    void builtIns(String spec) {
        forms(BuiltIns.model(spec, 7), 5);
    }

    @Property(seed = "95", tries = 300, edgeCases = EdgeCasesMode.NONE)
    @Label("Φ(θ′)ᵀK(θ)Φ(θ′), ∂Φ(θ)ᵀΦ(θ′) and ‖∂Φ(θ)v‖² are those of the enumerated paths")
    void random(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        forms(PathKernelTest.draw(seed), seed);
    }

    private static void forms(Model model, int seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("other");
        Model other = model.at(Weights.lazy(model.network(), name -> {
            CounterRandom own = random.split(name);
            Tensor here = model.weights().get(name);
            return Tensor.fill(here.shape(), here.dtype(), own::normal);
        }));
        Paths paths = Paths.of(model);
        List<ParameterElement> live = paths.live();
        double[][] jacobian = paths.jacobian();
        double[] phi = Paths.of(other).phi();
        double[] v = new double[live.size()];
        Arrays.setAll(v, random::normal);
        double[] pullback = new double[v.length];
        double[] size = new double[v.length];
        double energy = 0;
        double most = 0;
        for (int p = 0; p < phi.length; p++) {
            double along = 0;
            double all = 0;
            for (int i = 0; i < v.length; i++) {
                pullback[i] += jacobian[p][i] * phi[p];
                size[i] += Math.abs(jacobian[p][i] * phi[p]);
                along += jacobian[p][i] * v[i];
                all += Math.abs(jacobian[p][i] * v[i]);
            }
            energy += along * along;
            most += all * all;
        }
        PathLifting lifting = PathLifting.of(model);
        Map<String, Tensor> slopes = lifting.pullback(other.weights());
        double form = 0;
        double scale = 0;
        for (int i = 0; i < v.length; i++) {
            ParameterElement e = live.get(i);
            assertThat(slopes.get(e.parameter()).get(e.element()))
                    .as("at %s", e)
                    .isCloseTo(pullback[i], within(1e-12 * size[i] + Double.MIN_NORMAL));
            form += pullback[i] * pullback[i];
            scale += size[i] * size[i];
        }
        assertThat(lifting.kernelForm(other.weights())).isCloseTo(form, within(1e-12 * scale + Double.MIN_NORMAL));
        assertThat(lifting.energyOf(direction(model, live, v)))
                .isCloseTo(energy, within(1e-12 * most + Double.MIN_NORMAL));
    }

    private static Map<String, Tensor> direction(Model model, List<ParameterElement> live, double[] v) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        model.network()
                .parameters()
                .forEach(p -> out.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, i -> 0)));
        for (int i = 0; i < v.length; i++) {
            ParameterElement e = live.get(i);
            Objects.requireNonNull(out.get(e.parameter())).data()[e.element()] = v[i];
        }
        return out;
    }
}
