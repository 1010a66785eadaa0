package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/**
 * What the operands of a movement are asked for when the result is asked for something, on block tensors of bits: the
 * adjoints of movements, with or for plus.
 */
final class MoveAdjoints {
    private MoveAdjoints() {}

    /** One block tensor per operand. */
    static List<BlockTensor> of(Expr node, Op.Move move, BlockTensor need) {
        if (move instanceof Op.Concat c) {
            return concat(node, c, need);
        }
        int[] sizes = BlockTensor.sizesOf(node.operand(0).shape());
        return List.of(
                switch (move) {
                    case Op.Reshape r -> need.reshape(sizes);
                    case Op.Transpose t -> {
                        Integer[] inverse = new Integer[t.order().size()];
                        IntStream.range(0, inverse.length)
                                .forEach(i -> inverse[t.order().get(i)] = i);
                        yield need.transpose(List.of(inverse));
                    }
                    case Op.Broadcast b -> {
                        List<Integer> repeated = IntStream.range(0, need.sizes.length)
                                .filter(i -> !b.axes().contains(i))
                                .boxed()
                                .toList();
                        yield Masks.any(need, repeated);
                    }
                    case Op.Slice s ->
                        need.pad(
                                sizes,
                                s.starts(),
                                s.steps().stream().map(i -> i - 1).toList(),
                                0);
                    case Op.Pad p ->
                        need.slice(
                                sizes,
                                p.before(),
                                p.interior().stream().map(i -> i + 1).toList());
                    case Op.Gather g -> Masks.scatterAny(need, g.axis(), g.indices(), sizes[g.axis()]);
                    case Op.Scatter s -> need.gather(s.axis(), s.indices());
                    case Op.Concat c -> throw new AssertionError("handled above");
                });
    }

    private static List<BlockTensor> concat(Expr node, Op.Concat c, BlockTensor need) {
        List<BlockTensor> parts = new ArrayList<>();
        int start = 0;
        for (Expr part : node.operands()) {
            int[] own = BlockTensor.sizesOf(part.shape());
            Integer[] starts = new Integer[own.length];
            Integer[] steps = new Integer[own.length];
            Arrays.fill(starts, 0);
            Arrays.fill(steps, 1);
            starts[c.axis()] = start;
            parts.add(need.slice(own, List.of(starts), List.of(steps)));
            start += own[c.axis()];
        }
        return parts;
    }
}
