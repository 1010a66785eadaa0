package org.quotient.autodiff;

import java.util.List;

/**
 * An operation of the expression graph: about thirty primitives (counting a linear map and its adjoint as one) in sealed
 * families of small records. Everything else is a builder function over them ({@link Ops}, {@link Layers}).
 *
 * <p>What can be said of an operation is a <em>pass</em> with an exhaustive {@code switch}: {@link ShapeRule},
 * {@link Evaluator}, {@link Partials}, {@link Vjp}, {@link Jvp}, printing, and in geometry the scaling law. Adding a record
 * here makes the compiler name every pass that must be taught.
 */
public sealed interface Op {

    /** What a leaf stands for in a network. */
    enum Role {
        /** Given at each evaluation. */
        INPUT,
        /** Trainable. */
        PARAMETER,
        /** Carried along but not trained: running statistics. */
        BUFFER
    }

    /** Operations without operands. */
    sealed interface Leaf extends Op {}

    /** A named value bound at evaluation. */
    record Variable(String name, Role role, Shape shape, DType dtype) implements Leaf {}

    /** A fixed value. Two constants are the same operation only if they hold the same tensor object. */
    record Constant(Tensor value) implements Leaf {}

    /** The bound batch size as a scalar. */
    record BatchSize(DType dtype) implements Leaf {}

    /** Functions of one number. Derivative conventions at kinks are those of {@link Partials}. */
    enum UnaryKind {
        /** −x. */
        NEG,
        /** e^x. */
        EXP,
        /** Natural logarithm. */
        LOG,
        /** Square root. */
        SQRT,
        /** |x|. */
        ABS,
        /** 1 if x &gt; 0, else 0. */
        STEP,
        /** max(x, 0). */
        RELU,
        /** Hyperbolic tangent. */
        TANH,
        /** 1/(1 + e^−x). */
        SIGMOID,
        /** log(1 + e^x). */
        SOFTPLUS,
        /** The error function. */
        ERF,
        /** x itself, with derivative zero. */
        DETACH
    }

    /** Functions of two numbers, on operands of the same shape. */
    enum BinaryKind {
        /** x + y. */
        ADD,
        /** x − y. */
        SUB,
        /** x·y. */
        MUL,
        /** x/y. */
        DIV,
        /** x^y. */
        POW,
        /** The larger; on a tie the first operand. */
        MAX,
        /** x if x &gt; 0, else y·x: leaky ReLU with slope y. */
        PRELU
    }

    /** Number by number. */
    sealed interface Elementwise extends Op {}

    /** A function of one operand. */
    record Unary(UnaryKind kind) implements Elementwise {}

    /** A function of two operands of equal shape. */
    record Binary(BinaryKind kind) implements Elementwise {}

    /** The reductions. */
    enum ReduceKind {
        /** The sum over the axes, which disappear. */
        SUM,
        /** The maximum over the axes, which disappear. */
        MAX,
        /** 1 at the first (row-major) maximum over the axes and 0 elsewhere; the shape stays. */
        FIRST_MAX
    }

    /** Reduces the given axes (increasing). */
    record Reduce(ReduceKind kind, List<Integer> axes) implements Op {}

    /** Bilinear operations. */
    sealed interface Contraction extends Op {}

    /**
     * Einstein summation of two operands, one letter per axis, such as {@code "ni,io->no"}. A letter occurs at most once in
     * each part; every letter of an operand occurs in the other operand or in the output.
     */
    record Einsum(String left, String right, String out) implements Contraction {
        @Override
        public String toString() {
            return "einsum[" + left + "," + right + "->" + out + "]";
        }
    }

    /** The convolution and its two adjoints. */
    enum ConvForm {
        /** (image [N, C, H, W], kernel [O, C/groups, kh, kw]) → [N, O, oh, ow]. */
        FORWARD,
        /** (output gradient [N, O, oh, ow], kernel) → image gradient [N, C, H, W]: the transposed convolution. */
        INPUT_ADJOINT,
        /** (image, output gradient) → kernel gradient [O, C/groups, kh, kw]. */
        KERNEL_ADJOINT
    }

    /**
     * Two-dimensional cross-correlation, as deep learning calls convolution.
     *
     * @param form which of the three bilinear forms
     * @param window geometry of the forward convolution
     * @param groups channel groups of the forward convolution
     * @param height rows H of the forward image
     * @param width columns W of the forward image
     */
    record Conv(ConvForm form, Window window, int groups, int height, int width) implements Contraction {}

    /** Linear operations that move, copy, drop or place elements without arithmetic (adjoints add). */
    sealed interface Move extends Op {}

    /** The same elements in row-major order under another shape; a symbolic batch may only be the leading axis. */
    record Reshape(Shape to) implements Move {}

    /** Output axis i is operand axis {@code order[i]}. */
    record Transpose(List<Integer> order) implements Move {}

    /** Operand axis i becomes output axis {@code axes[i]} (increasing); the other axes repeat. */
    record Broadcast(Shape to, List<Integer> axes) implements Move {}

    /** Per axis the indices start, start + step, ... below stop; an axis with stop {@link Shape#N} is kept whole. */
    record Slice(List<Integer> starts, List<Integer> stops, List<Integer> steps) implements Move {}

    /** Zeros: per axis {@code before}, {@code after} and {@code interior} between neighbours. The adjoint of a slice. */
    record Pad(List<Integer> before, List<Integer> after, List<Integer> interior) implements Move {}

    /** Operands one after the other along an axis. */
    record Concat(int axis) implements Move {}

    /** Output index i along the axis is operand index {@code indices[i]}. */
    record Gather(int axis, List<Integer> indices) implements Move {}

    /** The adjoint of a gather: operand index i along the axis is added to output index {@code indices[i]} of {@code size}. */
    record Scatter(int axis, List<Integer> indices, int size) implements Move {}

    /** The window operations on [N, C, H, W]. */
    enum PoolKind {
        /** Sum over the window; padding counts as 0. */
        SUM,
        /** The adjoint of SUM. */
        SUM_ADJOINT,
        /** Maximum over the window; padding never wins; on a tie the first in row-major order. */
        MAX,
        /** (x, t): the element of t where x has its window's first maximum. */
        MAX_SELECT,
        /** (x, g): the adjoint of MAX_SELECT in t: g is added at the place of the maximum of x. */
        MAX_SCATTER
    }

    /**
     * Pooling and what its derivatives need.
     *
     * @param kind which operation
     * @param window geometry of the forward pooling
     * @param height rows of the forward image
     * @param width columns of the forward image
     */
    record Pool(PoolKind kind, Window window, int height, int width) implements Op {}

    /** Operations that subtract and divide statistics. */
    sealed interface Normalise extends Op {}

    /** (x − mean)/√(variance + epsilon) with the (biased) statistics of x over the axes. */
    record Standardise(List<Integer> axes, double epsilon) implements Normalise {}

    /** (x, mean, variance): the same with given statistics, whose shape is that of x without the axes. */
    record StandardiseWith(List<Integer> axes, double epsilon) implements Normalise {}

    /** e^x / Σ e^x along one axis. */
    record Softmax(int axis) implements Normalise {}

    /** An operation defined outside this family. */
    record Custom(CustomOp definition) implements Op {}
}
