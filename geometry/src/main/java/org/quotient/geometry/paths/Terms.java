package org.quotient.geometry.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The vertices of a path graph. Vertex 0 holds no monomial, vertex 1 the monomial 1, vertex 2 + e the parameter element e
 * alone; the others hold sums of terms, each term a product of powers of earlier vertices. Flat arrays, because there may
 * be millions.
 */
final class Terms {
    static final int ZERO = 0;
    static final int ONE = 1;
    private static final int LEAVES = 2;

    private final int parameters;
    private final IntList firstTerm = new IntList();
    private final IntList firstFactor = new IntList();
    private final IntList factors = new IntList();
    private byte[] degrees = new byte[16];
    private final List<Degree> degreeTable = new ArrayList<>(List.of(Degree.ONE));

    Terms(int parameters) {
        this.parameters = parameters;
        firstTerm.add(0);
        firstFactor.add(0);
    }

    // ---- Reading

    int parameters() {
        return parameters;
    }

    static int ofParameter(int element) {
        return LEAVES + element;
    }

    /** The first vertex that is a sum of terms; those before are leaves. */
    int firstSum() {
        return LEAVES + parameters;
    }

    /** All vertices, leaves included. */
    int vertices() {
        return firstSum() + firstTerm.size() - 1;
    }

    boolean isParameter(int vertex) {
        return vertex >= LEAVES && vertex < firstSum();
    }

    /** The element of a parameter's vertex. */
    static int element(int vertex) {
        return vertex - LEAVES;
    }

    int termCount() {
        return firstFactor.size() - 1;
    }

    int termsFrom(int vertex) {
        return firstTerm.get(vertex - firstSum());
    }

    int termsTo(int vertex) {
        return firstTerm.get(vertex - firstSum() + 1);
    }

    int factorsFrom(int term) {
        return firstFactor.get(term);
    }

    int factorsTo(int term) {
        return firstFactor.get(term + 1);
    }

    int factor(int position) {
        return factors.get(position);
    }

    Degree degree(int position) {
        return degreeTable.get(degrees[position]);
    }

    // ---- Writing

    /** Adds the term a^da · b^db to the vertex under construction; neither factor is {@link #ZERO}. */
    void addTerm(int a, Degree da, int b, Degree db) {
        addFactor(a, da);
        addFactor(b, db);
        firstFactor.add(factors.size());
    }

    private void addFactor(int vertex, Degree degree) {
        if (vertex == ONE) {
            return;
        }
        if (factors.size() == degrees.length) {
            degrees = Arrays.copyOf(degrees, (int) Math.min(Integer.MAX_VALUE - 8, degrees.length * 3L / 2));
        }
        degrees[factors.size()] = (byte) indexOf(degree);
        factors.add(vertex);
    }

    private int indexOf(Degree degree) {
        int index = degreeTable.indexOf(degree);
        if (index < 0) {
            index = degreeTable.size();
            if (index > Byte.MAX_VALUE) {
                throw new IllegalStateException("A path graph holds at most 128 different exponents");
            }
            degreeTable.add(degree);
        }
        return index;
    }

    /**
     * Adds the monomials in which none of the given parameter elements occurs to an empty store.
     *
     * @return for each vertex its image there
     */
    int[] copyWithout(BitSet zeros, Terms to) {
        int[] image = new int[vertices()];
        image[ONE] = ONE;
        for (int e = 0; e < parameters; e++) {
            image[ofParameter(e)] = zeros.get(e) ? ZERO : ofParameter(e);
        }
        for (int v = firstSum(); v < image.length; v++) {
            for (int t = termsFrom(v); t < termsTo(v); t++) {
                boolean vanishes = false;
                for (int k = factorsFrom(t); k < factorsTo(t); k++) {
                    vanishes |= image[factor(k)] == ZERO;
                }
                for (int k = factorsFrom(t); k < factorsTo(t) && !vanishes; k++) {
                    to.addFactor(image[factor(k)], degree(k));
                }
                if (!vanishes) {
                    to.firstFactor.add(to.factors.size());
                }
            }
            image[v] = to.close();
        }
        return image;
    }

    /** A vertex of its own that holds the monomial 1: what an operation that cuts the graph yields. */
    int source() {
        firstFactor.add(factors.size());
        return closeAsItIs();
    }

    /** A vertex of its own with the monomials of another; {@link #ZERO} stays what it is. */
    int copy(int vertex) {
        if (vertex == ZERO) {
            return ZERO;
        }
        addTerm(vertex, Degree.ONE, ONE, Degree.ONE);
        return closeAsItIs();
    }

    private int closeAsItIs() {
        firstTerm.add(termCount());
        return vertices() - 1;
    }

    /**
     * Closes the vertex under construction. A vertex that is a mere copy of an earlier one becomes that one.
     *
     * @return the vertex
     */
    int close() {
        int from = firstTerm.last();
        int to = termCount();
        if (from == to) {
            return ZERO;
        }
        int first = factorsFrom(from);
        int count = factorsTo(from) - first;
        boolean copy =
                to == from + 1 && (count == 0 || (count == 1 && degree(first).isOne()));
        if (!copy) {
            return closeAsItIs();
        }
        int original = count == 0 ? ONE : factor(first);
        firstFactor.truncate(from + 1);
        factors.truncate(first);
        return original;
    }
}
