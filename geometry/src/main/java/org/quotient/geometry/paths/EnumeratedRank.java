package org.quotient.geometry.paths;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rank of the path vectors by writing every path down: the test oracle.
 *
 * <p>A symmetry is a vector δ on the live parameters with δ·m = 0 for every monomial m that ends at a pinned sink, and
 * δ·m = t_g, one number for each group g, for those that end in a scale group. Equivalently (δ, t) is a null vector of the
 * matrix with rows [m | 0] and [m | −e_g]; no null vector has δ = 0, so symmetries = live + groups − rank of that matrix.
 *
 * @param parameters all parameter elements
 * @param live those on a path
 * @param monomials how many monomials there are, with repetition, pinned slopes included
 * @param distinct how many different path vectors end at sinks that count
 * @param rank live − symmetries: without scale groups the rank of the matrix of path vectors (with slopes)
 * @param binaryRank the same over the field of two elements; it has a meaning where exponents are whole
 * @param exact whether {@code rank} is proven; otherwise it is a proven lower bound that two primes agree on or the larger
 *     of their two results
 * @param primes the primes used; while {@code exact}, no residue differed from the integer
 */
public record EnumeratedRank(
        int parameters,
        int live,
        long monomials,
        int distinct,
        int rank,
        int binaryRank,
        boolean exact,
        List<Integer> primes) {

    /** The largest number of monomials unless said otherwise. */
    public static final long DEFAULT_LIMIT = 200_000;

    /** Copies the list. */
    public EnumeratedRank {
        primes = List.copyOf(primes);
    }

    /** The dimension of the space of symmetries. */
    public int symmetries() {
        return live - rank;
    }

    /** The rank of a graph with at most {@link #DEFAULT_LIMIT} paths; see {@link #of(PathGraph, long)}. */
    public static EnumeratedRank of(PathGraph graph) {
        return of(graph, DEFAULT_LIMIT);
    }

    /**
     * The rank of a graph.
     *
     * @param graph any
     * @param limit the largest number of monomials
     * @throws TooLargeException if there are more
     */
    public static EnumeratedRank of(PathGraph graph, long limit) {
        record Row(PathVector vector, int group) {}
        Set<Row> rows = new HashSet<>();
        Set<PathVector> paths = new HashSet<>();
        long[] count = {0};
        Monomials.of(graph, limit).stream().forEach(m -> {
            rows.add(new Row(m.vector(), m.group()));
            count[0]++;
            if (m.kind().counted()) {
                paths.add(m.vector());
            }
        });
        int width = graph.parameterCount() + graph.scaleGroupCount();
        List<long[]> matrix = rows.stream()
                .map(r -> {
                    long[] entries = new long[width];
                    for (int i = 0; i < r.vector().size(); i++) {
                        entries[r.vector().element(i)] = r.vector().exponent(i);
                    }
                    if (r.group() >= 0) {
                        entries[graph.parameterCount() + r.group()] = -1;
                    }
                    return entries;
                })
                .toList();
        Residues first = new Residues(Residues.FIRST_PRIME);
        int rank = rank(matrix, first);
        List<Integer> primes = List.of(Residues.FIRST_PRIME);
        if (!first.exact()) {
            rank = Math.max(rank, rank(matrix, new Residues(Residues.SECOND_PRIME)));
            primes = List.of(Residues.FIRST_PRIME, Residues.SECOND_PRIME);
        }
        int groups = graph.scaleGroupCount();
        return new EnumeratedRank(
                graph.parameterCount(),
                graph.live().cardinality(),
                count[0],
                paths.size(),
                rank - groups,
                rank(matrix, new Residues(2)) - groups,
                first.exact(),
                primes);
    }

    private static int rank(List<long[]> matrix, Residues residues) {
        Echelon echelon = new Echelon(residues);
        matrix.forEach(echelon::add);
        return echelon.rank();
    }
}
