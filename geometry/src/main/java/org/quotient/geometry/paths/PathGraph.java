package org.quotient.geometry.paths;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import org.quotient.autodiff.network.Network;

/**
 * The unrolled forward graph of a network for one sample: every scalar element of every tensor holds a formal sum of
 * monomials in the parameter elements, its <em>paths</em> (trees of edges where activations multiply). The graph is cut at
 * operations that are not positively homogeneous: what they read are sinks, what they yield are sources with the monomial
 * 1, as are inputs and nonzero constants (biases start at the constant 1). Values do not matter, except that an element
 * that is structurally zero has no monomial.
 *
 * <p>Parameter elements are numbered by concatenating the network's parameters in order, each row-major. Immutable.
 */
public final class PathGraph {
    /** The largest number of terms unless said otherwise. */
    public static final long DEFAULT_BUDGET = 24_000_000;

    private final Terms terms;
    private final Sinks sinks;
    private final BitSet reached;

    private PathGraph(Terms terms, Sinks sinks) {
        this.terms = terms;
        this.reached = reached(terms, sinks);
        this.sinks = sinks.felt(reached);
    }

    /** The path graph of a network, of at most {@link #DEFAULT_BUDGET} terms; see {@link #of(Network, BitSet, long)}. */
    public static PathGraph of(Network network, BitSet removed) {
        return of(network, removed, DEFAULT_BUDGET);
    }

    /**
     * The path graph of a network.
     *
     * @param network any
     * @param removed parameter elements that act as structural zeros: idle ones, or those that are zero at a point
     * @param budget the largest number of terms, counting one for each product that a sum adds up
     * @throws TooLargeException before more terms than that are stored
     */
    public static PathGraph of(Network network, BitSet removed, long budget) {
        PathGraphBuilder builder = new PathGraphBuilder(network, (BitSet) removed.clone(), budget);
        return new PathGraph(builder.terms(), builder.sinks());
    }

    /**
     * The part of this graph whose monomials do not vanish where given parameter elements are zero. Unlike in {@link #of},
     * the sinks stay those of this graph: a cut still reads its operand if what it yields is multiplied by zero.
     *
     * @param zeros parameter elements
     */
    public PathGraph without(BitSet zeros) {
        Terms rest = new Terms(terms.parameters());
        int[] image = terms.copyWithout(zeros, rest);
        return new PathGraph(rest, sinks.at(image));
    }

    /**
     * The vertices from which a path leads to a sink, which counts only if what it causes is reached itself. All of them
     * hold a monomial, since others are never stored.
     */
    private static BitSet reached(Terms terms, Sinks sinks) {
        BitSet reached = new BitSet();
        Sinks.ByCause byCause = sinks.byCause(terms.vertices());
        mark(sinks, byCause, Sinks.ALWAYS, reached);
        int sums = terms.firstSum();
        for (int v = reached.length() - 1; v >= sums; v = reached.previousSetBit(v - 1)) {
            int end = terms.factorsFrom(terms.termsTo(v));
            for (int k = terms.factorsFrom(terms.termsFrom(v)); k < end; k++) {
                reached.set(terms.factor(k));
            }
            mark(sinks, byCause, v, reached);
        }
        return reached;
    }

    private static void mark(Sinks sinks, Sinks.ByCause byCause, int cause, BitSet reached) {
        for (int i = byCause.first(cause); i != Sinks.ByCause.END; i = byCause.next()[i]) {
            reached.set(sinks.vertex(i));
        }
    }

    Terms terms() {
        return terms;
    }

    Sinks sinks() {
        return sinks;
    }

    /** Whether a vertex is on the way to a sink. */
    boolean isReached(int vertex) {
        return reached.get(vertex);
    }

    /** The number of parameter elements, live or not. */
    public int parameterCount() {
        return terms.parameters();
    }

    /** The number of sinks that hold a monomial. */
    public int sinkCount() {
        return sinks.count();
    }

    /** Why paths end at a sink, numbered from 0. */
    public SinkKind sinkKind(int sink) {
        return sinks.kind(sink);
    }

    /** The group of a sink whose scale is free, from 0; −1 if the sink's scale is pinned. */
    public int scaleGroup(int sink) {
        return sinks.group(sink);
    }

    /** The number of groups of sinks that are known only up to one positive factor each. */
    public int scaleGroupCount() {
        return sinks.groupCount();
    }

    /**
     * The parameter elements that lie on a path to any sink: a network output, or what a cut, a normalisation or a slope
     * reads if the result is felt in turn.
     */
    public BitSet live() {
        int from = Terms.ofParameter(0);
        return reached.get(from, from + terms.parameters());
    }

    /** The number of paths: monomials, with repetition, that end at a sink that counts ({@link SinkKind#counted}). */
    public BigInteger pathCount() {
        Set<SinkKind> counted = EnumSet.allOf(SinkKind.class);
        counted.removeIf(kind -> !kind.counted());
        return pathCount(counted);
    }

    /** The number of monomials, with repetition, that end at sinks of the given kinds. */
    public BigInteger pathCount(Set<SinkKind> kinds) {
        BigInteger[] counts = monomialCounts();
        BigInteger total = BigInteger.ZERO;
        for (int i = 0; i < sinks.count(); i++) {
            if (kinds.contains(sinks.kind(i))) {
                total = total.add(counts[sinks.vertex(i)]);
            }
        }
        return total;
    }

    /** For each vertex its number of monomials, by dynamic programming; 0 where no sink is reached. */
    BigInteger[] monomialCounts() {
        BigInteger[] counts = new BigInteger[terms.vertices()];
        Arrays.fill(counts, BigInteger.ZERO);
        Arrays.fill(counts, Terms.ONE, terms.firstSum(), BigInteger.ONE);
        int v = reached.nextSetBit(terms.firstSum());
        for (; v >= 0; v = reached.nextSetBit(v + 1)) {
            BigInteger sum = BigInteger.ZERO;
            for (int t = terms.termsFrom(v); t < terms.termsTo(v); t++) {
                BigInteger product = BigInteger.ONE;
                for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
                    product = product.multiply(counts[terms.factor(k)]);
                }
                sum = sum.add(product);
            }
            counts[v] = sum;
        }
        return counts;
    }
}
