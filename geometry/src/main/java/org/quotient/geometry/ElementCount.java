package org.quotient.geometry;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** How much work an element-by-element pass over a graph is. */
final class ElementCount {
    private ElementCount() {}

    /** The number of scalar terms of all sums, an upper bound; the batch counts as 1. */
    static long terms(List<Expr> order) {
        long total = 0;
        for (Expr node : order) {
            total += terms(node);
        }
        return total;
    }

    private static long terms(Expr node) {
        long out = elements(node);
        return switch (node.op()) {
            case Op.Leaf l -> out;
            case Op.Einsum e -> {
                long size = out;
                for (int i = 0; i < e.left().length(); i++) {
                    char letter = e.left().charAt(i);
                    size *= e.out().indexOf(letter) < 0
                            ? BlockTensor.sizesOf(node.operand(0).shape())[i]
                            : 1;
                }
                yield size;
            }
            case Op.Conv c -> {
                Expr kernel = c.form() == Op.ConvForm.KERNEL_ADJOINT ? node : node.operand(1);
                long places =
                        (long) c.window().outputHeight(c.height()) * c.window().outputWidth(c.width());
                yield elements(kernel) * places;
            }
            case Op.Pool p -> out * p.window().kernelHeight() * p.window().kernelWidth();
            default -> {
                long in = 0;
                for (Expr operand : node.operands()) {
                    in += elements(operand);
                }
                yield Math.max(in, out);
            }
        };
    }

    private static long elements(Expr node) {
        long product = 1;
        for (int size : BlockTensor.sizesOf(node.shape())) {
            product *= size;
        }
        return product;
    }
}
