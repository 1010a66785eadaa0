package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/**
 * Tells whether values agree for all parameters, or only for the given ones: the arguments of kinks at random parameters modulo two
 * primes, with the points' own coordinates and masks. Two polynomials of the parameters that differ agree there with probability at
 * most (degree/p)^2, of the order of 10^−12 (Schwartz 1980, Zippel 1979).
 *
 * <p>Equal polynomials are common: where images are blank, a convolution with bias has the same value at all positions, and a maximum
 * over them is no kink.
 */
public final class Fingerprints {
    private static final List<Numbers.PrimeField> FIELDS =
            List.of(new Numbers.PrimeField(4194301), new Numbers.PrimeField(4194287));

    private final MaskedNetwork masked;

    /** Prepares for a network. */
    public Fingerprints(MaskedNetwork masked) {
        this.masked = masked;
    }

    /**
     * Whether two elements of an argument, or one and 0, are the same function of the parameters at all of some points.
     *
     * @param k the kink
     * @param points of one linear region
     * @param masks the masks of the kinks before on that region, one sample each
     * @param element an element of the argument
     * @param other another one, or −1 for 0
     */
    public boolean same(int k, Points points, List<double[]> masks, int element, int other) {
        List<Tensor> repeated = new ArrayList<>();
        for (int j = 0; j < k; j++) {
            Kink kink = masked.kinks().get(j);
            int times = kink.perSample() ? points.count() : 1;
            double[] one = masks.get(j);
            double[] all = new double[times * one.length];
            for (int i = 0; i < times; i++) {
                System.arraycopy(one, 0, all, i * one.length, one.length);
            }
            repeated.add(Tensor.of(kink.mask().shape().bind(points.count()), all));
        }
        List<Doubt> doubts = new ArrayList<>();
        for (int i = 0; i < points.count(); i++) {
            doubts.add(new Doubt(i, element, other));
        }
        for (boolean harmless : harmless(k, points, repeated, doubts)) {
            if (!harmless) {
                return false;
            }
        }
        return true;
    }

    /**
     * Which doubts are none, because both sides are the same polynomial.
     *
     * @param k the kink
     * @param points the samples
     * @param masks those of the kinks before, for these samples
     * @param doubts about these samples
     * @return one flag for each doubt
     */
    boolean[] harmless(int k, Points points, List<Tensor> masks, List<Doubt> doubts) {
        boolean[] same = new boolean[doubts.size()];
        java.util.Arrays.fill(same, true);
        for (Numbers.PrimeField field : FIELDS) {
            Map<String, Tensor> given = given(field, points, masks);
            Expr argument = masked.kinks().get(k).argument();
            double[] values = evaluate(argument, given, points.count(), field);
            int size = masked.kinks().get(k).perSample() ? values.length / points.count() : values.length;
            for (int i = 0; i < same.length; i++) {
                Doubt doubt = doubts.get(i);
                int offset = masked.kinks().get(k).perSample() ? doubt.sample() * size : 0;
                double other = doubt.other() < 0 ? 0 : values[offset + doubt.other()];
                same[i] &= values[offset + doubt.element()] == other;
            }
        }
        return same;
    }

    private static double[] evaluate(Expr argument, Map<String, Tensor> given, int count, Numbers.PrimeField field) {
        List<Expr> wanted = new ArrayList<>(List.of(argument));
        if (argument.shape().isSymbolic()) {
            return Evaluator.evaluate(wanted, given, field).get(0).data();
        }
        double[] value = Evaluator.evaluate(wanted, given, field).get(0).data();
        return count == 0 ? new double[0] : value;
    }

    private Map<String, Tensor> given(Numbers.PrimeField field, Points points, List<Tensor> masks) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        CounterRandom random = CounterRandom.seeded(field.p()).split("fingerprints");
        for (Expr parameter : masked.parameters()) {
            Shape shape = parameter.shape();
            CounterRandom stream = random.split(Network.nameOf(parameter));
            double[] values = new double[shape.elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = stream.below(i, field.p());
            }
            given.put(Network.nameOf(parameter), Tensor.of(shape, values));
        }
        List<Tensor> inputs = points.residues(field);
        for (int i = 0; i < inputs.size(); i++) {
            given.put(Network.nameOf(masked.inputs().get(i)), inputs.get(i));
        }
        for (int j = 0; j < masks.size(); j++) {
            given.put(Network.nameOf(masked.kinks().get(j).mask()), masks.get(j));
        }
        return given;
    }
}
