package org.quotient.geometry.functional.pattern;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/**
 * Input points of a network, as exact numbers: doubles, which are dyadic rationals, or fractions. Immutable.
 */
public final class Points {
    /** For each input [n, sizes...]: the numbers, or for fractions the nearest doubles. */
    private final List<Tensor> nearest;

    /** For each input the fractions, row-major; no list if the doubles are the numbers. */
    private final List<BigFraction[]> fractions;

    private final int count;

    private Points(List<Tensor> nearest, List<BigFraction[]> fractions, int count) {
        this.nearest = nearest;
        this.fractions = fractions;
        this.count = count;
    }

    /**
     * Points whose coordinates are doubles.
     *
     * @param network the network they are inputs of
     * @param inputs one tensor for each input, with a common number of samples along the leading axis
     * @throws IllegalArgumentException if shapes do not fit, or a number is not finite (naming the first)
     */
    public static Points of(Network network, List<Tensor> inputs) {
        checkCount(network, inputs.size());
        List<Tensor> kept = new ArrayList<>();
        int count = -1;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor given = inputs.get(i);
            Expr input = network.inputs().get(i);
            int n = given.shape().rank() == 0 ? 0 : given.shape().size(0);
            requireLeading(input);
            if (!given.shape().equals(input.shape().bind(n)) || (count >= 0 && n != count)) {
                throw new IllegalArgumentException("Points for '" + Network.nameOf(input) + "' have the shape "
                        + input.shape() + (count >= 0 ? " with N = " + count : "") + "; given " + given.shape());
            }
            count = n;
            checkFinite(Network.nameOf(input), given);
            kept.add(Tensor.of(given.shape(), DType.F64, given.data().clone()));
        }
        return new Points(List.copyOf(kept), List.of(), count);
    }

    /**
     * Points whose coordinates are fractions.
     *
     * @param network with one input
     * @param rows one array for each point: its coordinates, row-major
     * @throws IllegalArgumentException if there are several inputs, or a row has another length
     */
    public static Points ofFractions(Network network, List<BigFraction[]> rows) {
        checkCount(network, 1);
        Expr input = network.inputs().get(0);
        requireLeading(input);
        Shape shape = input.shape().bind(rows.size());
        int size = input.shape().bind(1).elements();
        BigFraction[] all = new BigFraction[shape.elements()];
        double[] nearest = new double[all.length];
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).length != size) {
                throw new IllegalArgumentException("A point of '" + Network.nameOf(input) + "' has " + size
                        + " coordinates; given " + rows.get(i).length);
            }
            for (int j = 0; j < size; j++) {
                all[i * size + j] = rows.get(i)[j];
                nearest[i * size + j] = rows.get(i)[j].doubleValue();
            }
        }
        return new Points(List.of(Tensor.of(shape, nearest)), List.<BigFraction[]>of(all), rows.size());
    }

    private static void checkCount(Network network, int given) {
        if (given != network.inputs().size() || given == 0) {
            throw new IllegalArgumentException("'" + network.name() + "' has "
                    + network.inputs().size() + " inputs, and at least one is needed; given points for " + given);
        }
    }

    private static void requireLeading(Expr input) {
        if (input.shape().rank() == 0
                || input.shape().size(0) != Shape.N
                || input.shape().without(List.of(0)).isSymbolic()) {
            throw new IllegalArgumentException("Points are told apart along the leading axis of each input; "
                    + input.describe() + " has its batch elsewhere or not at all");
        }
    }

    private static void checkFinite(String name, Tensor values) {
        for (int i = 0; i < values.size(); i++) {
            if (!Double.isFinite(values.get(i))) {
                throw new IllegalArgumentException(
                        "Expected finite points; element " + i + " of '" + name + "' is " + values.get(i));
            }
        }
    }

    /** How many points there are. */
    public int count() {
        return count;
    }

    /** Whether all coordinates are doubles. */
    public boolean dyadic() {
        return fractions.isEmpty();
    }

    /** The coordinates, or for fractions the nearest doubles: one tensor for each input. Shared, not copied. */
    public List<Tensor> doubles() {
        return nearest;
    }

    /** The coordinates modulo a prime, one tensor for each input. */
    public List<Tensor> residues(Numbers.PrimeField field) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < nearest.size(); i++) {
            double[] values = nearest.get(i).data();
            double[] residues = new double[values.length];
            for (int j = 0; j < residues.length; j++) {
                residues[j] = dyadic()
                        ? field.residue(values[j])
                        : residue(field, fractions.get(i)[j]);
            }
            out.add(Tensor.of(nearest.get(i).shape(), residues));
        }
        return out;
    }

    /**
     * The residue of a fraction.
     *
     * @throws ArithmeticException if the prime divides its denominator
     */
    static double residue(Numbers.PrimeField field, BigFraction x) {
        BigInteger p = BigInteger.valueOf(field.p());
        long numerator = x.getNumerator().mod(p).longValueExact();
        long denominator = x.getDenominator().mod(p).longValueExact();
        return numerator * field.inverse(denominator) % field.p();
    }

    /** The coordinates of one point: for each input its elements, row-major. */
    public List<BigFraction[]> exact(int point) {
        List<BigFraction[]> out = new ArrayList<>();
        for (int i = 0; i < nearest.size(); i++) {
            int size = nearest.get(i).size() / count;
            BigFraction[] row = new BigFraction[size];
            for (int j = 0; j < size; j++) {
                int at = point * size + j;
                row[j] = dyadic()
                        ? ExactValues.of(nearest.get(i).get(at))
                        : fractions.get(i)[at];
            }
            out.add(row);
        }
        return out;
    }

    /** Some of the points, in the given order. */
    public Points select(int[] which) {
        boolean same = which.length == count;
        for (int i = 0; i < which.length && same; i++) {
            same = which[i] == i;
        }
        if (same) {
            return this;
        }
        List<Tensor> doubles = new ArrayList<>();
        List<BigFraction[]> exact = new ArrayList<>();
        for (int i = 0; i < nearest.size(); i++) {
            Tensor all = nearest.get(i);
            int size = count == 0 ? 0 : all.size() / count;
            int[] sizes = all.shape().sizes();
            sizes[0] = which.length;
            double[] values = new double[which.length * size];
            for (int k = 0; k < which.length; k++) {
                System.arraycopy(all.data(), which[k] * size, values, k * size, size);
            }
            doubles.add(Tensor.of(Shape.of(sizes), values));
            if (!dyadic()) {
                BigFraction[] rows = new BigFraction[values.length];
                for (int k = 0; k < which.length; k++) {
                    System.arraycopy(fractions.get(i), which[k] * size, rows, k * size, size);
                }
                exact.add(rows);
            }
        }
        return new Points(List.copyOf(doubles), List.copyOf(exact), which.length);
    }

    /** Points of one network after each other; at least one part, all or none of them with fractions. */
    static Points join(List<Points> parts) {
        List<Tensor> doubles = new ArrayList<>();
        List<BigFraction[]> exact = new ArrayList<>();
        for (int i = 0; i < parts.get(0).nearest.size(); i++) {
            int input = i;
            doubles.add(joined(parts.stream().map(p -> p.nearest.get(input)).toList()));
            if (!parts.get(0).dyadic()) {
                exact.add(parts.stream()
                        .flatMap(p -> Arrays.stream(p.fractions.get(input)))
                        .toArray(BigFraction[]::new));
            }
        }
        return new Points(
                List.copyOf(doubles),
                List.copyOf(exact),
                parts.stream().mapToInt(Points::count).sum());
    }

    /** Tensors after each other along their leading axis. */
    static Tensor joined(List<Tensor> parts) {
        int[] sizes = parts.get(0).shape().sizes();
        sizes[0] = parts.stream().mapToInt(t -> t.shape().size(0)).sum();
        double[] all = new double[parts.stream().mapToInt(Tensor::size).sum()];
        int at = 0;
        for (Tensor part : parts) {
            System.arraycopy(part.data(), 0, all, at, part.size());
            at += part.size();
        }
        return Tensor.of(Shape.of(sizes), all);
    }

    /** The points from one index to before another. */
    public Points range(int from, int to) {
        int[] which = new int[to - from];
        Arrays.setAll(which, i -> from + i);
        return select(which);
    }
}
