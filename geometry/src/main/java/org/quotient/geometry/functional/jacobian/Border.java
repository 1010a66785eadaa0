package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.Degrees;
import org.quotient.geometry.functional.pattern.Kink;

/**
 * The shape of a Jacobian at the origin and the unit vectors of the input space. Where a network is affine in its input once the
 * masks are fixed, rows at these points span those at all points of a linear region (Grigsby, Lindsey, Meyerhoff and Wu 2022: decisive
 * sets), and most columns of a wide first layer are 0 at all of them but one. With the columns of each point first and those that several
 * points share last, the matrix is block diagonal with a border.
 *
 * @param points for each input its values, one unit vector after the other, the origin first
 * @param count how many points
 * @param groupOf for each column the only point at which it is not 0, or −1 if it belongs to the border
 */
public record Border(List<Tensor> points, int count, int[] groupOf) {
    /** Draws of everything at random: a column is missed at a point with a chance of (degree/p)^DRAWS. */
    private static final int DRAWS = 3;

    /** More unit vectors than that are not tried. */
    private static final int MOST_POINTS = 4096;

    private static final int SEVERAL = -1;
    private static final int NONE = -2;

    /**
     * The shape, if many columns belong to one point each.
     *
     * @param subject the network
     * @param field the arithmetic
     * @return nothing if the network is not affine in its input, has several inputs or too wide ones, or nearly all of it is border
     */
    public static Optional<Border> of(Subject subject, Numbers.PrimeField field) {
        List<Expr> inputs = subject.masked().inputs();
        if (inputs.size() != 1
                || Degrees.firstNotAffine(subject.masked().values(), inputs).isPresent()) {
            return Optional.empty();
        }
        int size = inputs.get(0).shape().bind(1).elements();
        if (size >= MOST_POINTS) {
            return Optional.empty();
        }
        double[] x = new double[(size + 1) * size];
        for (int j = 0; j < size; j++) {
            x[(j + 1) * size + j] = 1;
        }
        List<Tensor> points = List.of(Tensor.of(inputs.get(0).shape().bind(size + 1), x));
        // What the first two share belongs to the border whatever the others say: that ends the search for most
        // networks early.
        int two = Math.min(size, 1) + 1;
        List<Tensor> first = select(points, 0, two);
        long possible = Arrays.stream(groups(subject, field, first, two))
                .filter(g -> g != SEVERAL)
                .count();
        if (4 * possible <= subject.rows().columns()) {
            return Optional.empty();
        }
        int[] groups = groups(subject, field, points, size + 1);
        long local = Arrays.stream(groups).filter(g -> g >= 0).count();
        int[] groupOf = Arrays.stream(groups).map(g -> Math.max(g, -1)).toArray();
        return 4 * local > groups.length ? Optional.of(new Border(points, size + 1, groupOf)) : Optional.empty();
    }

    /** Of each column, the only point at which it is not 0, or that there are several or none. */
    private static int[] groups(Subject subject, Numbers.PrimeField field, List<Tensor> points, int count) {
        int[] only = new int[subject.rows().columns()];
        boolean[] several = new boolean[only.length];
        Arrays.fill(only, NONE);
        int perSample = subject.rows().rowsPerSample();
        for (int draw = 0; draw < DRAWS; draw++) {
            CounterRandom random =
                    CounterRandom.seeded(field.p()).split("border").split(draw);
            RankStream stream = new RankStream(subject.rows(), theta(subject, field, random), field, 0);
            int step = stream.samplesPerBlock();
            for (int from = 0; from < count; from += step) {
                int to = Math.min(count, from + step);
                List<Tensor> masks = masks(subject, field, random.split("masks").split(from), to - from);
                double[] rows = stream.block(select(points, from, to), masks, to - from);
                for (int i = 0; i < rows.length; i++) {
                    if (rows[i] != 0) {
                        int column = i % only.length;
                        int point = from + i / only.length / perSample;
                        several[column] |= only[column] >= 0 && only[column] != point;
                        only[column] = point;
                    }
                }
            }
        }
        for (int j = 0; j < only.length; j++) {
            only[j] = several[j] ? SEVERAL : only[j];
        }
        return only;
    }

    private static Map<String, Tensor> theta(Subject subject, Numbers.PrimeField field, CounterRandom random) {
        Map<String, Tensor> theta = new java.util.LinkedHashMap<>();
        subject.decider().parameters().forEach((name, value) -> {
            theta.put(name, residues(value.shape(), field, random.split(name)));
        });
        return theta;
    }

    private static List<Tensor> masks(Subject subject, Numbers.PrimeField field, CounterRandom random, int count) {
        List<Tensor> masks = new ArrayList<>();
        for (Kink kink : subject.masked().kinks()) {
            masks.add(residues(kink.mask().shape().bind(count), field, random.split(masks.size())));
        }
        return masks;
    }

    private static Tensor residues(Shape shape, Numbers.PrimeField field, CounterRandom random) {
        double[] values = new double[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.below(i, field.p());
        }
        return Tensor.of(shape, values);
    }

    /** How many columns a point has for itself at most. */
    public int widest() {
        int[] sizes = new int[count];
        Arrays.stream(groupOf).filter(g -> g >= 0).forEach(g -> sizes[g]++);
        return Arrays.stream(sizes).max().orElse(0);
    }

    /** One point, as often as is asked for. */
    List<Tensor> repeated(int point, int times) {
        int[] which = new int[times];
        Arrays.fill(which, point);
        return points.stream().map(x -> select(x, which)).toList();
    }

    private static List<Tensor> select(List<Tensor> points, int from, int to) {
        int[] which = IntStream.range(from, to).toArray();
        return points.stream().map(x -> select(x, which)).toList();
    }

    private static Tensor select(Tensor all, int[] which) {
        return JacobianRows.rowsOf(all, all.shape().size(0), which);
    }
}
