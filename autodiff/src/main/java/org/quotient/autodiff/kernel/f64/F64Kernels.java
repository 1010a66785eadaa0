package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.RowWise;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** The kernels of this number type, one family a class. */
public final class F64Kernels implements Kernels {
    /** The only one. */
    public static final F64Kernels INSTANCE = new F64Kernels();

    private F64Kernels() {}

    static double[] array(Place place) {
        return (double[]) place.array();
    }

    @Override
    public DType dtype() {
        return DType.F64;
    }

    @Override
    public void warmUp() {
        Tile.warmUp();
        Loops.warmUp();
    }

    @Override
    public Object allocate(int size) {
        return new double[size];
    }

    @Override
    public void load(double /*wide*/[] from, int start, Place to, int count) {
        double[] array = array(to);
        for (int i = 0; i < count; i++) {
            array[to.offset() + i] = (double) from[start + i];
        }
    }

    @Override
    public void store(Place from, double /*wide*/[] to, int start, int count) {
        double[] array = array(from);
        for (int i = 0; i < count; i++) {
            to[start + i] = array[from.offset() + i];
        }
    }

    @Override
    public List<Step> chain(Chain chain, List<Place> in, List<Place> out) {
        return Chains.steps(chain, in, out);
    }

    @Override
    public List<Step> reduce(Op.ReduceKind kind, Chain chain, List<Integer> axes, List<Place> in, Place out) {
        return Reductions.steps(kind, chain, axes, in, out);
    }

    @Override
    public List<Step> firstMaximum(List<Integer> sizes, List<Integer> axes, Place x, Place out) {
        return Reductions.firstMaximum(sizes, axes, x, out);
    }

    @Override
    public List<Step> multiply(Product product, Factors factors, Place a, Place b, Place c, Temporaries temporaries) {
        return Products.steps(product, factors, a, b, c, temporaries);
    }

    @Override
    public List<Step> multiplyAndSquare(
            Product product, boolean left, Place a, Place b, Place c, Place squares, Temporaries temporaries) {
        return Products.steps(product, left, a, b, c, squares, temporaries);
    }

    @Override
    public boolean goesByRows(Product product) {
        return Products.goesByRows(product, true);
    }

    @Override
    public List<Step> multiplyThen(
            Product product,
            Factors factors,
            Place a,
            Place b,
            Place c,
            @Nullable Place squares,
            List<RowWise> passes,
            Temporaries temporaries) {
        return Products.steps(product, factors, a, b, c, squares, passes, temporaries);
    }

    @Override
    public List<Step> convolve(
            Op.Conv op, int batch, int channels, int outputs, Place a, Place b, Place out, Temporaries temporaries) {
        return Convolutions.steps(op, batch, channels, outputs, a, b, out, temporaries);
    }

    @Override
    public List<Step> pool(Op.Pool op, int planes, Place x, @Nullable Place second, Place out) {
        return Pools.steps(op, planes, x, second, out);
    }

    @Override
    public List<Step> standardise(
            List<Integer> sizes, List<Integer> axes, double /*wide*/ epsilon, Place x, Place out) {
        return Normalisations.standardise(sizes, axes, epsilon, x, out);
    }

    @Override
    public List<Step> standardiseWith(
            List<Integer> sizes,
            List<Integer> axes,
            double /*wide*/ epsilon,
            Place x,
            Place mean,
            Place variance,
            Place out) {
        return Normalisations.standardiseWith(sizes, axes, epsilon, x, mean, variance, out);
    }

    @Override
    public List<Step> softmax(List<Integer> sizes, int axis, Place x, Place out) {
        return Softmax.steps(sizes, axis, x, out);
    }

    @Override
    public List<Step> copy(
            List<Integer> sizes, Place from, List<Integer> fromStrides, Place to, List<Integer> toStrides) {
        return Copies.steps(sizes, from, fromStrides, to, toStrides);
    }

    @Override
    public List<Step> gather(int outer, int length, int inner, List<Integer> indices, Place x, Place out) {
        return Places.gather(outer, length, inner, indices, x, out);
    }

    @Override
    public List<Step> scatter(int outer, int length, int inner, List<Integer> indices, Place x, Place out) {
        return Places.scatter(outer, length, inner, indices, x, out);
    }

    @Override
    public List<Step> put(List<Integer> places, Place x, Place out) {
        return Places.put(places, x, out);
    }

    @Override
    public List<Step> fill(Place to, int count, double /*wide*/ value) {
        return Copies.fill(to, count, value);
    }
}
