package org.quotient.geometry.functional.bounds;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.WholeElimination;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.geometry.functional.pattern.Points;

/**
 * A coordinate that is an affine function of others at all points of a data set, over the rationals: in pictures, pixels at the edge
 * that few of them touch. Found modulo a prime, then solved and checked at every point in exact arithmetic.
 *
 * @param coordinate that depends on others; inputs are counted through, one after the other
 * @param others the coordinates that it depends on
 * @param factors of those
 * @param constant what is added
 */
public record Relation(int coordinate, int[] others, BigFraction[] factors, BigFraction constant) {
    /** Relations between more coordinates than that are passed over: a larger set contains the data, too. */
    private static final int MOST_COORDINATES = 16;

    /**
     * The relations of a data set, each for another coordinate, and no coordinate that depends on others is among those of another
     * relation.
     *
     * @param points with doubles as coordinates
     * @param varying the coordinates that are not constant
     */
    static List<Relation> of(Points points, int[] varying) {
        Numbers.PrimeField field = Primes.largest(1).get(0);
        double[][] columns = columns(points, varying);
        int width = varying.length + 1;
        RowSpace space = new RowSpace(field, width);
        double[] row = new double[width];
        for (int n = 0; n < points.count(); n++) {
            row[0] = 1;
            for (int j = 1; j < width; j++) {
                row[j] = field.residue(columns[j][n]);
            }
            space.add(row, 1);
        }
        Echelon echelon = space.echelon();
        int[] free = echelon.freeColumns();
        double[] kernel = echelon.nullSpace();
        List<Relation> found = new ArrayList<>();
        for (int i = 0; i < free.length; i++) {
            int offset = i * width;
            int last = free[i];
            int[] others = IntStream.range(1, width)
                    .filter(j -> j != last && kernel[offset + j] != 0)
                    .toArray();
            if (others.length < MOST_COORDINATES) {
                solve(columns, others, last, varying, found);
            }
        }
        return List.copyOf(found);
    }

    /** For 1 and each coordinate asked for, its values. */
    private static double[][] columns(Points points, int[] varying) {
        double[][] out = new double[varying.length + 1][points.count()];
        Arrays.fill(out[0], 1);
        for (int j = 0; j < varying.length; j++) {
            int at = varying[j];
            for (Tensor x : points.doubles()) {
                int size = x.size() / points.count();
                for (int n = 0; n < points.count() && at >= 0 && at < size; n++) {
                    out[j + 1][n] = x.get(n * size + at);
                }
                at -= size;
            }
        }
        return out;
    }

    /** One relation over the rationals, if there is one. */
    private static void solve(double[][] columns, int[] others, int last, int[] varying, List<Relation> found) {
        int[] all = new int[others.length + 2];
        System.arraycopy(others, 0, all, 1, others.length);
        all[others.length + 1] = last;
        Set<List<Double>> seen = new HashSet<>();
        List<BigInteger[]> rows = new ArrayList<>();
        for (int n = 0; n < columns[0].length; n++) {
            int point = n;
            List<Double> values =
                    Arrays.stream(all).mapToObj(j -> columns[j][point]).toList();
            if (seen.add(values)) {
                rows.add(WholeElimination.whole(
                        values.stream().map(ExactValues::of).toList()));
            }
        }
        List<BigInteger[]> kernel = WholeElimination.nullSpace(rows, all.length);
        if (kernel.size() != 1 || kernel.get(0)[all.length - 1].signum() == 0) {
            return;
        }
        BigInteger[] v = kernel.get(0);
        BigFraction[] factors = IntStream.range(0, others.length)
                .mapToObj(i -> new BigFraction(v[i + 1].negate(), v[all.length - 1]))
                .toArray(BigFraction[]::new);
        found.add(new Relation(
                varying[last - 1],
                Arrays.stream(others).map(j -> varying[j - 1]).toArray(),
                factors,
                new BigFraction(v[0].negate(), v[all.length - 1])));
    }

    /** The dependent coordinate modulo a prime, from all others. */
    double at(double[] x, int from, Numbers.PrimeField field) {
        long sum = residue(constant, field);
        for (int i = 0; i < others.length; i++) {
            sum += residue(factors[i], field) * (long) x[from + others[i]] % field.p();
        }
        return sum % field.p();
    }

    private static long residue(BigFraction value, Numbers.PrimeField field) {
        BigInteger p = BigInteger.valueOf(field.p());
        long denominator = value.getDenominator().mod(p).longValueExact();
        return value.getNumerator().mod(p).longValueExact() * field.inverse(denominator) % field.p();
    }
}
