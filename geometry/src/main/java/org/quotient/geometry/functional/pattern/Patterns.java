package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Which polynomial piece of a network holds at each of some points.
 *
 * @param points the points off every kink, in their order
 * @param masks for each kink of the masked network its value at those points
 * @param kinks those of the masked network
 * @param indices where those points were among the points given
 * @param rejected how many points lie on a kink
 * @param exactly for how many points doubles could not decide, so that rational arithmetic did
 */
public record Patterns(Points points, List<Tensor> masks, List<Kink> kinks, int[] indices, int rejected, int exactly) {

    /** How many points there are off every kink. */
    public int count() {
        return points.count();
    }

    /** The points and masks from one index to before another. */
    public Patterns range(int from, int to) {
        int[] which = new int[to - from];
        Arrays.setAll(which, i -> from + i);
        return select(which);
    }

    /** Some of the points, in the given order. */
    public Patterns select(int[] which) {
        List<Tensor> chosen = new ArrayList<>();
        for (int k = 0; k < masks.size(); k++) {
            chosen.add(rows(masks.get(k), kinks.get(k).perSample(), which));
        }
        int[] from = new int[which.length];
        Arrays.setAll(from, i -> indices[which[i]]);
        return new Patterns(points.select(which), List.copyOf(chosen), kinks, from, 0, 0);
    }

    /**
     * Several of one network as one, in their order.
     *
     * @param parts at least one
     */
    public static Patterns join(List<Patterns> parts) {
        Patterns first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        return new Patterns(
                Points.join(parts.stream().map(Patterns::points).toList()),
                masks(parts),
                first.kinks,
                parts.stream().flatMapToInt(p -> Arrays.stream(p.indices)).toArray(),
                parts.stream().mapToInt(Patterns::rejected).sum(),
                parts.stream().mapToInt(Patterns::exactly).sum());
    }

    /** The masks of several; what does not belong to samples is the same in all. */
    static List<Tensor> masks(List<Patterns> parts) {
        List<Tensor> masks = new ArrayList<>();
        for (int k = 0; k < parts.get(0).kinks.size(); k++) {
            int kink = k;
            masks.add(
                    parts.get(0).kinks.get(k).perSample()
                            ? Points.joined(
                                    parts.stream().map(p -> p.masks.get(kink)).toList())
                            : parts.get(0).masks.get(k));
        }
        return List.copyOf(masks);
    }

    /**
     * Rows of a tensor along its leading axis; a tensor that does not belong to samples is kept.
     *
     * @param batched whether it has one row for each sample
     */
    static Tensor rows(Tensor all, boolean batched, int[] which) {
        if (!batched) {
            return all;
        }
        int[] sizes = all.shape().sizes();
        int size = sizes[0] == 0 ? 0 : all.size() / sizes[0];
        sizes[0] = which.length;
        double[] values = new double[which.length * size];
        for (int k = 0; k < which.length; k++) {
            System.arraycopy(all.data(), which[k] * size, values, k * size, size);
        }
        return Tensor.of(Shape.of(sizes), values);
    }
}
