package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * A piecewise polynomial network as one polynomial: ReLU, PReLU, |·| and maxima are products with masks, and the masks are
 * variables. Where {@link org.quotient.autodiff.network.Freeze} writes the masks of given points into a graph as constants, here
 * one graph serves all points, so that derivatives are formed once; and as masks are variables, identities that hold for all masks
 * can be tested (see the span bound).
 *
 * <p>The graph is in a normal form in double precision: variables, constants, −, +, −, ·, /, sums over axes, Einstein sums and
 * moves. Convolutions and pools are written over slices. What depends on no input and no parameter (such as √(variance + ε) with
 * running statistics) is a number: the double that it evaluates to, taken as exact from then on. A detached value counts as the
 * value: derivatives here are those of the function.
 *
 * <p>The last operation of an output may be a softmax, log-softmax or a strictly monotone function of one number; it is taken
 * off, see {@link Head}.
 *
 * @param network the network it was made from
 * @param inputs the inputs, in double precision
 * @param parameters the parameters, in double precision
 * @param heads the outputs
 * @param kinks where the network chooses, each after those that its argument depends on
 * @param segments for each kink the nodes that its argument needs beyond those of kinks before, and last those of the outputs
 */
public record MaskedNetwork(
        Network network,
        List<Expr> inputs,
        List<Expr> parameters,
        List<Head> heads,
        List<Kink> kinks,
        List<List<Expr>> segments) {

    /**
     * The masked form of a network.
     *
     * @param network whose outputs have one sample along each index of the batch axis
     * @param weights of which only the buffers are read
     * @throws IllegalArgumentException naming the operation, if one is not piecewise polynomial or combines samples
     */
    public static MaskedNetwork of(Network network, Weights weights) {
        return new MaskedBuilder(network, weights).build();
    }

    static List<List<Expr>> segments(List<Kink> kinks, List<Head> heads) {
        Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<List<Expr>> segments = new ArrayList<>();
        for (Kink kink : kinks) {
            segments.add(fresh(List.of(kink.argument()), seen));
        }
        segments.add(fresh(heads.stream().map(Head::value).toList(), seen));
        return List.copyOf(segments);
    }

    private static List<Expr> fresh(List<Expr> targets, Set<Expr> seen) {
        return Graph.topological(targets).stream().filter(seen::add).toList();
    }

    /** The expressions of the outputs. */
    public List<Expr> values() {
        return heads.stream().map(Head::value).toList();
    }

    /** Rows of the Jacobian per sample: as many as the outputs have elements, less those that softmax removes. */
    public int rowsPerSample() {
        return heads.stream().mapToInt(h -> h.directions().size()).sum();
    }
}
