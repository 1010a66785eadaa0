package org.quotient.geometry.paths;

import java.util.List;

/**
 * The rank of the path vectors without enumerating a path: live parameters minus the dimension of the rescalings that
 * respect every term, by exact sparse elimination. The unknowns are φ_v for each live vertex and δ_e for each live parameter
 * element; each term of a live vertex says φ_v = Σ degree·φ_factor + Σ degree·δ_e; sources and pinned sinks have φ = 0, the
 * members of a scale group a common φ. Since δ determines every φ, the dimension of this system is that of its δ-part.
 *
 * @param parameters all parameter elements
 * @param live those on a path
 * @param symmetries the dimension of the space of δ
 * @param rank live − symmetries
 * @param exact whether {@code rank} is proven; it is a proven lower bound in any case
 * @param primes the primes used; while {@code exact}, no residue differed from the integer
 */
public record EliminatedRank(int parameters, int live, int symmetries, int rank, boolean exact, List<Integer> primes) {

    /** Copies the list. */
    public EliminatedRank {
        primes = List.copyOf(primes);
    }

    /**
     * The rank of a graph.
     *
     * @param graph any
     */
    public static EliminatedRank of(PathGraph graph) {
        int live = graph.live().cardinality();
        Elimination first = new Elimination(graph, new Residues(Residues.FIRST_PRIME));
        int symmetries = first.symmetries();
        List<Integer> primes = List.of(Residues.FIRST_PRIME);
        if (!first.exact()) {
            Elimination second = new Elimination(graph, new Residues(Residues.SECOND_PRIME));
            symmetries = Math.min(symmetries, second.symmetries());
            primes = List.of(Residues.FIRST_PRIME, Residues.SECOND_PRIME);
        }
        return new EliminatedRank(graph.parameterCount(), live, symmetries, live - symmetries, first.exact(), primes);
    }
}
