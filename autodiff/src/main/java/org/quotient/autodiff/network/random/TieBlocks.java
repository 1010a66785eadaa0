package org.quotient.autodiff.network.random;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Flow;

/** Layers in which edges of fixed weight or shared weights tie scales together. */
final class TieBlocks {
    private TieBlocks() {}

    /** relu(x + F(x)), or the pre-activation form x + F(relu(x)). */
    static Flow residual(Draft d, Flow x) {
        return d.activate(residualSum(d, d.dice.chance(0.7) ? d.activate(d.linear(x, d.width())) : x));
    }

    private static Flow residualSum(Draft d, Flow a) {
        Flow h = a;
        if (d.dice.chance(0.5)) {
            h = d.activate(d.linear(d.activate(a), d.width()));
        }
        return d.mark(Feature.RESIDUAL, sum(d, d.linear(h, Draft.channels(a)), a));
    }

    private static Flow sum(Draft d, Flow x, Flow y) {
        return d.net.flow(
                d.dice.chance(0.8) ? x.value().plus(y.value()) : x.value().minus(y.value()));
    }

    /** Both branches with weights: no tie. */
    static Flow weightedSkip(Draft d, Flow x) {
        Flow from = d.dice.pick(d.earlier);
        boolean fits = from.shape().rank() == x.shape().rank() && sameCells(from, x);
        Flow a = fits ? from : d.vector(from);
        Flow b = fits ? x : d.vector(x);
        int units = d.width();
        return d.activate(sum(d, d.linear(a, units), d.linear(b, units)));
    }

    /** Whether all axes but the channels agree. */
    private static boolean sameCells(Flow x, Flow y) {
        List<Integer> channel = List.of(Draft.axis(x));
        return x.shape().without(channel).equals(y.shape().without(channel));
    }

    /** The identity from any earlier value of the same shape, a network's input included. */
    static Flow longSkip(Draft d, Flow x) {
        List<Flow> same = d.earlier.stream()
                .filter(e -> e.shape().equals(x.shape()) && e.value() != x.value())
                .toList();
        return same.isEmpty() ? residual(d, x) : d.activate(d.mark(Feature.RESIDUAL, sum(d, x, d.dice.pick(same))));
    }

    /** y = relu(a + F(a)), z = relu(y + a + G(y)): identities a → y → z and a → z. */
    static Flow cyclicTies(Draft d, Flow x) {
        Flow a = d.dice.chance(0.8) ? d.activate(d.linear(x, d.width())) : x;
        int units = Draft.channels(a);
        Flow y = d.bend(sum(d, d.linear(a, units), a));
        Flow inner = sum(d, y, a);
        Flow z = d.dice.chance(0.6) ? sum(d, inner, d.linear(y, units)) : inner;
        d.mark(Feature.RESIDUAL, z);
        return d.activate(d.mark(Feature.CYCLIC_TIES, z));
    }

    /** One weight twice in series: the same layer again, a recurrence with inputs, or a weight and its transpose. */
    static Flow reused(Draft d, Flow x) {
        boolean dense = !Draft.isImage(x);
        if (dense && d.dice.chance(0.35)) {
            Draft.Linear w = d.weight(x, d.width());
            Flow h = d.bend(d.biased(w.apply(x)));
            return d.activate(d.mark(Feature.WEIGHT_REUSED_ALONG_A_PATH, w.applyTransposed(h)));
        }
        Flow a = Draft.channels(x) <= 3 && d.dice.chance(0.5) ? x : d.activate(d.linear(x, 1 + d.dice.below(2)));
        Draft.Linear w = d.weight(a, Draft.channels(a));
        boolean recurrence = d.dice.chance(0.3);
        Flow h = d.bend(w.apply(a));
        int times = 1 + d.dice.below(2);
        for (int i = 0; i < times; i++) {
            Flow next = d.mark(Feature.WEIGHT_REUSED_ALONG_A_PATH, w.apply(h));
            h = d.activate(recurrence ? d.net.flow(next.value().plus(a.value())) : next);
        }
        return h;
    }

    /** F(u) + F(v) or max(F(u), F(v)) with one F, u and v two other layers. */
    static Flow siamese(Draft d, Flow x) {
        int units = d.width();
        Flow u = d.activate(d.linear(x, units));
        Flow v = d.activate(d.linear(x, units));
        Draft.Linear w = d.weight(u, d.width());
        if (Draft.isImage(x) && d.dice.chance(0.3)) {
            v = u;
        }
        Expr left = d.activate(w.apply(u)).value();
        Expr right = d.activate(w.apply(v)).value();
        Expr joined = d.dice.chance(0.5) ? left.plus(right) : Ops.max(left, right);
        return d.mark(Feature.WEIGHT_SHARED_IN_PARALLEL, d.net.flow(joined));
    }

    /** A tensor beside itself, or a residual beside the value that it is tied to. */
    static Flow tiedConcat(Draft d, Flow x) {
        Flow a = d.activate(d.linear(x, d.width()));
        Flow b = a;
        if (d.dice.chance(0.6)) {
            b = d.bend(residualSum(d, a));
        }
        Flow both = d.net.flow(Ops.concat(Draft.axis(a), List.of(a.value(), b.value())));
        d.mark(Feature.CONCAT_OF_TIED_CHANNELS, both);
        d.fragile = true;
        return both;
    }

    /** A tensor beside a layer on it, as in DenseNet. */
    static Flow denseConcat(Draft d, Flow x) {
        Flow h = d.activate(d.linear(x, d.width()));
        return d.net.flow(Ops.concat(Draft.axis(x), List.of(x.value(), h.value())));
    }

    /** A layer that nothing uses. */
    static Flow deadBranch(Draft d, Flow x) {
        boolean fragile = d.fragile;
        d.activate(d.linear(x, d.width()));
        d.fragile = fragile;
        return x;
    }
}
