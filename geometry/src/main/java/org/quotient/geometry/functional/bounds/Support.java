package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.Points;

/**
 * A set that contains the inputs in question: all of space, or for a data set the points with its constant coordinates in an affine
 * space of at most (points − 1) dimensions. The set is described up to what identities can depend on: coordinates that are always 0, or
 * constant, and the dimension; the rest is drawn at random, which can only enlarge the rank.
 *
 * @param constant per input, for each coordinate: 0 if it varies, 1 if it is constant and not 0, 2 if it is always 0; no entries
 *     for all of space
 * @param dimension of the affine space; −1 if it is all
 */
public record Support(List<int[]> constant, int dimension) {
    private static final int VARIES = 0;
    private static final int CONSTANT = 1;
    private static final int ZERO = 2;

    /** All inputs. */
    public static Support everything() {
        return new Support(List.of(), -1);
    }

    /** Whether inputs are not restricted. */
    public boolean isEverything() {
        return constant.isEmpty() && dimension < 0;
    }

    /** What a data set shows of itself. */
    public static Support of(Points points) {
        List<int[]> kinds = new ArrayList<>();
        int varying = 0;
        for (Tensor all : points.doubles()) {
            int size = points.count() == 0 ? 0 : all.size() / points.count();
            int[] kind = new int[size];
            for (int j = 0; j < size; j++) {
                kind[j] = all.get(j) == 0 ? ZERO : CONSTANT;
                for (int i = 1; i < points.count() && kind[j] != VARIES; i++) {
                    if (all.get(i * size + j) != all.get(j)) {
                        kind[j] = VARIES;
                    }
                }
                varying += kind[j] == VARIES ? 1 : 0;
            }
            kinds.add(kind);
        }
        // Fractions whose nearest doubles agree may still differ.
        boolean known = points.dyadic() && points.count() > 0;
        int dimension = points.count() - 1;
        return known ? new Support(List.copyOf(kinds), dimension < varying ? dimension : -1) : everything();
    }

    /** How many coordinates are always 0. */
    public int zeroCoordinates() {
        int count = 0;
        for (int[] kind : constant) {
            for (int k : kind) {
                count += k == ZERO ? 1 : 0;
            }
        }
        return count;
    }

    /**
     * Random points of such a set modulo a prime.
     *
     * @param set decides about the set, the same for all points
     * @param here decides about the points
     */
    public List<Tensor> draw(
            List<Expr> inputs, Numbers.PrimeField field, CounterRandom set, CounterRandom here, int count) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Shape shape = inputs.get(i).shape().bind(count);
            int size = shape.elements() / count;
            double[] x = new double[shape.elements()];
            CounterRandom origin = set.split("origin").split(i);
            for (int n = 0; n < count; n++) {
                for (int j = 0; j < size; j++) {
                    int kind = constant.isEmpty() ? VARIES : constant.get(i)[j];
                    x[n * size + j] = switch (kind) {
                        case ZERO -> 0;
                        case CONSTANT -> origin.below(j, field.p());
                        default ->
                            dimension < 0
                                    ? here.split(i).below((long) n * size + j, field.p())
                                    : combined(field, set, here, i, j, n);
                    };
                }
            }
            out.add(Tensor.of(shape, x));
        }
        return out;
    }

    /** Coordinate j of origin + Σ t_k direction_k. */
    private double combined(Numbers.PrimeField field, CounterRandom set, CounterRandom here, int i, int j, int n) {
        long p = field.p();
        long sum = set.split("origin").split(i).below(j, field.p());
        CounterRandom directions = set.split("directions").split(i).split(j);
        CounterRandom weights = here.split("weights");
        for (int k = 0; k < dimension; k++) {
            long t = weights.below((long) n * dimension + k, field.p());
            sum = (sum + t * directions.below(k, field.p())) % p;
        }
        return sum;
    }
}
