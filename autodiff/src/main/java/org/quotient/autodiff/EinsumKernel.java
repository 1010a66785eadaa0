package org.quotient.autodiff;

/** Values of Einstein summation: both operands are brought to [batch, rows, inner] and [batch, inner, columns]. */
final class EinsumKernel {
    private EinsumKernel() {}

    static Tensor compute(Op.Einsum op, Tensor x, Tensor y, Shape shape, Numbers numbers) {
        StringBuilder batch = new StringBuilder();
        StringBuilder inner = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        StringBuilder columns = new StringBuilder();
        for (char letter : op.left().toCharArray()) {
            boolean shared = op.right().indexOf(letter) >= 0;
            boolean kept = op.out().indexOf(letter) >= 0;
            (shared ? (kept ? batch : inner) : rows).append(letter);
        }
        for (char letter : op.right().toCharArray()) {
            if (op.left().indexOf(letter) < 0) {
                columns.append(letter);
            }
        }
        double[] a = arrange(x, op.left(), batch.toString() + rows + inner);
        double[] b = arrange(y, op.right(), batch.toString() + inner + columns);
        int nb = size(x, op.left(), batch);
        int m = size(x, op.left(), rows);
        int k = size(x, op.left(), inner);
        int n = size(y, op.right(), columns);
        double[] c = new double[nb * m * n];
        for (int i = 0; i < nb; i++) {
            Gemm.multiply(m, n, k, a, i * m * k, b, i * k * n, c, i * m * n, numbers);
        }
        String order = batch.toString() + rows + columns;
        if (order.equals(op.out())) {
            return Tensor.of(shape, x.dtype(), c);
        }
        int[] sizes = new int[order.length()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape.size(op.out().indexOf(order.charAt(i)));
        }
        Tensor product = Tensor.of(Shape.of(sizes), DType.F64, c);
        return Tensor.of(shape, x.dtype(), arrange(product, order, op.out()));
    }

    private static int size(Tensor x, String letters, CharSequence of) {
        int size = 1;
        for (int i = 0; i < of.length(); i++) {
            size *= x.shape().size(letters.indexOf(of.charAt(i)));
        }
        return size;
    }

    private static double[] arrange(Tensor x, String from, String to) {
        if (from.equals(to)) {
            return x.data();
        }
        int[] strides = x.shape().strides();
        int[] sizes = new int[to.length()];
        int[] step = new int[to.length()];
        for (int i = 0; i < sizes.length; i++) {
            int axis = from.indexOf(to.charAt(i));
            sizes[i] = x.shape().size(axis);
            step[i] = strides[axis];
        }
        double[] out = new double[x.size()];
        Strided.gather(sizes, step, x.data(), 0, out);
        return out;
    }
}
