package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;

/**
 * A set that contains the inputs in question: all of space, or for a data set the points with its constant coordinates and affine
 * relations between coordinates, in an affine space of at most (points − 1) dimensions; and masks that never change there. The set is described up to what identities can depend on: coordinates that are always 0, or
 * constant, and the dimension; the rest is drawn at random, which can only enlarge the rank.
 *
 * @param constant per input, for each coordinate: 0 if it varies, 1 if it is constant and not 0, 2 if it is always 0; no entries
 *     for all of space
 * @param dimension of the affine space; −1 if it is all
 * @param relations between coordinates; none if the dimension is given
 * @param masks per kink, for each element of its mask its value if that is the same for all points, else −1; no entries if nothing is
 *     known of them
 */
public record Support(List<int[]> constant, int dimension, List<Relation> relations, List<double[]> masks) {
    private static final int VARIES = 0;
    private static final int CONSTANT = 1;
    private static final int ZERO = 2;

    /** All inputs. */
    public static Support everything() {
        return new Support(List.of(), -1, List.of(), List.of());
    }

    /** Whether inputs are not restricted. */
    public boolean isEverything() {
        return constant.isEmpty() && dimension < 0 && masks.isEmpty();
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
        if (!known) {
            return everything();
        }
        if (dimension < varying) {
            return new Support(List.copyOf(kinds), dimension, List.of(), List.of());
        }
        int[] coordinates = new int[varying];
        int at = 0;
        int coordinate = 0;
        for (int[] kind : kinds) {
            for (int k : kind) {
                if (k == VARIES) {
                    coordinates[at++] = coordinate;
                }
                coordinate++;
            }
        }
        return new Support(List.copyOf(kinds), -1, Relation.of(points, coordinates), List.of());
    }

    /**
     * Points that are alone in changing a coordinate: those that differ from the commonest value of a coordinate at which at most so many
     * differ.
     *
     * @param points with doubles as coordinates
     * @param most how many may differ
     * @return for each point whether it is one of them
     */
    static boolean[] alone(Points points, int most) {
        boolean[] alone = new boolean[points.count()];
        for (Tensor all : points.doubles()) {
            int size = points.count() == 0 ? 0 : all.size() / points.count();
            for (int j = 0; j < size; j++) {
                // Any two of most + 1 differing points would be too many, so a common value is among the first ones.
                for (int candidate = 0; candidate <= Math.min(most, points.count() - 1); candidate++) {
                    double common = all.get(candidate * size + j);
                    List<Integer> others = new ArrayList<>();
                    for (int n = 0; n < points.count() && others.size() <= most; n++) {
                        if (all.get(n * size + j) != common) {
                            others.add(n);
                        }
                    }
                    if (others.size() <= most) {
                        others.forEach(n -> alone[n] = true);
                        break;
                    }
                }
            }
        }
        return alone;
    }

    /** The same with the masks that are the same at all of some points. */
    public Support withMasksOf(Patterns patterns, List<Kink> kinks) {
        List<double[]> fixed = new ArrayList<>();
        for (int k = 0; k < kinks.size(); k++) {
            double[] values = new double[kinks.get(k).mask().shape().bind(1).elements()];
            java.util.Arrays.fill(values, -1);
            if (kinks.get(k).perSample() && kinks.get(k).isSign() && patterns.count() > 0) {
                double[] all = patterns.masks().get(k).data();
                System.arraycopy(all, 0, values, 0, values.length);
                for (int i = values.length; i < all.length; i++) {
                    int e = i % values.length;
                    values[e] = values[e] == all[i] ? values[e] : -1;
                }
            }
            fixed.add(values);
        }
        return new Support(constant, dimension, relations, List.copyOf(fixed));
    }

    /** Random masks with those that are known put in. */
    void fix(int kink, double[] mask) {
        if (masks.isEmpty()) {
            return;
        }
        double[] known = masks.get(kink);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = known[i % known.length] >= 0 ? known[i % known.length] : mask[i];
        }
    }

    /** Whether any mask is known. */
    public boolean knowsMasks() {
        return masks.stream().anyMatch(m -> java.util.Arrays.stream(m).anyMatch(v -> v >= 0));
    }

    /** Of each coordinate, inputs counted through, whether it is constant. */
    boolean[] constants(int total) {
        boolean[] out = new boolean[total];
        int at = 0;
        for (int[] kind : constant) {
            for (int k : kind) {
                out[at++] = k != VARIES;
            }
        }
        return out;
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
        relate(out, field, count);
        return out;
    }

    /** Puts the dependent coordinates in. */
    private void relate(List<Tensor> inputs, Numbers.PrimeField field, int count) {
        if (relations.isEmpty()) {
            return;
        }
        int total = inputs.stream().mapToInt(x -> x.size() / count).sum();
        double[] all = new double[total];
        for (int n = 0; n < count; n++) {
            int at = 0;
            for (Tensor x : inputs) {
                int size = x.size() / count;
                System.arraycopy(x.data(), n * size, all, at, size);
                at += size;
            }
            for (Relation relation : relations) {
                all[relation.coordinate()] = relation.at(all, 0, field);
            }
            at = 0;
            for (Tensor x : inputs) {
                int size = x.size() / count;
                System.arraycopy(all, at, x.data(), n * size, size);
                at += size;
            }
        }
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
