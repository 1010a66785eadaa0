package org.quotient.geometry;

import java.util.Arrays;
import java.util.List;

/** Boolean algebra on block tensors of 0 and 1. */
final class Masks {
    private Masks() {}

    static BlockTensor uniform(int[] sizes, boolean value) {
        return BlockTensor.uniform(sizes, value ? 1 : 0);
    }

    static BlockTensor and(BlockTensor a, BlockTensor b) {
        int[] extents = BlockTensor.join(a.extents, b.extents);
        int[] x = a.expand(extents).ids;
        int[] y = b.expand(extents).ids;
        int[] out = new int[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i] & y[i];
        }
        return new BlockTensor(a.sizes, extents, out);
    }

    static BlockTensor or(BlockTensor a, BlockTensor b) {
        int[] extents = BlockTensor.join(a.extents, b.extents);
        int[] x = a.expand(extents).ids;
        int[] y = b.expand(extents).ids;
        int[] out = new int[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[i] | y[i];
        }
        return new BlockTensor(a.sizes, extents, out);
    }

    /** Or over the axes, which disappear. */
    static BlockTensor any(BlockTensor a, List<Integer> axes) {
        int kept = a.sizes.length - axes.size();
        int[] sizes = new int[kept];
        int[] extents = new int[kept];
        for (int i = 0, k = 0; i < a.sizes.length; i++) {
            if (!axes.contains(i)) {
                sizes[k] = a.sizes[i];
                extents[k++] = a.extents[i];
            }
        }
        BlockTensor out = BlockTensor.filled(sizes, extents, 0);
        int[] strides = out.strides();
        int[] step = new int[a.sizes.length];
        for (int i = 0, k = 0; i < step.length; i++) {
            step[i] = axes.contains(i) ? 0 : strides[k++];
        }
        BlockTensor.walk(a.extents, step, 0, (i, at) -> out.ids[at] |= a.ids[i]);
        return out;
    }

    /** Or over the axes, then repeated along them: the shape stays. */
    static BlockTensor anyAlong(BlockTensor a, List<Integer> axes) {
        BlockTensor reduced = any(a, axes);
        return restore(reduced, a.sizes, axes);
    }

    /** A reduced tensor repeated along the axes that were removed. */
    static BlockTensor restore(BlockTensor reduced, int[] sizes, List<Integer> axes) {
        int[] extents = new int[sizes.length];
        Arrays.fill(extents, 1);
        for (int i = 0, k = 0; i < sizes.length; i++) {
            if (!axes.contains(i)) {
                extents[i] = reduced.extents[k++];
            }
        }
        return new BlockTensor(sizes, extents, reduced.ids);
    }

    /** Or of the entries that share a target index along an axis: index i goes to {@code indices[i]} of {@code size}. */
    static BlockTensor scatterAny(BlockTensor a, int axis, List<Integer> indices, int size) {
        int[] spread = a.extents.clone();
        spread[axis] = a.sizes[axis];
        BlockTensor source = a.expand(spread);
        int[] sizes = a.sizes.clone();
        sizes[axis] = size;
        int[] extents = spread.clone();
        extents[axis] = size;
        BlockTensor out = BlockTensor.filled(sizes, extents, 0);
        int inner = 1;
        for (int k = axis + 1; k < extents.length; k++) {
            inner *= extents[k];
        }
        int count = indices.size();
        for (int i = 0; i < source.ids.length; i++) {
            int outer = i / inner / count;
            int place = indices.get(i / inner % count);
            out.ids[(outer * size + place) * inner + i % inner] |= source.ids[i];
        }
        return out;
    }

    /** The mask over other extents: or over the blocks that become coarser, repeated where they become finer. */
    static BlockTensor onto(BlockTensor mask, int[] extents) {
        List<Integer> coarser = new java.util.ArrayList<>();
        for (int i = 0; i < extents.length; i++) {
            if (extents[i] == 1 && mask.extents[i] > 1) {
                coarser.add(i);
            }
        }
        BlockTensor reduced = coarser.isEmpty() ? mask : anyAlong(mask, coarser);
        return reduced.expand(extents);
    }

    /** Whether a mask varies along no axis that the extents leave uniform. */
    static boolean within(BlockTensor mask, int[] extents) {
        for (int i = 0; i < extents.length; i++) {
            if (extents[i] == 1 && mask.extents[i] > 1) {
                return false;
            }
        }
        return true;
    }

    static boolean none(BlockTensor a) {
        for (int id : a.ids) {
            if (id != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Or over the letters that {@code out} lacks of the product of two masks, one letter per axis.
     *
     * @param outSizes the sizes of the result's axes
     */
    static BlockTensor einsum(String left, BlockTensor a, String right, BlockTensor b, String out, int[] outSizes) {
        String letters = union(union(out, left), right);
        int[] extents = new int[letters.length()];
        int[] stepA = new int[extents.length];
        int[] stepB = new int[extents.length];
        int[] stepOut = new int[extents.length];
        int[] strideA = a.strides();
        int[] strideB = b.strides();
        int[] outExtents = new int[out.length()];
        for (int i = 0; i < extents.length; i++) {
            char letter = letters.charAt(i);
            int p = left.indexOf(letter);
            int q = right.indexOf(letter);
            extents[i] = Math.max(p >= 0 ? a.extents[p] : 1, q >= 0 ? b.extents[q] : 1);
            stepA[i] = p >= 0 ? strideA[p] : 0;
            stepB[i] = q >= 0 ? strideB[q] : 0;
            if (i < out.length()) {
                outExtents[i] = extents[i];
            }
        }
        BlockTensor result = BlockTensor.filled(outSizes, outExtents, 0);
        int[] strideOut = result.strides();
        System.arraycopy(strideOut, 0, stepOut, 0, out.length());
        int[] atB = positions(extents, stepB);
        int[] atOut = positions(extents, stepOut);
        BlockTensor.walk(extents, stepA, 0, (i, at) -> result.ids[atOut[i]] |= a.ids[at] & b.ids[atB[i]]);
        return result;
    }

    private static int[] positions(int[] extents, int[] step) {
        int[] out = new int[BlockTensor.product(extents)];
        BlockTensor.walk(extents, step, 0, (i, at) -> out[i] = at);
        return out;
    }

    private static String union(String a, String b) {
        StringBuilder out = new StringBuilder(a);
        for (char c : b.toCharArray()) {
            if (out.indexOf(String.valueOf(c)) < 0) {
                out.append(c);
            }
        }
        return out.toString();
    }
}
