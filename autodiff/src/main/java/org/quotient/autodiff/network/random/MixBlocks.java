package org.quotient.autodiff.network.random;

import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Law;

/** Layers for any shape: weights, products, normalisation, pooling over units, attention. */
final class MixBlocks {
    private static final Law MEANS = new Law.Among(List.of(-1.0, -0.5, 0.5, 1.0));
    private static final Law VARIANCES = new Law.Among(List.of(0.25, 1.0, 2.0, 4.0));

    private MixBlocks() {}

    static Flow layer(Draft d, Flow x) {
        return d.activate(d.linear(x, d.width()));
    }

    /** The product of two layers' values, one of them perhaps squared, or of one with a linear form. */
    static Flow gate(Draft d, Flow x) {
        int units = d.width();
        Flow u = d.activate(d.linear(x, units));
        if (d.dice.chance(0.15)) {
            return d.mark(Feature.PRODUCT_OF_ACTIVATIONS, d.net.flow(u.value().times(u.value())));
        }
        Flow v = d.dice.chance(0.5) ? d.linear(x, units) : d.activate(d.linear(x, units));
        if (u.shape().rank() == 2 && d.dice.chance(0.2)) {
            Flow outer = d.net.flow(Ops.einsum("ni,nj->nij", u.value(), v.value()));
            return d.mark(Feature.PRODUCT_OF_ACTIVATIONS, d.vector(outer));
        }
        return d.mark(Feature.PRODUCT_OF_ACTIVATIONS, d.net.flow(u.value().times(v.value())));
    }

    /** Normalisation, mostly of a layer's values, with γ and β. */
    static Flow normalise(Draft d, Flow before) {
        Flow x = d.dice.chance(0.7) ? d.linear(before, 1 + d.width()) : before;
        boolean tokens = x.shape().rank() == 3;
        boolean layerNorm = tokens || (!Draft.isImage(x) && Draft.channels(x) > 1 && d.dice.chance(0.4));
        int width = Draft.channels(x);
        String name = d.next("norm");
        Expr gamma = d.net.parameter(name + ".weight", Draft.WEIGHTS, width);
        Expr beta = d.net.parameter(name + ".bias", Draft.WEIGHTS, width);
        Expr y;
        if (layerNorm) {
            y = Layers.layerNorm(x.value(), gamma, beta, d.epsilon);
        } else if (d.dice.chance(0.5)) {
            y = Layers.batchNorm(x.value(), gamma, beta, d.epsilon);
        } else {
            Expr mean = d.net.buffer(name + ".running_mean", MEANS, width);
            Expr variance = d.net.buffer(name + ".running_var", VARIANCES, width);
            y = Layers.batchNorm(x.value(), gamma, beta, mean, variance, d.epsilon);
        }
        return d.activate(d.mark(Feature.NORMALISATION, d.net.flow(y)));
    }

    /** Maximum or mean over groups of channels (maxout), or the larger of two layers. */
    static Flow poolUnits(Draft d, Flow before) {
        if (d.dice.chance(0.2)) {
            int units = d.width();
            Expr larger = Ops.max(
                    d.linear(before, units).value(), d.linear(before, units).value());
            return d.mark(Feature.POOL_OVER_UNITS, d.net.flow(larger));
        }
        Flow x = d.wide(before);
        int axis = Draft.axis(x);
        int channels = Draft.channels(x);
        int groups = channels == 4 && d.dice.chance(0.6) ? 2 : channels == 6 ? 2 : 1;
        int[] sizes = x.shape().sizes();
        int[] split = new int[sizes.length + 1];
        System.arraycopy(sizes, 0, split, 0, axis);
        split[axis] = groups;
        split[axis + 1] = channels / groups;
        System.arraycopy(sizes, axis + 1, split, axis + 2, sizes.length - axis - 1);
        Expr grouped = Ops.reshape(x.value(), Shape.of(split));
        Expr pooled = d.dice.chance(0.6) ? Ops.maxOver(grouped, axis + 1) : Ops.mean(grouped, axis + 1);
        return d.mark(Feature.POOL_OVER_UNITS, d.net.flow(pooled));
    }

    /** Some of the channels, rows, columns or tokens. */
    static Flow slice(Draft d, Flow before) {
        Flow x = d.fragile ? d.activate(d.linear(before, 1 + d.width())) : before;
        if (Draft.elements(x) == 1 || d.dice.chance(0.3)) {
            x = d.wide(x);
        }
        List<Integer> axes = axesLongerThanOne(x);
        int axis = d.dice.pick(axes);
        int n = x.shape().size(axis);
        int kept = 1 + d.dice.below(n - 1);
        if (n > 2 && d.dice.chance(0.25)) {
            return d.mark(Feature.SLICE, d.net.flow(Ops.slice(x.value(), axis, d.dice.below(2), n, 2)));
        }
        int start = d.dice.below(n - kept + 1);
        return d.mark(Feature.SLICE, d.net.flow(Ops.slice(x.value(), axis, start, start + kept)));
    }

    private static List<Integer> axesLongerThanOne(Flow x) {
        return IntStream.range(1, x.shape().rank())
                .filter(i -> x.shape().size(i) > 1)
                .boxed()
                .toList();
    }

    /** softmax(Q Kᵀ/c) V on two to four tokens, often with an output layer and the identity beside it. */
    static Flow attention(Draft d, Flow before) {
        Flow x = d.tokens(before);
        int inner = 1 + d.dice.below(2);
        Expr q = d.linear(x, inner).value();
        Expr k = d.linear(x, inner).value();
        Flow v = d.linear(x, d.dice.chance(0.5) ? Draft.channels(x) : d.width());
        Expr scores = Ops.einsum("nsd,ntd->nst", q, k).times(0.5);
        Flow mixed = d.net.flow(Ops.einsum("nst,ntd->nsd", Ops.softmax(scores, 2), v.value()));
        d.mark(Feature.PRODUCT_OF_ACTIVATIONS, d.mark(Feature.ATTENTION, mixed));
        if (d.dice.chance(0.6)) {
            mixed = d.linear(mixed, Draft.channels(x));
        }
        return mixed.shape().equals(x.shape()) && d.dice.chance(0.6)
                ? d.mark(Feature.RESIDUAL, d.net.flow(mixed.value().plus(x.value())))
                : mixed;
    }

    /** A factor, a sign or an offset that nobody trains. */
    static Flow constant(Draft d, Flow x) {
        int channels = Draft.channels(x);
        if (d.dice.chance(0.3)) {
            return d.mark(Feature.FIXED_OFFSET, d.net.flow(x.value().plus(1)));
        }
        if (d.dice.chance(0.3)) {
            return d.net.flow(x.value().neg());
        }
        Expr factors = Expr.constant(Tensor.fill(Shape.of(channels), x.value().dtype(), i -> i % 2 == 0 ? 2 : -0.5));
        return d.net.flow(Layers.alongAxis(factors, x.value(), Draft.axis(x)).times(x.value()));
    }

    /** Channels in another order, some perhaps twice. */
    static Flow gather(Draft d, Flow before) {
        Flow x = d.wide(before);
        int channels = Draft.channels(x);
        int[] indices = new int[channels];
        int turn = d.dice.below(channels);
        for (int i = 0; i < channels; i++) {
            indices[i] = (i + turn) % channels;
        }
        if (!d.fragile && d.dice.chance(0.4)) {
            indices[0] = indices[channels - 1];
            d.mark(Feature.SLICE, x); // the channel that is no longer taken
        }
        return d.net.flow(Ops.gather(x.value(), Draft.axis(x), indices));
    }
}
