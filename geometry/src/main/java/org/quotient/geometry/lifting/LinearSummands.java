package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/** Sums and products over axes: reductions and Einstein summation. */
final class LinearSummands {
    private LinearSummands() {}

    /** Every element along the reduced axes, row-major. */
    static Summands reduce(Op.Reduce r, Shape from) {
        int[] strides = from.strides();
        int rank = from.rank();
        int[] kept = new int[rank - r.axes().size()];
        int[] keptStep = new int[kept.length];
        int[] gone = new int[r.axes().size()];
        int[] goneStep = new int[gone.length];
        for (int axis = 0, i = 0, j = 0; axis < rank; axis++) {
            if (r.axes().contains(axis)) {
                gone[j] = from.size(axis);
                goneStep[j++] = strides[axis];
            } else {
                kept[i] = from.size(axis);
                keptStep[i++] = strides[axis];
            }
        }
        return new Summands(
                Strides.product(gone),
                (e, k) -> Summands.Summand.of(0, Strides.at(e, kept, keptStep) + Strides.at(k, gone, goneStep)));
    }

    /** A product for every value of the letters that the result lacks. */
    static Summands einsum(Op.Einsum e, Shape left, Shape right) {
        List<Character> inner = new ArrayList<>();
        for (char letter : (e.left() + e.right()).toCharArray()) {
            if (e.out().indexOf(letter) < 0 && !inner.contains(letter)) {
                inner.add(letter);
            }
        }
        List<Character> outer = e.out().chars().mapToObj(c -> (char) c).toList();
        int[] outSizes = sizes(outer, e, left, right);
        int[] inSizes = sizes(inner, e, left, right);
        int[] outLeft = steps(outer, e.left(), left);
        int[] outRight = steps(outer, e.right(), right);
        int[] inLeft = steps(inner, e.left(), left);
        int[] inRight = steps(inner, e.right(), right);
        return new Summands(
                Strides.product(inSizes),
                (element, k) -> Summands.Summand.product(
                        Strides.at(element, outSizes, outLeft) + Strides.at(k, inSizes, inLeft),
                        Strides.at(element, outSizes, outRight) + Strides.at(k, inSizes, inRight)));
    }

    private static int[] sizes(List<Character> letters, Op.Einsum e, Shape left, Shape right) {
        return letters.stream()
                .mapToInt(c -> e.left().indexOf(c) >= 0
                        ? left.size(e.left().indexOf(c))
                        : right.size(e.right().indexOf(c)))
                .toArray();
    }

    private static int[] steps(List<Character> letters, String part, Shape shape) {
        int[] strides = shape.strides();
        return letters.stream()
                .mapToInt(c -> part.indexOf(c) < 0 ? 0 : strides[part.indexOf(c)])
                .toArray();
    }
}
