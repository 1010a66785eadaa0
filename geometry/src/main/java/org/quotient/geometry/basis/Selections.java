package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** Chosen entries of vectors. Evenly spaced entries are slices, which cost nothing in a compiled program. */
final class Selections {
    /** More slices than this cost more than one gather. */
    private static final int MOST_SLICES = 4;

    private Selections() {}

    /** The entries at the given places, in order, repeats allowed; the same vector if those are all in order. */
    static Expr take(Expr vector, int... places) {
        if (isIdentity(places, vector.shape().size(0))) {
            return vector;
        }
        List<int[]> runs = runs(places);
        if (runs.size() > MOST_SLICES) {
            return Ops.gather(vector, 0, places);
        }
        return Ops.concat(
                0,
                runs.stream()
                        .map(run -> Ops.slice(vector, 0, run[0], run[1] + 1, run[2]))
                        .toList());
    }

    /** Whether taking these places of a vector of some length changes nothing. */
    static boolean isIdentity(int[] places, int length) {
        return places.length == length && IntStream.range(0, length).allMatch(i -> places[i] == i);
    }

    /** The places as increasing evenly spaced runs: first, last, step. */
    private static List<int[]> runs(int[] places) {
        List<int[]> runs = new ArrayList<>();
        int start = 0;
        while (start < places.length && runs.size() <= MOST_SLICES) {
            int end = start;
            int step = start + 1 < places.length ? places[start + 1] - places[start] : 1;
            if (step > 0) {
                while (end + 1 < places.length && places[end + 1] - places[end] == step) {
                    end++;
                }
            }
            runs.add(new int[] {places[start], places[end], Math.max(1, step)});
            start = end + 1;
        }
        return runs;
    }

    /** A vector whose entry c is the sum of the entries of x that are sent to place c. */
    static Expr place(Expr x, int[] places, int length) {
        if (isIdentity(places, length)) {
            return x;
        }
        int[] origin = new int[length];
        Arrays.fill(origin, places.length);
        for (int i = 0; i < places.length; i++) {
            if (origin[places[i]] < places.length) {
                return Expr.of(new Op.Scatter(0, Arrays.stream(places).boxed().toList(), length), x);
            }
            origin[places[i]] = i;
        }
        return take(Ops.concat(0, List.of(x, constant(x.dtype(), 0))), origin);
    }

    /** A constant vector. */
    static Expr constant(DType dtype, double... values) {
        return Expr.constant(Tensor.of(Shape.of(values.length), dtype, values.clone()));
    }
}
