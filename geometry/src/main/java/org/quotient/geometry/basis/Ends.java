package org.quotient.geometry.basis;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/**
 * The class in which each element of one parameter starts, or ends, stored by structure: a number per block of elements.
 * The ground (inputs, the constant 1 of biases, outputs) is the class after the last. Immutable.
 */
final class Ends {
    private final int[] sizes;
    private final int[] extents;
    private final int[] ids;
    private final int ground;

    /**
     * Ends by block. An axis along which the blocks agree is dropped, however finely it was given, as a transposed parameter's is: what
     * an index rule sees are the axes that matter.
     *
     * @param sizes of the parameter
     * @param extents per axis its size, or 1 where the class does not depend on the index
     * @param ids a class per block, row-major over the extents
     * @param ground the number of the ground
     */
    Ends(int[] sizes, int[] extents, int[] ids, int ground) {
        this.sizes = sizes.clone();
        this.ground = ground;
        int[] kept = extents.clone();
        int[] blocks = ids.clone();
        for (int axis = 0; axis < kept.length; axis++) {
            if (kept[axis] > 1 && isConstantAlong(axis, kept, blocks)) {
                blocks = first(axis, kept, blocks);
                kept[axis] = 1;
            }
        }
        this.extents = kept;
        this.ids = blocks;
    }

    /** The number of blocks between neighbours along an axis. */
    private static int stride(int axis, int[] extents) {
        int stride = 1;
        for (int a = axis + 1; a < extents.length; a++) {
            stride *= extents[a];
        }
        return stride;
    }

    private static boolean isConstantAlong(int axis, int[] extents, int[] ids) {
        int stride = stride(axis, extents);
        for (int i = 0; i < ids.length; i++) {
            if (i / stride % extents[axis] > 0 && ids[i] != ids[i - stride]) {
                return false;
            }
        }
        return true;
    }

    private static int[] first(int axis, int[] extents, int[] ids) {
        int stride = stride(axis, extents);
        return IntStream.range(0, ids.length)
                .filter(i -> i / stride % extents[axis] == 0)
                .map(i -> ids[i])
                .toArray();
    }

    /** Every element at the ground. */
    static Ends grounded(int[] sizes, int ground) {
        int[] extents = new int[sizes.length];
        Arrays.fill(extents, 1);
        return new Ends(sizes, extents, new int[] {ground}, ground);
    }

    /** Whether all elements are at the ground. */
    boolean isGround() {
        return Arrays.stream(ids).allMatch(id -> id == ground);
    }

    /** Whether the class depends on the index along an axis. */
    boolean variesAlong(int axis) {
        return extents[axis] > 1;
    }

    /** The classes of the blocks, row-major; not to be modified. */
    int[] ids() {
        return ids;
    }

    /** The class of an element, row-major. */
    int at(int element) {
        int rest = element;
        int block = 0;
        int step = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            block += extents[axis] == 1 ? 0 : rest % sizes[axis] * step;
            rest /= sizes[axis];
            step *= extents[axis];
        }
        return ids[block];
    }

    /** The class of every element, row-major. */
    int[] expand() {
        int[] strides = new int[sizes.length];
        int step = 1;
        int total = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = extents[axis] == 1 ? 0 : step;
            step *= extents[axis];
            total *= sizes[axis];
        }
        int[] all = new int[total];
        int[] index = new int[sizes.length];
        int at = 0;
        for (int i = 0; i < total; i++) {
            all[i] = ids[at];
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= strides[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
        return all;
    }

    /** A number per class (the ground last), repeated over the parameter's elements. */
    Expr spread(Expr classes) {
        Expr blocks = Ops.reshape(Selections.take(classes, ids), Shape.of(extents));
        return Ops.broadcastTo(blocks, Shape.of(sizes));
    }

    /** The sums of the parameter's elements over each block: one number per entry of {@link #ids}. */
    Expr sums(Expr elements) {
        int[] axes = IntStream.range(0, sizes.length)
                .filter(axis -> extents[axis] == 1 && sizes[axis] > 1)
                .toArray();
        Expr summed = axes.length == 0 ? elements : elements.sum(axes);
        return Ops.reshape(summed, Shape.of(ids.length));
    }
}
