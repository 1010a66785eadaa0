package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/** Random parameters, inputs and masks modulo a prime. */
public record RandomValues(MaskedNetwork masked, Support support, Numbers.PrimeField field, CounterRandom random) {

    /**
     * Parameters.
     *
     * @param zeros per name a factor 0 or 1 for each element; names that are missing have 1 everywhere
     */
    public Map<String, Tensor> theta(Map<String, double[]> zeros) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr parameter : masked.parameters()) {
            String name = Network.nameOf(parameter);
            double[] values = residues(
                    field, random.split("theta").split(name), parameter.shape().elements());
            double[] factor = zeros.getOrDefault(name, new double[0]);
            for (int i = 0; i < factor.length; i++) {
                values[i] *= factor[i];
            }
            out.put(name, Tensor.of(parameter.shape(), values));
        }
        return out;
    }

    private static double[] residues(Numbers.PrimeField field, CounterRandom stream, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = stream.below(i, field.p());
        }
        return values;
    }

    /** Masks of decisions that do not depend on the sample belong to θ. */
    public List<Tensor> sharedMasks() {
        List<Tensor> out = new ArrayList<>();
        for (Kink kink : masked.kinks()) {
            if (!kink.perSample()) {
                out.add(mask(kink, field, random.split("shared").split(out.size()), 1));
            }
        }
        return out;
    }

    /**
     * Masks.
     *
     * @param here decides about these samples
     * @param count how many samples
     * @param shared those of {@link #sharedMasks}, the same for all samples
     */
    public List<Tensor> masks(CounterRandom here, int count, List<Tensor> shared) {
        List<Tensor> out = new ArrayList<>();
        int next = 0;
        for (Kink kink : masked.kinks()) {
            if (kink.perSample()) {
                Tensor mask = mask(kink, field, here.split("mask").split(out.size()), count);
                support.fix(out.size(), mask.data());
                out.add(mask);
            } else {
                out.add(shared.get(next++));
            }
        }
        return out;
    }

    /** Random masks; those of a choice sum to 1 over what takes part in it, as the true ones do. */
    public static Tensor mask(Kink kink, Numbers.PrimeField field, CounterRandom stream, int count) {
        Shape shape = kink.mask().shape().bind(count);
        double[] values = residues(field, stream, shape.elements());
        if (!kink.isSign()) {
            int[] group = kink.groups(shape);
            double[] total = new double[shape.without(kink.axes()).elements()];
            int[] last = new int[total.length];
            for (int i = 0; i < values.length; i++) {
                values[i] *= kink.present()[i % kink.present().length];
                total[group[i]] += values[i];
                last[group[i]] = kink.present()[i % kink.present().length] == 1 ? i : last[group[i]];
            }
            for (int g = 0; g < total.length; g++) {
                values[last[g]] = field.settle(values[last[g]] + 1 - total[g]);
            }
        }
        return Tensor.of(shape, values);
    }

    /**
     * Inputs.
     *
     * @param here decides about these samples
     * @param count how many samples
     */
    public List<Tensor> inputs(CounterRandom here, int count) {
        return support.draw(masked.inputs(), field, random.split("support"), here.split("x"), count);
    }
}
