package org.quotient.geometry.basis;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.geometry.Incidence;

/**
 * Units for the values of basis paths: a positive number per generator for the products PI from the inputs, and one for the
 * products PO to the outputs. They are constants of the coordinates, not functions of the weights; see {@link
 * SkeletonSpace#unitsAt}.
 */
public final class SkeletonUnits {
    private final double[] in;
    private final double[] out;

    /**
     * Units.
     *
     * @param in for PI, one positive finite number per generator
     * @param out for PO, likewise
     * @throws IllegalArgumentException if the numbers are none such, or the lengths differ
     */
    public SkeletonUnits(double[] in, double[] out) {
        if (in.length != out.length || !positive(in) || !positive(out)) {
            throw new IllegalArgumentException(
                    "Units are as many positive finite numbers for the ways in as for the ways"
                            + " out, one per generator; given " + in.length + " and " + out.length);
        }
        this.in = in.clone();
        this.out = out.clone();
    }

    private static boolean positive(double[] numbers) {
        return Arrays.stream(numbers).allMatch(x -> x > 0 && x < Double.POSITIVE_INFINITY);
    }

    /** What brings a number to ±size, or 1 where no finite positive factor does. */
    private static double ratio(double size, double number) {
        double ratio = size / Math.abs(number);
        return ratio > 0 && ratio < Double.POSITIVE_INFINITY ? ratio : 1;
    }

    /** As {@link SkeletonSpace#unitsAt} says. */
    static SkeletonUnits at(ClassGraph graph, Skeleton skeleton, Incidence incidence, Weights weights) {
        Map<String, Expr> theta = new LinkedHashMap<>();
        for (Expr p : graph.group().network().parameters()) {
            theta.put(Network.nameOf(p), Expr.constant(weights.get(p).cast(DType.F64)));
        }
        ClassGraph exact = graph.as(DType.F64);
        SkeletonTrees trees = new SkeletonTrees(exact, skeleton);
        SkeletonProducts products = new SkeletonProducts(exact, trees, new SkeletonMasks(exact, trees), null);
        List<Tensor> numbers = Evaluator.evaluate(
                List.of(
                        Frame.of(graph.group(), incidence, weights).squaredScales(theta),
                        products.in(theta),
                        products.out(theta)),
                Map.of(),
                1);
        double[] in = new double[graph.ground()];
        double[] out = new double[graph.ground()];
        for (int c = 0; c < in.length; c++) {
            double scale = Math.sqrt(numbers.get(0).get(c));
            boolean counted = trees.isOrdinary(c) && scale > 0;
            in[c] = counted ? ratio(scale, numbers.get(1).get(c)) : 1;
            out[c] = counted && !graph.exits().get(c)
                    ? ratio(1 / scale, numbers.get(2).get(c))
                    : 1;
        }
        return new SkeletonUnits(in, out);
    }

    /** How many generators there are. */
    public int generators() {
        return in.length;
    }

    /** The units of PI. */
    public double[] in() {
        return in.clone();
    }

    /** The units of PO. */
    public double[] out() {
        return out.clone();
    }

    /** The same with 1 for the ground at the end. */
    static double[] withGround(double[] numbers) {
        double[] all = Arrays.copyOf(numbers, numbers.length + 1);
        all[numbers.length] = 1;
        return all;
    }
}
