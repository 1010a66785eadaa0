package org.quotient.autodiff.network;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;

/**
 * Where the maxima of a pooling lie: per window, in the row-major order of the pooled tensor, the row-major index of the
 * first maximum in the whole image batch, or −1 for a window in the padding.
 */
record Winners(List<Integer> pixels) {

    /** Found by pooling the numbers 1, 2, 3, ... of the pixels, selected where x has its maxima. */
    static Winners of(Op.Pool op, Tensor x) {
        Expr image = Expr.constant(x.cast(DType.F64));
        Expr number = Expr.constant(Tensor.fill(x.shape(), DType.F64, i -> i + 1));
        Op select = new Op.Pool(Op.PoolKind.MAX_SELECT, op.window(), op.height(), op.width());
        Tensor chosen = Evaluator.evaluate(Expr.of(select, image, number), Map.of());
        return new Winners(IntStream.range(0, chosen.size())
                .mapToObj(i -> (int) chosen.get(i) - 1)
                .toList());
    }

    /** The indices with 0 for windows in the padding. */
    List<Integer> indices() {
        return pixels.stream().map(i -> Math.max(i, 0)).toList();
    }

    /** 1 for windows that meet the image and 0 for others, in the shape of the pooled tensor. */
    Expr present(Tensor pooled) {
        return Expr.constant(Tensor.fill(pooled.shape(), pooled.dtype(), i -> pixels.get(i) < 0 ? 0 : 1));
    }
}
