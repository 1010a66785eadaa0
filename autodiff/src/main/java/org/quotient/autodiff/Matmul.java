package org.quotient.autodiff;

import java.util.Arrays;

/** Matrix products as Einstein sums. */
final class Matmul {
    private Matmul() {}

    /** The matrix product over the last two axes, leading axes broadcast; vectors as in NumPy. */
    static Expr of(Expr x, Expr y) {
        int rx = x.shape().rank();
        int ry = y.shape().rank();
        if (rx == 0 || ry == 0) {
            throw new IllegalArgumentException(
                    "matmul expects operands with at least one axis; given " + x.describe() + " and " + y.describe());
        }
        String batchX = "abcdefghij".substring(0, Math.max(0, rx - 2));
        String batchY = "abcdefghij".substring(0, Math.max(0, ry - 2));
        if (rx > 2 && ry > 2) {
            return batched(x, y);
        }
        String left = batchX + (rx > 1 ? "m" : "") + "k";
        String right = batchY + "k" + (ry > 1 ? "n" : "");
        String out = batchX + batchY + (rx > 1 ? "m" : "") + (ry > 1 ? "n" : "");
        return Expr.of(new Op.Einsum(left, right, out), x, y);
    }

    private static Expr batched(Expr x, Expr y) {
        int rank = Math.max(x.shape().rank(), y.shape().rank());
        int[] lead = new int[rank - 2];
        for (int i = 0; i < lead.length; i++) {
            int a = i - (rank - x.shape().rank());
            int b = i - (rank - y.shape().rank());
            int sa = a >= 0 ? x.shape().size(a) : 1;
            int sb = b >= 0 ? y.shape().size(b) : 1;
            if (sa != sb && sa != 1 && sb != 1) {
                throw new IllegalArgumentException("matmul expects leading axes that broadcast together; given "
                        + x.describe() + " and " + y.describe());
            }
            lead[i] = sa == 1 ? sb : sa;
        }
        String letters = "abcdefghij".substring(0, lead.length);
        return Expr.of(
                new Op.Einsum(letters + "mk", letters + "kn", letters + "mn"), withLead(x, lead), withLead(y, lead));
    }

    private static Expr withLead(Expr x, int[] lead) {
        int[] sizes = Arrays.copyOf(lead, lead.length + 2);
        sizes[lead.length] = x.shape().size(-2);
        sizes[lead.length + 1] = x.shape().size(-1);
        return Broadcasting.to(x, Shape.of(sizes));
    }
}
