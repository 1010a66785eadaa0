package org.quotient.geometry;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Shape;

/**
 * A tensor of integers (identifiers of linear forms, vertices, or truth values) that need not depend on every axis: an axis
 * with extent 1 stands for its whole size. The batch counts as size 1. This is how a law that is the same at all positions
 * is stored once per channel.
 */
final class BlockTensor {
    /** Sizes of the tensor, the batch as 1. */
    final int[] sizes;

    /** Per axis the size itself, or 1 where nothing depends on the index. */
    final int[] extents;

    /** Row-major over the extents. */
    final int[] ids;

    BlockTensor(int[] sizes, int[] extents, int[] ids) {
        this.sizes = sizes;
        this.extents = extents;
        this.ids = ids;
    }

    /** Sizes of a shape with the batch as 1. */
    static int[] sizesOf(Shape shape) {
        return shape.bind(1).sizes();
    }

    /** One value everywhere. */
    static BlockTensor uniform(int[] sizes, int id) {
        int[] extents = new int[sizes.length];
        Arrays.fill(extents, 1);
        return new BlockTensor(sizes, extents, new int[] {id});
    }

    /** A tensor with its own value at each element. */
    static BlockTensor full(int[] sizes, int[] ids) {
        return new BlockTensor(sizes, sizes.clone(), ids);
    }

    /** All values set to one, over given extents. */
    static BlockTensor filled(int[] sizes, int[] extents, int id) {
        int[] ids = new int[product(extents)];
        Arrays.fill(ids, id);
        return new BlockTensor(sizes, extents, ids);
    }

    static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Steps through {@link #ids} along the axes; 0 along axes of extent 1. */
    int[] strides() {
        int[] strides = new int[sizes.length];
        int step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = extents[i] == 1 ? 0 : step;
            step *= extents[i];
        }
        return strides;
    }

    boolean isUniform() {
        return ids.length == 1;
    }

    /** Whether something depends on this axis. */
    boolean varies(int axis) {
        return extents[axis] != 1;
    }

    /** The same values with larger extents (each axis: the present extent, or the size). */
    BlockTensor expand(int[] to) {
        if (Arrays.equals(to, extents)) {
            return this;
        }
        int[] out = new int[product(to)];
        walk(to, strides(), 0, (i, at) -> out[i] = ids[at]);
        return new BlockTensor(sizes, to, out);
    }

    /** Expanded to every element. */
    BlockTensor expandAll() {
        return expand(sizes.clone());
    }

    /** Extents on which both tensors (of equal sizes) can be compared. */
    static int[] join(int[] a, int[] b) {
        int[] out = new int[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.max(a[i], b[i]);
        }
        return out;
    }

    /** Drops axes along which all values agree, so that equal laws are stored once. */
    BlockTensor compress() {
        BlockTensor current = this;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (current.extents[axis] > 1) {
                int[] smaller = current.extents.clone();
                smaller[axis] = 1;
                BlockTensor candidate = current.restrict(smaller);
                if (Arrays.equals(candidate.expand(current.extents).ids, current.ids)) {
                    current = candidate;
                }
            }
        }
        return current;
    }

    /** The values at index 0 of the axes whose extent becomes 1. */
    BlockTensor restrict(int[] to) {
        int[] out = new int[product(to)];
        walk(to, strides(), 0, (i, at) -> out[i] = ids[at]);
        return new BlockTensor(sizes, to, out);
    }

    // ---- Movement

    BlockTensor transpose(List<Integer> order) {
        int[] strides = strides();
        int[] newSizes = new int[order.size()];
        int[] newExtents = new int[order.size()];
        int[] step = new int[order.size()];
        for (int i = 0; i < step.length; i++) {
            newSizes[i] = sizes[order.get(i)];
            newExtents[i] = extents[order.get(i)];
            step[i] = strides[order.get(i)];
        }
        int[] out = new int[ids.length];
        walk(newExtents, step, 0, (i, at) -> out[i] = ids[at]);
        return new BlockTensor(newSizes, newExtents, out);
    }

    BlockTensor broadcast(int[] to, List<Integer> axes) {
        int[] newExtents = new int[to.length];
        Arrays.fill(newExtents, 1);
        for (int i = 0; i < sizes.length; i++) {
            newExtents[axes.get(i)] = extents[i];
        }
        return new BlockTensor(to, newExtents, ids);
    }

    /** Row-major reinterpretation. Axis groups that are split or merged stay uniform only if nothing depends on them. */
    BlockTensor reshape(int[] to) {
        int[] keep = extents.clone();
        int[] result = new int[to.length];
        Arrays.fill(result, 1);
        int i = 0;
        int j = 0;
        while (i < sizes.length || j < to.length) {
            int i0 = i;
            int j0 = j;
            long a = i < sizes.length ? sizes[i++] : 1;
            long b = j < to.length ? to[j++] : 1;
            while (a != b) {
                if (a < b && i < sizes.length) {
                    a *= sizes[i++];
                } else if (j < to.length) {
                    b *= to[j++];
                } else {
                    break;
                }
            }
            boolean varies = false;
            for (int k = i0; k < i; k++) {
                varies |= extents[k] > 1;
            }
            for (int k = i0; k < i && varies; k++) {
                keep[k] = sizes[k];
            }
            for (int k = j0; k < j && varies; k++) {
                result[k] = to[k];
            }
        }
        return new BlockTensor(to, result, expand(keep).ids);
    }

    BlockTensor slice(int[] to, List<Integer> starts, List<Integer> steps) {
        int[] strides = strides();
        int[] newExtents = new int[to.length];
        int[] step = new int[to.length];
        int base = 0;
        for (int k = 0; k < to.length; k++) {
            newExtents[k] = extents[k] == 1 ? Math.min(1, to[k]) : to[k];
            step[k] = strides[k] * steps.get(k);
            base += strides[k] * starts.get(k);
        }
        int[] out = new int[product(newExtents)];
        walk(newExtents, step, base, (n, at) -> out[n] = ids[at]);
        return new BlockTensor(to, newExtents, out);
    }

    /**
     * Values placed with {@code fill} around and between.
     *
     * @param fill the value of the padding, or {@link Moves#ANY} if it does not matter: uniform axes then stay uniform
     */
    BlockTensor pad(int[] to, List<Integer> before, List<Integer> interior, int fill) {
        boolean[] touches = new boolean[to.length];
        int[] full = new int[to.length];
        int[] source = extents.clone();
        for (int k = 0; k < to.length; k++) {
            touches[k] = to[k] != sizes[k] && (fill != Moves.ANY || extents[k] > 1 || sizes[k] == 1);
            boolean touched = touches[k];
            full[k] = touched ? to[k] : extents[k];
            source[k] = touched ? sizes[k] : extents[k];
        }
        BlockTensor expanded = expand(source);
        BlockTensor out = filled(to, full, fill == Moves.ANY ? 0 : fill);
        int[] strides = out.strides();
        int[] step = new int[to.length];
        int base = 0;
        for (int k = 0; k < to.length; k++) {
            boolean touched = touches[k];
            step[k] = strides[k] * (touched ? interior.get(k) + 1 : 1);
            base += touched ? strides[k] * before.get(k) : 0;
        }
        walk(source, step, base, (n, at) -> out.ids[at] = expanded.ids[n]);
        return out;
    }

    BlockTensor gather(int axis, List<Integer> indices) {
        int[] to = sizes.clone();
        to[axis] = indices.size();
        if (extents[axis] == 1 && !indices.isEmpty()) {
            return new BlockTensor(to, extents, ids);
        }
        int[] newExtents = extents.clone();
        newExtents[axis] = indices.size();
        int[] strides = strides();
        int along = strides[axis];
        int[] step = strides.clone();
        step[axis] = 0;
        int inner = 1;
        for (int k = axis + 1; k < newExtents.length; k++) {
            inner *= newExtents[k];
        }
        int width = inner;
        int[] out = new int[product(newExtents)];
        walk(newExtents, step, 0, (n, at) -> out[n] = ids[at + indices.get(n / width % indices.size()) * along]);
        return new BlockTensor(to, newExtents, out);
    }

    static BlockTensor concat(int axis, List<BlockTensor> parts) {
        int[] to = parts.get(0).sizes.clone();
        int[] extents = parts.get(0).extents.clone();
        boolean same = true;
        for (BlockTensor part : parts.subList(1, parts.size())) {
            to[axis] += part.sizes[axis];
            extents = join(extents, part.extents);
        }
        extents[axis] = 1;
        for (BlockTensor part : parts) {
            same &= !part.varies(axis)
                    && Arrays.equals(
                            part.expand(merged(part, extents)).ids,
                            parts.get(0).expand(merged(parts.get(0), extents)).ids);
        }
        if (same) {
            return new BlockTensor(to, extents, parts.get(0).expand(extents).ids);
        }
        extents[axis] = to[axis];
        BlockTensor out = filled(to, extents, 0);
        int[] strides = out.strides();
        int offset = 0;
        for (BlockTensor part : parts) {
            int[] own = extents.clone();
            own[axis] = part.sizes[axis];
            BlockTensor expanded = part.expand(own);
            int base = offset * (to[axis] == 1 ? 0 : strides[axis]);
            walk(own, strides, base, (n, at) -> out.ids[at] = expanded.ids[n]);
            offset += part.sizes[axis];
        }
        return out;
    }

    private static int[] merged(BlockTensor part, int[] extents) {
        return join(part.extents, extents);
    }

    /** Receives a row-major position and the strided position that goes with it. */
    interface Visit {
        void at(int index, int strided);
    }

    static void walk(int[] sizes, int[] step, int base, Visit visit) {
        int total = product(sizes);
        int[] index = new int[sizes.length];
        int at = base;
        for (int i = 0; i < total; i++) {
            visit.at(i, at);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                at += step[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                at -= step[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }
}
