package org.quotient.autodiff.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.f32.F32Kernels;
import org.quotient.autodiff.kernel.f64.F64Kernels;

/**
 * The kernels of one number type: each method binds a kernel to its arrays and gives the steps that run it, one after the
 * other. All operands are row-major and contiguous unless strides are given. An output may share its array with an operand
 * only where that is said.
 */
public interface Kernels {

    /** The kernels of a number type. */
    static Kernels of(DType dtype) {
        return switch (dtype) {
            case F64 -> F64Kernels.INSTANCE;
            case F32 -> F32Kernels.INSTANCE;
        };
    }

    /** The number type. */
    DType dtype();

    /**
     * Compiles the vector code now, which takes about a second; otherwise that happens in the background, once there has been
     * enough work, and plain loops with the same results run until then. Does nothing where the vector module is absent.
     */
    void warmUp();

    /** A new array of zeros, {@code double[]} or {@code float[]}. */
    Object allocate(int size);

    /** Copies doubles into an array of this type, rounding. */
    void load(double[] from, int start, Place to, int count);

    /** Copies numbers of this type out, exactly. */
    void store(Place from, double[] to, int start, int count);

    /**
     * Elementwise operations. An output may be the very place of an operand that is read with the strides of the output.
     *
     * @param chain what to compute
     * @param in the operands that the loads name
     * @param out one place per store
     */
    List<Step> chain(Chain chain, List<Place> in, List<Place> out);

    /**
     * A sum or a maximum, over some axes of a chain's iteration space, of the chain's only store, without storing that.
     *
     * @param kind SUM or MAX
     * @param chain what to reduce
     * @param axes increasing
     * @param in the operands that the loads name
     * @param out the remaining axes, contiguous
     */
    List<Step> reduce(Op.ReduceKind kind, Chain chain, List<Integer> axes, List<Place> in, Place out);

    /** 1 at the first (row-major) maximum over the axes, 0 elsewhere; x and out have the given sizes. */
    List<Step> firstMaximum(List<Integer> sizes, List<Integer> axes, Place x, Place out);

    /** Matrix products. */
    default List<Step> multiply(Product product, Place a, Place b, Place c, Temporaries temporaries) {
        return multiply(product, Factors.NONE, a, b, c, temporaries);
    }

    /**
     * A matrix product that is added to C, whose rows and columns are multiplied by numbers before that or after it.
     *
     * @param product of batch size 1 that accumulates, unless the factors are ones
     * @param factors of the rows and columns of C
     */
    List<Step> multiply(Product product, Factors factors, Place a, Place b, Place c, Temporaries temporaries);

    /**
     * A matrix product C = α·A·B of batch size 1, and Σ_k of the squares in each row of A, or in each column of B.
     *
     * @param product that does not accumulate
     * @param left whether the squares are those of A
     * @param squares m numbers, or n
     */
    List<Step> multiplyAndSquare(
            Product product, boolean left, Place a, Place b, Place c, Place squares, Temporaries temporaries);

    /** Whether {@link #multiplyThen} does a product and passes over what it makes with some rows at a time. */
    boolean goesByRows(Product product);

    /**
     * A matrix product of batch size 1, C's rows contiguous, and what is done with the rows of C then: some rows at a time where that
     * can be, so that they are in the cache.
     *
     * @param factors of the rows and columns of C
     * @param squares where Σ_j of the squares in each row of what the product makes of C goes, m numbers, or null
     * @param passes over the m rows, in order; none writes what the product, or a pass, reads of other rows
     */
    List<Step> multiplyThen(
            Product product,
            Factors factors,
            Place a,
            Place b,
            Place c,
            @Nullable Place squares,
            List<RowWise> passes,
            Temporaries temporaries);

    /**
     * A convolution or one of its adjoints.
     *
     * @param op form and geometry
     * @param batch images
     * @param channels of the forward image
     * @param outputs channels of the forward output
     * @param a first operand of the operation
     * @param b second operand of the operation
     * @param out result
     */
    List<Step> convolve(
            Op.Conv op, int batch, int channels, int outputs, Place a, Place b, Place out, Temporaries temporaries);

    /**
     * Pooling or what its derivatives need.
     *
     * @param op kind and geometry
     * @param planes images times channels
     * @param x first operand
     * @param second second operand of MAX_SELECT and MAX_SCATTER, else null
     * @param out result
     */
    List<Step> pool(Op.Pool op, int planes, Place x, @Nullable Place second, Place out);

    /** (x − mean)/√(variance + epsilon) over the axes; x and out may be the same place. */
    List<Step> standardise(List<Integer> sizes, List<Integer> axes, double epsilon, Place x, Place out);

    /** The same with given statistics, contiguous over the remaining axes; x and out may be the same place. */
    List<Step> standardiseWith(
            List<Integer> sizes, List<Integer> axes, double epsilon, Place x, Place mean, Place variance, Place out);

    /** e^x/Σe^x along an axis; x and out may be the same place. */
    List<Step> softmax(List<Integer> sizes, int axis, Place x, Place out);

    /**
     * A strided copy.
     *
     * @param sizes the iteration space
     * @param from where to read
     * @param fromStrides one per axis, 0 where it repeats
     * @param to where to write; no overlap with what is read
     * @param toStrides one per axis
     */
    List<Step> copy(List<Integer> sizes, Place from, List<Integer> fromStrides, Place to, List<Integer> toStrides);

    /**
     * Elements at listed places along the middle axis: out[o, i, r] = x[o, indices[i], r].
     *
     * @param outer size of the axes before
     * @param length size of x along the axis
     * @param inner size of the axes after
     */
    List<Step> gather(int outer, int length, int inner, List<Integer> indices, Place x, Place out);

    /** The adjoint of {@link #gather}: x[o, i, r] is added to out[o, indices[i], r], and {@code length} is the size of out. */
    List<Step> scatter(int outer, int length, int inner, List<Integer> indices, Place x, Place out);

    /** Replaces elements at distinct places: out[places[i]] = x[i]. */
    List<Step> put(List<Integer> places, Place x, Place out);

    /** Sets elements to one value. */
    List<Step> fill(Place to, int count, double value);
}
