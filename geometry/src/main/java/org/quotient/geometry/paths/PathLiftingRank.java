package org.quotient.geometry.paths;

import java.util.BitSet;
import org.quotient.autodiff.network.Network;

/**
 * The rank of ∂Φ(θ), the Jacobian of all path values in all parameters, at a point with zeros, without enumeration.
 *
 * <p>The derivative of a monomial in θ_i is not 0 only if no other of its parameters is 0. So the monomials free of zeros
 * give the rank of the path vectors of the graph without the zero parameters. A parameter that is zero itself contributes
 * through monomials in which it occurs once and no other zero occurs; these belong to no other parameter, so each such
 * parameter adds exactly 1. (Compare Theorem 3 of the basis-path papers: fan-in or fan-out of a unit all zero.) Sinks of a
 * scale group count up to the group's scale, and slopes as coordinates, as everywhere here.
 *
 * @param nonzeroRank the rank of the path vectors of the graph without the zero parameters
 * @param revived how many zero parameters have a monomial as described. Exponents that arise from roots and powers are
 *     followed as they stand: a parameter inside a power other than 1 is not counted
 * @param exact whether {@code nonzeroRank} is proven; it is a proven lower bound in any case
 */
public record PathLiftingRank(int nonzeroRank, int revived, boolean exact) {

    /** The rank of ∂Φ. */
    public int rank() {
        return nonzeroRank + revived;
    }

    /**
     * The rank of ∂Φ at any point with given zeros.
     *
     * @param network any
     * @param zeros the parameter elements that are zero
     * @throws TooLargeException beyond {@link PathGraph#DEFAULT_BUDGET} terms
     */
    public static int rankOfPathLifting(Network network, BitSet zeros) {
        return of(PathGraph.of(network, new BitSet()), zeros).rank();
    }

    /**
     * The rank of ∂Φ and its parts.
     *
     * @param graph the path graph whose monomials are the coordinates of Φ; elements removed from it are no coordinates of θ
     * @param zeros the parameter elements that are zero
     */
    public static PathLiftingRank of(PathGraph graph, BitSet zeros) {
        EliminatedRank nonzero = EliminatedRank.of(graph.without(zeros));
        return new PathLiftingRank(nonzero.rank(), revived(graph, zeros), nonzero.exact());
    }

    private static int revived(PathGraph graph, BitSet zeros) {
        Terms terms = graph.terms();
        BitSet zeroFree = zeroFree(terms, zeros);
        BitSet once = new BitSet();
        for (int i = 0; i < graph.sinks().count(); i++) {
            once.set(graph.sinks().vertex(i));
        }
        for (int v = once.length() - 1; v >= terms.firstSum(); v = once.previousSetBit(v - 1)) {
            for (int t = terms.termsFrom(v); t < terms.termsTo(v); t++) {
                passOn(terms, t, zeroFree, once);
            }
        }
        int from = Terms.ofParameter(0);
        BitSet parameters = once.get(from, from + terms.parameters());
        parameters.and(zeros);
        return parameters.cardinality();
    }

    /** The vertices with a monomial in which no zero occurs. */
    private static BitSet zeroFree(Terms terms, BitSet zeros) {
        BitSet zeroFree = new BitSet(terms.vertices());
        zeroFree.set(Terms.ONE);
        for (int e = 0; e < terms.parameters(); e++) {
            zeroFree.set(Terms.ofParameter(e), !zeros.get(e));
        }
        for (int v = terms.firstSum(); v < terms.vertices(); v++) {
            for (int t = terms.termsFrom(v); t < terms.termsTo(v) && !zeroFree.get(v); t++) {
                zeroFree.set(v, blocked(terms, t, zeroFree) == 0);
            }
        }
        return zeroFree;
    }

    /** How many factors of a term have zeros in all their monomials. */
    private static int blocked(Terms terms, int t, BitSet zeroFree) {
        int count = 0;
        for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
            count += zeroFree.get(terms.factor(k)) ? 0 : 1;
        }
        return count;
    }

    /** Marks the factors of a term whose fellow factors can all be free of zeros. */
    private static void passOn(Terms terms, int t, BitSet zeroFree, BitSet once) {
        int blocked = blocked(terms, t, zeroFree);
        for (int k = terms.factorsFrom(t); k < terms.factorsTo(t); k++) {
            int others = blocked - (zeroFree.get(terms.factor(k)) ? 0 : 1);
            if (others == 0 && terms.degree(k).isOne()) {
                once.set(terms.factor(k));
            }
        }
    }
}
