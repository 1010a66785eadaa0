package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Op.BinaryKind;
import org.quotient.autodiff.Op.ReduceKind;
import org.quotient.autodiff.Op.UnaryKind;

/**
 * Functions that build expressions: NumPy's broadcasting rules, negative axes counted from the end. Conventions at kinks:
 * relu'(0) = 0, |x|'(0) = 0, prelu takes its slope branch at 0, step' = 0 everywhere, and a maximum (elementwise, over
 * axes, over windows) gives the whole derivative to the first of tied elements.
 */
public final class Ops {
    private Ops() {}

    // ---- Constants

    /** A scalar constant. */
    public static Expr scalar(double value, DType dtype) {
        return Expr.constant(Tensor.of(Shape.SCALAR, dtype, value));
    }

    /** The constant {@code value} in the shape and dtype of x. */
    public static Expr fullLike(Expr x, double value) {
        return broadcastTo(scalar(value, x.dtype()), x.shape());
    }

    // ---- Elementwise

    /** −x. */
    public static Expr neg(Expr x) {
        return unary(UnaryKind.NEG, x);
    }

    /** e^x. */
    public static Expr exp(Expr x) {
        return unary(UnaryKind.EXP, x);
    }

    /** Natural logarithm. */
    public static Expr log(Expr x) {
        return unary(UnaryKind.LOG, x);
    }

    /** Square root. */
    public static Expr sqrt(Expr x) {
        return unary(UnaryKind.SQRT, x);
    }

    /** |x|, with derivative 0 at 0. */
    public static Expr abs(Expr x) {
        return unary(UnaryKind.ABS, x);
    }

    /** 1 where x &gt; 0, else 0; derivative 0. */
    public static Expr step(Expr x) {
        return unary(UnaryKind.STEP, x);
    }

    /** The sign: −1, 0 or 1; derivative 0. */
    public static Expr sign(Expr x) {
        return sub(step(x), step(neg(x)));
    }

    /** max(x, 0), with derivative 0 at 0. */
    public static Expr relu(Expr x) {
        return unary(UnaryKind.RELU, x);
    }

    /** x if x &gt; 0, else slope·x; at 0 the derivative is the slope. */
    public static Expr leakyRelu(Expr x, double slope) {
        return prelu(x, scalar(slope, x.dtype()));
    }

    /** Leaky ReLU with a slope that is broadcast and may be trained (He et al. 2015). */
    public static Expr prelu(Expr x, Expr slope) {
        return Expr.of(new Op.Binary(BinaryKind.PRELU), x, broadcastTo(slope, x.shape()));
    }

    /** Hyperbolic tangent. */
    public static Expr tanh(Expr x) {
        return unary(UnaryKind.TANH, x);
    }

    /** The logistic function. */
    public static Expr sigmoid(Expr x) {
        return unary(UnaryKind.SIGMOID, x);
    }

    /** log(1 + e^x), stable. */
    public static Expr softplus(Expr x) {
        return unary(UnaryKind.SOFTPLUS, x);
    }

    /** The error function. */
    public static Expr erf(Expr x) {
        return unary(UnaryKind.ERF, x);
    }

    /** x·sigmoid(x). */
    public static Expr silu(Expr x) {
        return mul(x, sigmoid(x));
    }

    /** x·Φ(x) with the exact normal distribution function (Hendrycks and Gimpel 2016). */
    public static Expr gelu(Expr x) {
        Expr half = scalar(0.5, x.dtype());
        return mul(mul(half, x), add(scalar(1, x.dtype()), erf(x.times(1 / Math.sqrt(2)))));
    }

    /** The tanh approximation of GELU (Hendrycks and Gimpel 2016). */
    public static Expr geluTanh(Expr x) {
        Expr cubic = x.plus(mul(mul(x, x), x).times(0.044715));
        return mul(x.times(0.5), tanh(cubic.times(Math.sqrt(2 / Math.PI))).plus(1));
    }

    /** x, with derivative zero. */
    public static Expr detach(Expr x) {
        return unary(UnaryKind.DETACH, x);
    }

    /** x + y. */
    public static Expr add(Expr x, Expr y) {
        return binary(BinaryKind.ADD, x, y);
    }

    /** x − y. */
    public static Expr sub(Expr x, Expr y) {
        return binary(BinaryKind.SUB, x, y);
    }

    /** x·y. */
    public static Expr mul(Expr x, Expr y) {
        return binary(BinaryKind.MUL, x, y);
    }

    /** x/y. */
    public static Expr div(Expr x, Expr y) {
        return binary(BinaryKind.DIV, x, y);
    }

    /** x^y. */
    public static Expr pow(Expr x, Expr y) {
        return binary(BinaryKind.POW, x, y);
    }

    /** The larger; x on a tie. */
    public static Expr max(Expr x, Expr y) {
        return binary(BinaryKind.MAX, x, y);
    }

    /** The smaller; x on a tie. */
    public static Expr min(Expr x, Expr y) {
        return neg(max(neg(x), neg(y)));
    }

    private static Expr unary(UnaryKind kind, Expr x) {
        return Expr.of(new Op.Unary(kind), x);
    }

    private static Expr binary(BinaryKind kind, Expr x, Expr y) {
        Shape shape = Broadcasting.shape(Names.of(new Op.Binary(kind)), x, y);
        return Expr.of(new Op.Binary(kind), broadcastTo(x, shape), broadcastTo(y, shape));
    }

    // ---- Broadcasting and movement

    /** x repeated to a shape by NumPy's rules: trailing axes align, axes of size 1 stretch. */
    public static Expr broadcastTo(Expr x, Shape to) {
        return Broadcasting.to(x, to);
    }

    /** The elements of x under another shape. */
    public static Expr reshape(Expr x, Shape to) {
        return x.shape().equals(to) ? x : Expr.of(new Op.Reshape(to), x);
    }

    /** All axes but the first flattened into one: [N, ...] → [N, features]. */
    public static Expr flatten(Expr x) {
        int features = 1;
        for (int i = 1; i < x.shape().rank(); i++) {
            features *= x.shape().size(i);
        }
        return reshape(x, Shape.of(x.shape().size(0), features));
    }

    /** Axes reordered: output axis i is operand axis order[i]; reversed if no order is given. */
    public static Expr transpose(Expr x, int... order) {
        int rank = x.shape().rank();
        List<Integer> axes = order.length == 0
                ? IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList()
                : Arrays.stream(order).map(a -> a < 0 ? a + rank : a).boxed().toList();
        boolean identity = IntStream.range(0, axes.size()).allMatch(i -> axes.get(i) == i) && axes.size() == rank;
        return identity ? x : Expr.of(new Op.Transpose(axes), x);
    }

    /** Indices start, start + step, ... below stop along one axis. */
    public static Expr slice(Expr x, int axis, int start, int stop, int step) {
        int rank = x.shape().rank();
        int a = axis < 0 ? axis + rank : axis;
        List<Integer> starts = new ArrayList<>(Collections.nCopies(rank, 0));
        List<Integer> stops = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            stops.add(x.shape().size(i));
        }
        List<Integer> steps = new ArrayList<>(Collections.nCopies(rank, 1));
        starts.set(a, start);
        stops.set(a, stop);
        steps.set(a, step);
        return Expr.of(new Op.Slice(starts, stops, steps), x);
    }

    /** Indices start to stop − 1 along one axis. */
    public static Expr slice(Expr x, int axis, int start, int stop) {
        return slice(x, axis, start, stop, 1);
    }

    /** Zeros before and after along each axis. */
    public static Expr pad(Expr x, List<Integer> before, List<Integer> after) {
        return Expr.of(new Op.Pad(before, after, Collections.nCopies(x.shape().rank(), 0)), x);
    }

    /** One after the other along an axis. */
    public static Expr concat(int axis, List<Expr> parts) {
        int rank = parts.get(0).shape().rank();
        return parts.size() == 1 ? parts.get(0) : Expr.of(new Op.Concat(axis < 0 ? axis + rank : axis), parts);
    }

    /** The given indices along an axis, in order, repeats allowed. */
    public static Expr gather(Expr x, int axis, int... indices) {
        int a = axis < 0 ? axis + x.shape().rank() : axis;
        return Expr.of(new Op.Gather(a, Arrays.stream(indices).boxed().toList()), x);
    }

    /** Rows of a table chosen by the (whole) numbers of a tensor, by one-hot product: [..., K] tables and any index shape. */
    public static Expr embedding(Expr table, Expr indices) {
        Expr hot = oneHot(indices, table.shape().size(0));
        String lead = "abcdefgh".substring(0, indices.shape().rank());
        return Expr.of(new Op.Einsum(lead + "k", "kz", lead + "z"), hot, table);
    }

    /** 1 where the last (new) axis' index equals the number, else 0; derivative 0. */
    public static Expr oneHot(Expr indices, int depth) {
        int[] sizes = Arrays.copyOf(indices.shape().sizes(), indices.shape().rank() + 1);
        sizes[sizes.length - 1] = depth;
        Shape to = Shape.of(sizes);
        List<Integer> lead = IntStream.range(0, indices.shape().rank()).boxed().toList();
        Expr repeated = Expr.of(new Op.Broadcast(to, lead), indices);
        Expr count = Expr.constant(Tensor.fill(Shape.of(depth), indices.dtype(), i -> i));
        return scalar(1, indices.dtype()).minus(step(abs(repeated.minus(count))));
    }

    // ---- Reductions

    /** Sum over axes (all if none is given); they disappear. */
    public static Expr sum(Expr x, int... axes) {
        List<Integer> list = axes(x, axes);
        return list.isEmpty() ? x : Expr.of(new Op.Reduce(ReduceKind.SUM, list), x);
    }

    /** Mean over axes (all if none is given); they disappear. */
    public static Expr mean(Expr x, int... axes) {
        List<Integer> list = axes(x, axes);
        return list.isEmpty() ? x : div(sum(x, axes), count(x, list));
    }

    /** Maximum over axes (all if none is given); they disappear. Ties: the first in row-major order. */
    public static Expr maxOver(Expr x, int... axes) {
        List<Integer> list = axes(x, axes);
        return list.isEmpty() ? x : Expr.of(new Op.Reduce(ReduceKind.MAX, list), x);
    }

    /** As many elements as the axes hold, a scalar (known only when bound if the batch is among them). */
    public static Expr count(Expr x, List<Integer> axes) {
        double fixed = 1;
        boolean batch = false;
        for (int axis : axes) {
            if (x.shape().size(axis) == Shape.N) {
                batch = true;
            } else {
                fixed *= x.shape().size(axis);
            }
        }
        Expr constant = scalar(fixed, x.dtype());
        return batch ? mul(constant, Expr.of(new Op.BatchSize(x.dtype()))) : constant;
    }

    /** A reduced expression repeated along the axes that a reduction over {@code axes} removed from {@code like}. */
    static Expr restore(Expr reduced, Expr like, List<Integer> axes) {
        List<Integer> kept = IntStream.range(0, like.shape().rank())
                .filter(i -> !axes.contains(i))
                .boxed()
                .toList();
        return axes.isEmpty() ? reduced : Expr.of(new Op.Broadcast(like.shape(), kept), reduced);
    }

    /** Axes normalised to increasing non-negative ones; all axes if none is given. */
    static List<Integer> axes(Expr x, int... axes) {
        int rank = x.shape().rank();
        if (axes.length == 0) {
            return IntStream.range(0, rank).boxed().toList();
        }
        return Arrays.stream(axes)
                .map(a -> a < 0 ? a + rank : a)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    // ---- Products

    /** Einstein summation of two operands, such as {@code einsum("ni,io->no", x, w)}. */
    public static Expr einsum(String equation, Expr x, Expr y) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] in = sides[0].split(",", -1);
        if (sides.length != 2 || in.length != 2) {
            throw new IllegalArgumentException(
                    "einsum expects two operands and an output, such as \"ni,io->no\"; given \"" + equation + "\"");
        }
        return Expr.of(new Op.Einsum(in[0], in[1], sides[1]), x, y);
    }

    /** The matrix product over the last two axes, leading axes broadcast; vectors as in NumPy. */
    public static Expr matmul(Expr x, Expr y) {
        return Matmul.of(x, y);
    }

    // ---- Softmax and convolution

    /** e^x / Σ e^x along an axis. */
    public static Expr softmax(Expr x, int axis) {
        return Expr.of(new Op.Softmax(axis < 0 ? axis + x.shape().rank() : axis), x);
    }

    /** log softmax, stable: the maximum is subtracted first. */
    public static Expr logSoftmax(Expr x, int axis) {
        List<Integer> axes = axes(x, axis);
        Expr shifted = sub(x, restore(detach(maxOver(x, axis)), x, axes));
        return sub(shifted, restore(log(sum(exp(shifted), axis)), x, axes));
    }

    /** Cross-correlation of [N, C, H, W] with a kernel [O, C/groups, kh, kw]. */
    public static Expr conv2d(Expr x, Expr kernel, Window window, int groups) {
        requireImage("conv2d", x);
        return Expr.of(
                new Op.Conv(
                        Op.ConvForm.FORWARD,
                        window,
                        groups,
                        x.shape().size(2),
                        x.shape().size(3)),
                x,
                kernel);
    }

    /** Maximum pooling; padding never wins. */
    public static Expr maxPool2d(Expr x, Window window) {
        return pool(Op.PoolKind.MAX, x, window);
    }

    /** Sum over windows; padding counts as 0. */
    public static Expr sumPool2d(Expr x, Window window) {
        return pool(Op.PoolKind.SUM, x, window);
    }

    /** Average pooling: divided by the kernel's size, or only by the cells inside the image. */
    public static Expr averagePool2d(Expr x, Window window, boolean countPadding) {
        return AveragePooling.of(x, window, countPadding);
    }

    private static Expr pool(Op.PoolKind kind, Expr x, Window window) {
        requireImage("pooling", x);
        return Expr.of(new Op.Pool(kind, window, x.shape().size(2), x.shape().size(3)), x);
    }

    /** Nearest-neighbour upsampling of the two spatial axes by whole factors. */
    public static Expr upsampleNearest(Expr x, int factorHeight, int factorWidth) {
        requireImage("upsampling", x);
        Expr rows = gather(x, 2, repeated(x.shape().size(2), factorHeight));
        return gather(rows, 3, repeated(x.shape().size(3), factorWidth));
    }

    private static int[] repeated(int size, int factor) {
        return IntStream.range(0, size * factor).map(i -> i / factor).toArray();
    }

    private static void requireImage(String what, Expr x) {
        if (x.shape().rank() != 4) {
            throw new IllegalArgumentException(what + " expects an image batch [N, C, H, W]; given " + x.describe());
        }
    }
}
