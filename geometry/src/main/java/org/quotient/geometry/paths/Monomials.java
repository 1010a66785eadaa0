package org.quotient.geometry.paths;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.commons.math3.util.ArithmeticUtils;

/**
 * The paths of a small network one by one, made from their numbers when asked for: the counts of monomials at the vertices
 * are the radices of a mixed number system.
 */
public final class Monomials {
    private final PathGraph graph;
    private final Terms terms;
    private final BigInteger[] counts;
    private final int scale;

    private Monomials(PathGraph graph, BigInteger[] counts) {
        this.graph = graph;
        this.terms = graph.terms();
        this.counts = counts;
        this.scale = commonDenominator();
    }

    /**
     * The paths of a graph.
     *
     * @param graph any
     * @param limit the largest number of monomials, at all sinks together
     * @throws TooLargeException if there are more
     */
    public static Monomials of(PathGraph graph, long limit) {
        BigInteger[] counts = graph.monomialCounts();
        BigInteger total = BigInteger.ZERO;
        for (int i = 0; i < graph.sinkCount(); i++) {
            total = total.add(counts[graph.sinks().vertex(i)]);
        }
        if (total.compareTo(BigInteger.valueOf(limit)) > 0) {
            long reached = total.bitLength() < 64 ? total.longValueExact() : Long.MAX_VALUE;
            throw new TooLargeException(
                    "The network has " + total + " paths, and at most " + limit
                            + " were to be enumerated; EliminatedRank" + " needs no enumeration",
                    reached);
        }
        return new Monomials(graph, counts);
    }

    /** What exponents are multiplied by to make them whole: 1 unless roots occur. */
    public int scale() {
        return scale;
    }

    /** All monomials, with repetition, sink by sink; lazy. */
    public Stream<Monomial> stream() {
        return IntStream.range(0, graph.sinkCount()).boxed().flatMap(sink -> {
            long count = counts[graph.sinks().vertex(sink)].longValueExact();
            return LongStream.range(0, count).mapToObj(i -> monomial(sink, i));
        });
    }

    private Monomial monomial(int sink, long number) {
        Map<Integer, Integer> exponents = new TreeMap<>();
        multiply(graph.sinks().vertex(sink), number, scale, exponents);
        exponents.values().removeIf(e -> e == 0);
        int[] elements = exponents.keySet().stream().mapToInt(Integer::intValue).toArray();
        int[] values = exponents.values().stream().mapToInt(Integer::intValue).toArray();
        return new Monomial(new PathVector(elements, values), sink, graph.sinkKind(sink), graph.scaleGroup(sink));
    }

    /** Multiplies by monomial {@code number} of a vertex to the power {@code power}. */
    private void multiply(int vertex, long number, int power, Map<Integer, Integer> exponents) {
        if (vertex == Terms.ONE) {
            return;
        }
        if (terms.isParameter(vertex)) {
            exponents.merge(Terms.element(vertex), power, Math::addExact);
            return;
        }
        int term = terms.termsFrom(vertex);
        long rest = number;
        for (long size = size(term); rest >= size; size = size(term)) {
            rest -= size;
            term++;
        }
        for (int k = terms.factorsFrom(term); k < terms.factorsTo(term); k++) {
            int factor = terms.factor(k);
            long radix = counts[factor].longValueExact();
            Degree degree = terms.degree(k);
            int next = Math.multiplyExact(power, degree.numerator()) / degree.denominator();
            multiply(factor, rest % radix, next, exponents);
            rest /= radix;
        }
    }

    private long size(int term) {
        long product = 1;
        for (int k = terms.factorsFrom(term); k < terms.factorsTo(term); k++) {
            product *= counts[terms.factor(k)].longValueExact();
        }
        return product;
    }

    /** The least number that makes every exponent whole, whichever way a parameter takes to a sink. */
    private int commonDenominator() {
        int[] denominator = new int[terms.vertices()];
        Arrays.fill(denominator, 1);
        for (int v = terms.firstSum(); v < denominator.length; v++) {
            int end = terms.factorsFrom(terms.termsTo(v));
            for (int k = terms.factorsFrom(terms.termsFrom(v)); graph.isReached(v) && k < end; k++) {
                int one = Math.multiplyExact(terms.degree(k).denominator(), denominator[terms.factor(k)]);
                denominator[v] = ArithmeticUtils.lcm(denominator[v], one);
            }
        }
        int common = 1;
        for (int i = 0; i < graph.sinkCount(); i++) {
            common = ArithmeticUtils.lcm(common, denominator[graph.sinks().vertex(i)]);
        }
        return common;
    }
}
