package org.quotient.geometry.manifold;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Generator;
import org.quotient.geometry.Generators;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/**
 * The incoming and the outgoing entries of every generator, for a group whose generators share no entry: side 2k holds the
 * entries that generator k multiplies, side 2k + 1 those that it divides.
 */
final class UnitBlocks {
    private static final int NONE = -1;

    private final RescalingMatrix matrix;

    /** The side of every trainable element, or −1. */
    private final int[] side;

    /** The number of live entries of every side. */
    private final int[] sizes;

    private UnitBlocks(RescalingMatrix matrix, int[] side, int[] sizes) {
        this.matrix = matrix;
        this.side = side;
        this.sizes = sizes;
    }

    static UnitBlocks of(RescalingGroup group) {
        RescalingMatrix matrix = RescalingMatrix.of(group);
        int[] side = new int[Math.toIntExact(group.network().parameterCount())];
        Arrays.fill(side, NONE);
        boolean[] met = new boolean[side.length];
        matrix.parts().forEach((name, part) -> {
            List<ScaleLaw.Factor> factors = part.law().factors();
            for (ScaleLaw.Factor factor : factors) {
                Blocks.of(part.law(), factor.extents()).forEachRun((from, to, block) -> {
                    ScaleLaw.Row row = factor.rows().get(block);
                    for (int i = part.offset() + from; i < part.offset() + to && !row.isZero(); i++) {
                        if (factors.size() > 1 && met[i]) {
                            row(matrix, i, side);
                        } else {
                            side[i] = sideOf(matrix, i, row);
                        }
                        met[i] = true;
                    }
                });
            }
        });
        int[] sizes = new int[2 * matrix.generators()];
        for (int i = 0; i < side.length; i++) {
            if (side[i] != NONE && group.liveness().live().get(i)) {
                sizes[side[i]]++;
            }
        }
        return new UnitBlocks(matrix, side, sizes);
    }

    /** Several factors meet at an element: what counts is their sum. */
    private static void row(RescalingMatrix matrix, int element, int[] side) {
        Map<Integer, Long> row = matrix.group().row(element);
        side[element] = row.isEmpty()
                ? NONE
                : sideOf(
                        matrix,
                        element,
                        new ScaleLaw.Row(
                                row.keySet().stream()
                                        .mapToInt(Integer::intValue)
                                        .toArray(),
                                row.values().stream().mapToLong(Long::longValue).toArray()));
    }

    private static int sideOf(RescalingMatrix matrix, int element, ScaleLaw.Row row) {
        boolean unit = Math.abs(row.coefficients()[0]) == 1;
        if (row.generators().length == 1 && unit) {
            return 2 * row.generators()[0] + (row.coefficients()[0] > 0 ? 0 : 1);
        }
        List<Generator> all = Generators.of(matrix.group());
        List<String> names = Arrays.stream(row.generators())
                .mapToObj(all::get)
                .map(g -> "generator " + g.id() + " (" + g.kind() + " at " + g.where() + ")")
                .toList();
        throw new IllegalArgumentException(
                "The metric of one hidden layer needs generators without common entries, each"
                        + " acting with powers 1 and -1; " + matrix.place(element)
                        + (names.size() > 1
                                ? " couples " + String.join(" and ", names)
                                : " has the power " + row.coefficients()[0] + " of " + names.get(0))
                        + ". For such networks use the logarithmic metric or that of a frame");
    }

    RescalingMatrix matrix() {
        return matrix;
    }

    /** The number of sides, two for each generator. */
    int count() {
        return sizes.length;
    }

    /** The number of live entries of a side. */
    int size(int s) {
        return sizes[s];
    }

    /** The side of an element, whether live or not; −1 if nothing moves it. */
    int sideOf(int element) {
        return side[element];
    }

    /** The side of a live element, otherwise −1. */
    int liveSideOf(int element) {
        return matrix.group().liveness().live().get(element) ? side[element] : NONE;
    }

    /** The Euclidean norm of every side over its live entries; 0 for sides without any. */
    double[] norms(Weights theta) {
        return Arrays.stream(products(theta.asMap(), theta.asMap()))
                .map(Math::sqrt)
                .toArray();
    }

    /** The inner products a·b of every side over its live entries. */
    double[] products(Map<String, Tensor> a, Map<String, Tensor> b) {
        CompensatedSums sums = new CompensatedSums(count());
        matrix.parts().forEach((name, part) -> {
            Tensor x = matrix.of(a, name);
            Tensor y = matrix.of(b, name);
            for (int i = 0; i < x.size(); i++) {
                int s = liveSideOf(part.offset() + i);
                if (s != NONE) {
                    sums.addProduct(s, x.get(i), y.get(i));
                }
            }
        });
        return sums.values();
    }

    /** Such as "the incoming weights of generator 3". */
    String name(int s) {
        return "the " + (s % 2 == 0 ? "incoming" : "outgoing") + " weights of generator " + s / 2;
    }
}
